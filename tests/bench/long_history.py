"""Ten million events to search: a history from the simulated platform, with one agent and one word that are rare."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final
from zlib import crc32

import orjson

from ingest.simulate.history import history
from ingest.simulate.interleave import iso_time
from tests.bench.material import SEED, SPAN_US

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RARE_AGENT: Final = "contract-reader"
RARE_WORD: Final = "counsel"
_RARE_EVENTS: Final = 350
"""About so many events of all are the rare agent's."""
_DAY_US: Final = 86_400_000_000
_BUFFERED: Final = 1 << 20
_MADE: Final = ".made"
_FILES: Final = "events-*.jsonl"


@dataclass(frozen=True, slots=True)
class LongHistory:
    """Files of native lines, a UTC day each, and how many events they hold."""

    folder: Path
    events: int

    @property
    def files(self) -> list[Path]:
        """The files in order of time."""
        return sorted(self.folder.glob(_FILES))

    @property
    def bytes(self) -> int:
        """Size of all files."""
        return sum(path.stat().st_size for path in self.files)


def long_history(folder: Path, events: int, end_us: int | None = None) -> LongHistory:
    """Return the history of 30 days in this folder; it is made where it is missing or unfinished.

    `end_us` is when a new one ends, in UTC microseconds; None: now.

    Raises:
        SystemExit: there is one of another length.
    """
    made = folder / _MADE
    if not made.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for unfinished in folder.glob(_FILES):
            unfinished.unlink()
        _write(folder, events, time.time_ns() // 1000 if end_us is None else end_us)
        made.write_text(f"{events}\n")
    if int(made.read_text()) != events:
        raise SystemExit(f"{folder} holds {int(made.read_text()):,} events, not {events:,}; name another folder")
    return LongHistory(folder, events)


def _write(folder: Path, events: int, end_us: int) -> None:
    told = history(events=events, span_us=SPAN_US, end_us=end_us, seed=SEED)
    every = max(1, events // _RARE_EVENTS)
    for number, (event, out) in enumerate(_with_files(folder, told), 1):
        request = event.get("request_id")
        if request is not None and crc32(request.encode()) % every == 0:
            _make_rare(event)
        out.write(orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE))
        if number % 1_000_000 == 0:
            print(f"search: {number:,} of {events:,} events written", file=sys.stderr)


def _with_files(folder: Path, told: Iterator[tuple[int, dict[str, Any]]]) -> Iterator[tuple[dict[str, Any], IO[bytes]]]:
    """Yield each event with the file of its day; a late one of the day before goes to the file that is open."""
    day, out = -1, None
    try:
        for at_us, event in told:
            if out is None or at_us // _DAY_US > day:
                if out is not None:
                    out.close()
                day = at_us // _DAY_US
                out = (folder / f"events-{iso_time(day * _DAY_US)[:10]}.jsonl").open("xb", buffering=_BUFFERED)
            yield event, out
    finally:
        if out is not None:
            out.close()


def _make_rare(event: dict[str, Any]) -> None:
    """Let all of a request be the rare agent's work; its answer says the rare word."""
    event["agent_id"] = RARE_AGENT
    if event["event_type"] == "agent.response":
        event["message"] = f"{event['message']} · kept for {RARE_WORD}"
