"""How long a person waits: from a file to its row on the terminal, and from a key to its answer."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import orjson

from tests.bench.figures import middle, percentile, print_table
from tests.bench.place import AUDITAIL
from tests.bench.terminal import Silence, Terminal
from tests.bench.traffic import traffic

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.bench.place import Place

COLUMNS: Final = 160
ROWS: Final = 45
TALL: Final = 100
"""Rows of the terminal for arrivals: at 1,000 events/s a row must not have scrolled by before it is painted."""
PROBES: Final = 100
LAPS: Final = 25
SETTLE_S: Final = 4.0


@dataclass(frozen=True, slots=True)
class Step:
    """A key, and bytes that cannot come without it."""

    name: str
    keys: bytes
    answer: bytes


STEPS: Final = (
    Step("pause", b" ", b"paused"),
    Step("cursor up", b"\x1b[A", "▌".encode()),
    Step("cursor down", b"\x1b[B", "▌".encode()),
    Step("newest, follow", b"\x1b[F", b"following"),
)


def drop_probe(folder: Path, number: int) -> tuple[float, bytes]:
    """Rename a file with one event into the folder; return when, and what its row shows."""
    name = f"probe-{number:05d}"
    event = {
        "timestamp": datetime.now(UTC).isoformat(),
        "event_type": "agent.message",
        "agent_id": name,
        "user_id": "bench",
        "message": "a file arrived",
    }
    unfinished = folder / f"{name}.tmp"
    unfinished.write_bytes(orjson.dumps(event))
    begin = time.monotonic()
    unfinished.rename(folder / f"{name}.json")
    return begin, name.encode()


def show_only_probes(terminal: Terminal) -> None:
    """Filter by the probes' user, as a person would."""
    for typed in (b"u", b"bench", b"\r"):
        terminal.send(typed)
        time.sleep(1.0)


def arrivals(place: Place, sample: Path, rate: int, *, filtered: bool) -> tuple[list[float], int]:
    """Return seconds from rename to row while `rate` events/s arrive beside it, and how many probes were not stored.

    A row that scrolled by between two paints has no time: filtered, none does.
    """
    name = "filtered" if filtered else "arrivals"
    folder, store = place.folder / name, place.folder / f"{name}.db"
    folder.mkdir()
    dice = random.Random(1)
    taken: list[float] = []
    with (
        traffic(place, sample, folder / "steady.jsonl", rate),
        Terminal(
            [*AUDITAIL, "--store", store, "--watch", folder],
            columns=COLUMNS,
            rows=ROWS if filtered else TALL,
            cwd=place.folder,
            env=place.environment,
        ) as terminal,
    ):
        terminal.wait_for(b"following", timeout_s=60)
        drop_probe(folder, 0)
        time.sleep(SETTLE_S)
        if filtered:
            show_only_probes(terminal)
        for number in range(1, PROBES + 1):
            since = terminal.position
            begin, shown = drop_probe(folder, number)
            with suppress(Silence):
                taken.append(terminal.wait_for(shown, since=since, timeout_s=2) - begin)
            time.sleep(dice.uniform(0.05, 0.25))
    kept = json.loads(place.answer(*AUDITAIL, "logs", "--store", store, "--user", "bench", "--format", "json"))
    return taken, PROBES + 1 - len(kept)


def stored(store: Path) -> int:
    """Return how many events the store has been given."""
    connection = sqlite3.connect(f"file:{os.fspath(store)}?mode=ro", uri=True)
    try:
        (seq,) = connection.execute("SELECT value FROM counter WHERE name = 'seq'").fetchone()
    finally:
        connection.close()
    return seq


def one_lap(terminal: Terminal, taken: dict[str, list[float]], missed: list[str]) -> None:
    """Press each key once and wait for its answer."""
    for step in STEPS:
        time.sleep(0.15)
        since = terminal.position
        begin = terminal.send(step.keys)
        try:
            taken[step.name].append(terminal.wait_for(step.answer, since=since, timeout_s=5) - begin)
        except Silence as silence:
            missed.append(f"{step.name}: {silence}"[:300])


def keys(place: Place, sample: Path, store: Path, rate: int) -> tuple[dict[str, list[float]], list[str], float]:
    """Return seconds from key to answer by step, what never came, and how many events/s were really stored."""
    folder = place.folder / "keys"
    folder.mkdir()
    taken: dict[str, list[float]] = {step.name: [] for step in STEPS}
    missed: list[str] = []
    command = [*AUDITAIL, "--store", store, "--watch", folder]
    with (
        traffic(place, sample, folder / "steady.jsonl", rate),
        Terminal(command, columns=COLUMNS, rows=ROWS, cwd=place.folder, env=place.environment) as terminal,
    ):
        terminal.wait_for(b"following", timeout_s=60)
        time.sleep(SETTLE_S)
        begin, before = time.monotonic(), stored(store)
        for _ in range(LAPS):
            one_lap(terminal, taken, missed)
        real_rate = (stored(store) - before) / (time.monotonic() - begin)
    return taken, missed, real_rate


def row(what: str, seconds: Sequence[float], wanted_ms: str) -> list[str]:
    """Return one line of the table."""
    if not seconds:
        return [what, "0", "", "", "", wanted_ms]
    cells = (f"{figure * 1000:,.0f}" for figure in (middle(seconds), percentile(seconds, 95), max(seconds)))
    return [what, str(len(seconds)), *cells, wanted_ms]


def bench(place: Place, sample: Path, store: Path) -> None:
    """Print how long rows and answers take."""
    rows: list[list[str]] = []
    for filtered in (True, False):
        print(f"latency: arrivals, {'filtered' if filtered else 'all'}", file=sys.stderr)
        arrived, lost = arrivals(place, sample, 1_000, filtered=filtered)
        what = f"file renamed in to its row, at 1,000 events/s, {'filtered' if filtered else f'all on {TALL} lines'}"
        rows.append(row(what, arrived, "300"))
        print(f"{what}: {PROBES - len(arrived)} of {PROBES} were not painted, {lost} not stored")
    print("latency: keys", file=sys.stderr)
    taken, missed, real_rate = keys(place, sample, store, 5_000)
    everything = [seconds for step in taken.values() for seconds in step]
    rows.append(row(f"key to answer, {real_rate:,.0f} events/s into {stored(store):,} events", everything, "50"))
    rows += [row(f"- {name}", seconds, "") for name, seconds in taken.items()]
    print_table("Latency on the terminal", ["", "times", "p50 ms", "p95 ms", "most ms", "wanted p95"], rows)
    for line in missed:
        print(f"never came: {line}")
