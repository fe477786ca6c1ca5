"""Steady traffic: appends lines to one file at a fixed rate until it is told to end.

`python -m tests.bench.traffic SAMPLE FILE RATE` takes its lines from SAMPLE, over and over, each with the present time
and request, session and trace ids of its own; it ends with its standard input.
"""

from __future__ import annotations

import select
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from tests.bench.place import Place

SAMPLE_LINES: Final = 20_000
TICK_S: Final = 0.02


def lines(sample: Path) -> Iterator[bytes]:
    """Give lines without end."""
    with sample.open("rb") as source:
        events: list[dict[str, Any]] = [orjson.loads(line) for line in islice(source, SAMPLE_LINES)]
    for number, event in enumerate(cycle(events)):
        lap = number // len(events)
        own = {
            name: f"{event[name]}.{lap}"
            for name in ("request_id", "session_id", "trace_id", "call_id")
            if name in event
        }
        stamp = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        yield orjson.dumps({**event, **own, "timestamp": stamp}) + b"\n"


def main(sample: str, target: str, rate: str) -> None:
    """Write until standard input ends."""
    supply = lines(Path(sample))
    begin, written = time.monotonic(), 0
    with Path(target).open("ab", buffering=0) as out:
        while not select.select([sys.stdin], [], [], TICK_S)[0]:
            due = int((time.monotonic() - begin) * float(rate))
            out.write(b"".join(islice(supply, due - written)))
            written = due


@contextmanager
def traffic(place: Place, sample: Path, target: Path, rate: int) -> Generator[None]:
    """Let traffic flow at `rate` events a second while the block runs."""
    command = [sys.executable, "-m", "tests.bench.traffic", str(sample), str(target), str(rate)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=place.environment, cwd=place.folder) as process:
        try:
            yield
        finally:
            process.communicate()


if __name__ == "__main__":
    main(*sys.argv[1:])
