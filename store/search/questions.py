"""The one implementation of `store.searching.SearchQuestions`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy import select
from sqlmodel import col

from store.events import EventSummary
from store.filters.keys import Key
from store.filters.model import Filter
from store.query.access import Access
from store.query.numbers import Numbers
from store.query.rows import SUMMARY_COLUMNS, summaries
from store.search.completing import Completing
from store.search.counting import Counting
from store.search.pages import Pages
from store.search.sorting import Sorting
from store.search.walk import PATIENCE_S
from store.searching import Counted, CountQuestion, FoundPage, Sort, SortedIds, Watch
from store.tables import Event

_CHUNK: Final = 500


class Search:
    """Answers what a search asks. Safe to use from any thread."""

    def __init__(self, access: Access, numbers: Numbers, patience_s: float = PATIENCE_S) -> None:
        """Read through `access`; wait so long for an answer at once before going through windows, 0: never."""
        self._access = access
        self._pages = Pages(access, patience_s)
        self._counting = Counting(access, numbers, patience_s)
        self._sorting = Sorting(access, patience_s)
        self._completing = Completing(access)

    def page(self, what: Filter, from_id: int | None, limit: int, *, older: bool, watch: Watch) -> FoundPage:
        """See `SearchQuestions`."""
        return self._pages.page(what, from_id, limit, older=older, watch=watch)

    def count(self, question: CountQuestion, watch: Callable[[Counted], bool]) -> Counted:
        """See `SearchQuestions`."""
        return self._counting.count(question, watch)

    def sorted_ids(self, what: Filter, sort: Sort, watch: Watch) -> SortedIds:
        """See `SearchQuestions`."""
        return self._sorting.sorted_ids(what, sort, watch)

    def rows(self, ids: Sequence[int]) -> tuple[EventSummary, ...]:
        """See `SearchQuestions`."""
        scope = self._access.compile(Filter()).rows
        found: dict[int, EventSummary] = {}
        for start in range(0, len(ids), _CHUNK):
            some = col(Event.id).in_(ids[start : start + _CHUNK])
            rows = self._access.fetch(select(*SUMMARY_COLUMNS).where(some, *scope))
            found.update((row.id, row) for row in summaries(self._access, rows))
        return tuple(found[row_id] for row_id in ids if row_id in found)

    def completions(self, key: Key, prefix: str, limit: int) -> tuple[str, ...]:
        """See `SearchQuestions`."""
        return self._completing.completions(key, prefix, limit)
