"""Files that cannot be identified yet: copies and compressed files in the making look like the beginning of another."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from ingest.scan.opening import FileFacts

QUIET_S: Final = 2.0
"""How long a file must not change before it is taken as it is."""
_RETRY_S: Final = 0.5
_PATIENCE_S: Final = 15.0


@dataclass(slots=True)
class _Entry:
    folder_no: int
    facts: FileFacts
    since: float
    changed: float
    due: float
    forced: bool = False


class Delayed:
    """Paths whose files are looked at again from time to time, until they are quiet or say what they are."""

    def __init__(self) -> None:
        """Start with none."""
        self._entries: dict[bytes, _Entry] = {}

    def postpone(self, path: bytes, folder_no: int, facts: FileFacts) -> None:
        """Look at a file again a little later."""
        now = time.monotonic()
        entry = self._entries.get(path)
        if entry is None:
            entry = self._entries[path] = _Entry(folder_no, facts, now, now, now)
        elif entry.facts != facts:
            entry.facts, entry.changed, entry.forced = facts, now, False
        entry.due = now + _RETRY_S

    def holds(self, path: bytes) -> bool:
        """Return whether a file is to be left alone for now."""
        entry = self._entries.get(path)
        return entry is not None and not entry.forced and entry.due > time.monotonic()

    def is_quiet(self, path: bytes, facts: FileFacts) -> bool:
        """Return whether a file has not changed for so long that it is taken as it is."""
        entry = self._entries.get(path)
        if entry is None:
            return False
        return entry.forced or (entry.facts == facts and time.monotonic() - entry.changed >= QUIET_S)

    def is_old(self, path: bytes) -> bool:
        """Return whether a file has been waiting for so long that only certainty keeps it waiting."""
        entry = self._entries.get(path)
        return entry is not None and (entry.forced or time.monotonic() - entry.since >= _PATIENCE_S)

    def due(self, below: bytes | None) -> list[tuple[bytes, int]]:
        """Return path and folder of the files to be looked at now; all `below` a place are taken as they are."""
        now = time.monotonic()
        found: list[tuple[bytes, int]] = []
        for path, entry in self._entries.items():
            entry.forced = entry.forced or lies_in(path, below)
            if entry.forced or entry.due <= now:
                entry.due = now + _RETRY_S
                found.append((path, entry.folder_no))
        return found

    def drop(self, path: bytes) -> None:
        """Forget a file that has been identified, or is not there any more."""
        self._entries.pop(path, None)


def lies_in(path: bytes, place: bytes | None) -> bool:
    """Return whether a path is this place or lies below it; no place: no."""
    return place is not None and (path == place or path.startswith(place.rstrip(b"/") + b"/"))
