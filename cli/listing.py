"""Which events a command shows, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cli.narration import narrate
from cli.searching import ProgressLine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.events import EventSummary
    from store.filters.model import Filter
    from store.reader import StoreReader
    from store.searching import Sort

_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Listing:
    """The events that pass `what`, oldest first, or in another order. `utc` is how times are shown meanwhile."""

    reader: StoreReader
    what: Filter
    sort: Sort | None = None
    utc: bool = False

    def rows(self, limit: int) -> Sequence[EventSummary]:
        """Return the newest `limit` events, or the first `limit` in the order asked for."""
        if self.sort is not None:
            return self.reader.search.rows(self._ids(limit))
        progress = ProgressLine(utc=self.utc)
        found = self.reader.search.page(self.what, None, limit, older=True, watch=progress.searched)
        progress.clear()
        return found.page.rows

    def json(self, limit: int | None) -> Iterator[bytes]:
        """Yield events as canonical JSON. Rows with counts=0 are among them, unless they are sorted otherwise."""
        if self.sort is None:
            yield from self.reader.iter_json(self.what, limit=limit)
            return
        for row_id in self._ids(limit):
            text = self.reader.canonical_json(row_id)
            if text is not None:
                yield text.encode()

    def _ids(self, limit: int | None) -> Sequence[int]:
        assert self.sort is not None
        progress = ProgressLine(utc=self.utc)
        found = self.reader.search.sorted_ids(self.what, self.sort, progress.searched)
        progress.clear()
        if not found.complete:
            narrate(f"too many events match to sort them all: these are the newest {len(found.ids):,} of them, sorted")
        return found.ids if limit is None else found.ids[:limit]
