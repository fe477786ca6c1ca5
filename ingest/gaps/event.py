"""What a gap looks like as an event: without a tenant, readable, with figures, and with an identity of its own."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Final

from store.events import NewEvent
from store.ids import DIGEST_SIZE

SOURCE_SILENT: Final = "system.source_silent"
SOURCE_RESUMED: Final = "system.source_resumed"
CLOCK_JUMP: Final = "system.clock_jump"
INGEST_GAP: Final = "system.ingest_gap"
TIME_AHEAD: Final = "system.time_ahead"

_US: Final = 1_000_000
_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def gap_event(kind: str, at_us: int, message: str, figures: dict[str, Any], identity: tuple[object, ...]) -> NewEvent:
    """Return an event of this kind at this time (UTC microseconds).

    The same `identity` again is the same event, and is not stored a second time, by whichever scanner.
    """
    named = "\0".join(map(str, ("gap", kind, *identity))).encode("utf-8", "backslashreplace")
    event = NewEvent()
    event.event_type = kind
    event.ts_us = at_us
    event.host = socket.gethostname()
    event.message = message
    event.metadata = figures
    event.occurrence = 0
    event.digest = blake2b(named, digest_size=DIGEST_SIZE).digest()
    return event


def iso(at_us: int) -> str:
    """Return a time as ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(at_us // _US, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def lasting(seconds: float) -> str:
    """Return a duration in its two greatest units: `2 h 5 min`."""
    left, parts = max(0, round(seconds)), list[str]()
    for size, unit in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"


def shown(path: bytes) -> str:
    """Return a path as text; bytes that are no UTF-8 become visible."""
    return path.decode("utf-8", "backslashreplace")
