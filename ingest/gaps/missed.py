"""Changes that the watchers did not tell of, and that only a full scan has found."""

from __future__ import annotations

from typing import Final

from ingest.gaps.event import INGEST_GAP, gap_event, iso
from store.events import NewEvent

_EVERY_US: Final = 600_000_000
"""At most one event in so long: a file system that never tells would fill the log with them."""


class MissedChanges:
    """Adds up what scans find. Nothing is lost by it: it came later than it could have."""

    def __init__(self) -> None:
        """Nothing was missed yet."""
        self._count = 0
        self._since_us: int | None = None
        self._told_us: int | None = None

    def scanned(self, missed: int, now_us: int) -> NewEvent | None:
        """Take note of a scan that ended now and found so many; return an event where it is time for one."""
        if missed:
            self._count += missed
            self._since_us = now_us if self._since_us is None else self._since_us
        recent = self._told_us is not None and 0 <= now_us - self._told_us < _EVERY_US
        if not self._count or self._since_us is None or recent:
            return None
        count, since_us = self._count, self._since_us
        self._count, self._since_us, self._told_us = 0, None, now_us
        return gap_event(
            INGEST_GAP,
            now_us,
            f"the system did not report {count:,} changes of files; full scans since {iso(since_us)} found them",
            {"reason": "watcher_missed", "changes": count, "since": iso(since_us)},
            ("watcher_missed", now_us),
        )
