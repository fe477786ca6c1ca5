"""A file with one event whose way to the terminal is timed."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from pathlib import Path


def drop_probe(folder: Path, number: int, **fields: Any) -> tuple[float, bytes]:
    """Rename a file into the folder; return when, in monotonic seconds, and the agent that its one event names."""
    name = f"probe-{number:05d}"
    now = datetime.now(UTC).isoformat()
    event = {"timestamp": now, "agent_id": name, "session_id": name, "user_id": "bench", **fields}
    unfinished = folder / f"{name}.tmp"
    unfinished.write_bytes(orjson.dumps(event))
    begin = time.monotonic()
    unfinished.rename(folder / f"{name}.json")
    return begin, name.encode()
