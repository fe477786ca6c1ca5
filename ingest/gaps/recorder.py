"""Keeps what was noticed until it is stored: a gap must not get lost because of the trouble that it tells of."""

from __future__ import annotations

from typing import Final

from store.batch import SourceBatch
from store.events import NewEvent
from store.store import Store

NO_SOURCE: Final = 0
"""Number that no source has: these events come from no file."""
FORMAT: Final = "auditail"
_MOST_KEPT: Final = 1_000


class GapRecorder:
    """Events of the scanner itself, on their way into the store."""

    def __init__(self, store: Store) -> None:
        """Nothing waits yet."""
        self._store = store
        self._waiting: list[NewEvent] = []

    def add(self, event: NewEvent) -> None:
        """Have an event stored with the next `flush`. Of very many the newest are left out."""
        if len(self._waiting) < _MOST_KEPT:
            self._waiting.append(event)

    def flush(self) -> None:
        """Store what waits.

        Raises:
            StoreError: the store cannot be written now; all is kept.
        """
        if self._waiting:
            self._store.append([SourceBatch(NO_SOURCE, 0, FORMAT, list(self._waiting))])
            self._waiting.clear()
