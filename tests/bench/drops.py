"""A platform that drops single-event files: each is written beside and renamed into place.

`python -m tests.bench.drops FOLDER COUNT [RATE]` writes COUNT files, RATE a second or as fast as it can.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import orjson

TICK_S: Final = 0.02


def event(number: int) -> bytes:
    """Return one event, unlike any other."""
    stamp = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return orjson.dumps({
        "timestamp": stamp,
        "event_type": "mcp.tool_call",
        "agent_id": f"agent-{number % 40}",
        "user_id": f"user_{number % 500}",
        "tenant_id": f"tenant_{number % 20}",
        "tool": "create_content",
        "server": "content-server",
        "duration_ms": number % 997,
        "status": "success",
        "metadata": {"content_id": f"post_{number}", "title": "New Blog Post"},
    })  # fmt: skip


def drop(folder: Path, numbers: range) -> None:
    """Write the files of these numbers."""
    draft = os.fsencode(folder / f".draft-{os.getpid()}")
    for number in numbers:
        with open(draft, "wb", buffering=0) as file:  # noqa: PTH123 (a million of them)
            file.write(event(number))
        os.rename(draft, os.fsencode(folder) + b"/event-%d-%09d.json" % (os.getpid(), number))  # noqa: PTH104 (see above)


def main(folder: Path, count: int, rate: float | None) -> None:
    """Drop the files."""
    if rate is None:
        drop(folder, range(count))
        return
    begin, done = time.monotonic(), 0
    while done < count:
        due = min(count, int((time.monotonic() - begin) * rate))
        drop(folder, range(done, due))
        done = due
        time.sleep(TICK_S)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) if sys.argv[3:] else None)
