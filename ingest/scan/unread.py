"""Files that cannot be read, each with the reason, and what becomes of those that are not there any more."""

from __future__ import annotations

from collections.abc import Callable

from ingest.fingerprint import new_lineage
from ingest.scan.book import SourceBook
from ingest.scan.opening import Unreadable
from ingest.scan.tracked import Tracked
from store.sources import SourceRegistry


class Unread:
    """Says in the store and here which files cannot be read."""

    def __init__(self, book: SourceBook, sources: SourceRegistry, lose: Callable[[Tracked], None]) -> None:
        """Start with none; `lose` notes that a source's file is gone."""
        self.reasons: dict[bytes, str] = {}
        """Paths that could not be read, with the reason."""
        self._book = book
        self._sources = sources
        self._lose = lose

    def note(self, path: bytes, tracked: Tracked | None, error: OSError, folder_no: int = 0) -> None:
        """Take note of why a file could not be read; `tracked` None: it is not known, and gets a row that says so.

        Raises:
            StoreError: the store could not be told.
        """
        if isinstance(error, Unreadable) and error.missing:
            self.reasons.pop(path, None)
            if tracked is not None:
                self._lose(tracked)
            return
        reason = error.reason if isinstance(error, Unreadable) else error.strerror or str(error)
        if tracked is None:
            lineage = new_lineage()
            number = self._sources.add_many([(folder_no, path, lineage)])[0]
            tracked = Tracked(number, folder_no, path, lineage)
            self._book.add(tracked)
        self.set(tracked, reason)

    def set(self, tracked: Tracked, reason: str | None) -> None:
        """Say why a source cannot be read; None: it can.

        Raises:
            StoreError: the store could not be told.
        """
        if tracked.trouble != reason:
            tracked.trouble = reason
            self._sources.set_state(tracked.source_no, "unreadable" if reason else "ok", reason)
        if reason is None:
            self.reasons.pop(tracked.path, None)
        else:
            self.reasons[tracked.path] = reason
