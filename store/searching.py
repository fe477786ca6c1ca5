"""The questions of a search, whose answers may take long: they come in parts, and can be called off at any time.

A question walks through time, newest first unless it says otherwise. After every part, at least ten times a second, it
calls `watch` with how far it is. Where `watch` returns False it stops and returns what it has. `watch` is called in the
asking thread. Lists leave out rows with counts=0; numbers count only rows with counts=1. Times are UTC microseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from store.events import EventSummary
from store.filters.keys import Key
from store.filters.model import Filter
from store.service import FacetValue, Histogram, Page, Tally

MOST_SORTED: Final = 100_000
"""Events that are sorted otherwise than by time."""

SortKey = Literal["time", "duration", "tokens", "cost", "agent", "user", "type", "tool", "status"]


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of events; equal ones stay in the order of time, newest first where `descending`.

    Events that state no such value come last.
    """

    key: SortKey = "time"
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a question has come: everything from `reached_us` on has been looked at, `found` events of it passed.

    A walk towards newer events has looked at everything before `reached_us` instead.
    """

    reached_us: int
    found: int


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page, and how far was searched for it; `complete` False: called off before it was full or all was searched.

    `reached_us` None: there is nothing beyond the page in the direction of the search.
    """

    page: Page
    reached_us: int | None
    complete: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """What a filter lets through from `reached_us` (None: from the beginning) on; exact where `complete`.

    `facets` has the most frequent values of each key that was asked for, `histogram` the slices that were asked for.
    Where nothing but times limits the filter, tally and histogram are known from the start and of the whole window.
    """

    tally: Tally
    facets: dict[Key, tuple[FacetValue, ...]]
    histogram: Histogram | None
    reached_us: int | None
    complete: bool


@dataclass(frozen=True, slots=True)
class CountQuestion:
    """What is to be counted: all that passes `what`, within [start_us, end_us).

    `facets`: keys whose values are wanted, at most `values` of each. `slices`: how many parts of the window the
    histogram has; 0: none is wanted.
    """

    what: Filter
    start_us: int
    end_us: int
    facets: tuple[Key, ...] = ()
    values: int = 10
    slices: int = 0


@dataclass(frozen=True, slots=True)
class SortedIds:
    """Row ids of what passes, in the order asked for. `complete` False: called off, or there are too many to sort.

    Then `ids` are the newest `MOST_SORTED` of them, sorted.
    """

    ids: tuple[int, ...]
    complete: bool


Watch = Callable[[Progress], bool]


class SearchQuestions(Protocol):
    """What a search may ask. See the module's docstring for `watch`, threads, times and counts."""

    def page(self, what: Filter, from_id: int | None, limit: int, *, older: bool, watch: Watch) -> FoundPage:
        """Return the `limit` events just older (newer) than `from_id`; None: the newest (oldest) there are."""
        ...

    def count(self, question: CountQuestion, watch: Callable[[Counted], bool]) -> Counted:
        """Count, from the newest on; `watch` gets what was counted so far, at most ten times a second."""
        ...

    def sorted_ids(self, what: Filter, sort: Sort, watch: Watch) -> SortedIds:
        """Return what passes in another order than that of time."""
        ...

    def rows(self, ids: Sequence[int]) -> tuple[EventSummary, ...]:
        """Return the events with these row ids in the order given; what is gone or out of scope is left out."""
        ...

    def completions(self, key: Key, prefix: str, limit: int) -> Sequence[str]:
        """Return values of a key that begin with a text, whatever its case, the most frequent lately first."""
        ...
