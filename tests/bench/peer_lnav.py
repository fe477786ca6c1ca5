"""lnav on the same files. It reads them anew at each start; then one process of it is asked one question after another.

Asked once each, with a time limit: it looks at every line.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from tests.bench.long_history import LongHistory
    from tests.bench.place import Place

LOAD_LIMIT_S: Final = 1_800.0
"""How long it may take to read the files."""
_LOOK_EVERY_S: Final = 0.1
_NOW: Final = ";SELECT julianday('now') * 86400.0"
_TEXTS: Final = (
    *("event_id", "event_type", "agent_id", "user_id", "tenant_id", "host", "tool", "server", "status", "model"),
    *("request_id", "session_id", "trace_id", "span_id", "parent_id", "call_id"),
)
_LINE: Final = ("event_type", "agent_id", "user_id", "tool", "status", "message")


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of it: a time and the events' times (UTC microseconds, newest first) for each answered question.

    `load_s` is None where the files were not read in time; then nothing is answered.
    """

    load_s: float | None = None
    answers: dict[str, tuple[float, list[int]]] = field(default_factory=dict[str, tuple[float, list[int]]])


def installed() -> bool:
    """Return whether there is an lnav."""
    return shutil.which("lnav") is not None


def ask(place: Place, made: LongHistory, asked: Sequence[tuple[str, str]], limit: int, limit_s: float) -> Asked:
    """Ask for the newest `limit` events of each (name, condition), at most `limit_s` seconds a question.

    A question that takes longer has no answer, and the next ones are asked in another process.
    """
    folder = place.folder / "lnav"
    _write_format(folder)
    left, load_s = list(asked), None
    answers: dict[str, tuple[float, list[int]]] = {}
    while left:
        out = folder / f"answers-{len(left)}"
        out.mkdir()
        with _running(place, made, _commands(out, [condition for _, condition in left], limit), out):
            began_s = time.monotonic()
            if not _await(out / "asked-0.csv", LOAD_LIMIT_S):
                return Asked(load_s, answers)
            load_s = load_s or time.monotonic() - began_s
            done = _answers(out, [name for name, _ in left], limit_s)
        answers |= done
        left = left[len(done) + 1 :]
    return Asked(load_s, answers)


def _answers(out: Path, names: Sequence[str], limit_s: float) -> dict[str, tuple[float, list[int]]]:
    """Return the answers as far as they come in time."""
    found: dict[str, tuple[float, list[int]]] = {}
    for number, name in enumerate(names, 1):
        print(f"search: lnav, {name}", file=sys.stderr)
        if not _await(out / f"asked-{number}.csv", limit_s):
            print(f"search: lnav took more than {limit_s:.0f} s for {name}", file=sys.stderr)
            break
        taken = _seconds(out / f"asked-{number}.csv") - _seconds(out / f"asked-{number - 1}.csv")
        found[name] = taken, _times(out / f"answer-{number}.csv")
    return found


def _commands(out: Path, conditions: Sequence[str], limit: int) -> list[str]:
    """Return what to do one after another; one without an answer fails, and the next is done all the same."""
    commands = [_NOW, f":write-csv-to {out}/asked-0.csv"]
    for number, condition in enumerate(conditions, 1):
        shown = "log_time, event_type, agent_id, user_id, tenant_id, tool, server, model, status, duration_ms, log_body"
        commands += [
            f";SELECT {shown} FROM auditail_log WHERE {condition} ORDER BY log_time DESC LIMIT {limit}",
            f":write-csv-to {out}/answer-{number}.csv",
            _NOW,
            f":write-csv-to {out}/asked-{number}.csv",
        ]
    return commands


@contextmanager
def _running(place: Place, made: LongHistory, commands: Sequence[str], out: Path) -> Generator[None]:
    told = [part for each in commands for part in ("-c", each)]
    command = ["lnav", "-n", "-q", "-I", str(out.parent), *told, *map(str, made.files)]
    with (out / "said.txt").open("wb") as said:
        process = subprocess.Popen(
            command, env=place.environment, cwd=place.folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
    try:
        yield
    finally:
        process.kill()  # it may be looking at lines for minutes, and has nothing to lose
        process.wait()


def _await(path: Path, limit_s: float) -> bool:
    """Return whether a whole line stands in the file within so many seconds."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if path.exists() and path.read_text().count("\n") > 1:
            return True
        time.sleep(_LOOK_EVERY_S)
    return False


def _seconds(path: Path) -> float:
    return float(path.read_text().splitlines()[1])


def _times(path: Path) -> list[int]:
    """Return the events' times; without an answer lnav writes no file."""
    if not path.exists():
        return []
    with path.open(newline="") as lines:
        stamps = [row["log_time"] for row in csv.DictReader(lines)]
    return [round(datetime.fromisoformat(stamp).replace(tzinfo=UTC).timestamp() * 1_000_000) for stamp in stamps]


def _write_format(folder: Path) -> None:
    """Tell lnav what our lines are."""
    values: dict[str, dict[str, Any]] = {name: {"kind": "string", "identifier": True} for name in _TEXTS}
    values |= {name: {"kind": "integer"} for name in ("input_tokens", "output_tokens", "cost_microusd")}
    values |= {"duration_ms": {"kind": "float"}, "message": {"kind": "string"}, "metadata": {"kind": "json"}}
    line: list[Any] = [{"field": "__timestamp__"}]
    for name in _LINE:
        line += [" ", {"field": name, "default-value": "-"}]
    described = {
        "title": "auditail",
        "description": "Events as JSON lines",
        "json": True,
        "file-pattern": r"events-.*\.jsonl",
        "ordered-by-time": False,  # else a late line gets the time of the one before it
        "hide-extra": True,
        "timestamp-field": "timestamp",
        "body-field": "message",
        "level-field": "status",
        "level": {"error": "^(failure|timeout|denied)$"},
        "line-format": line,
        "value": values,
    }
    target = folder / "formats" / "auditail"
    target.mkdir(parents=True)
    schema = "https://lnav.org/schemas/format-v1.schema.json"
    (target / "format.json").write_text(json.dumps({"$schema": schema, "auditail_log": described}))
