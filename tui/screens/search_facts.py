"""What the Search tab's workers found out. Each carries its question, so that stale answers can be dropped."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from textual.message import Message

if TYPE_CHECKING:
    from store.filters.keys import Key
    from store.filters.model import Filter
    from store.searching import Counted, Progress, Sort
    from store.service import Page
    from tui.search_facets import Hidden
    from tui.search_order import SortedResult
    from tui.search_window import Window


@dataclass(frozen=True, slots=True, eq=False)
class ResultQuestion:
    """What the list is about; compared by identity. Once `stop` is set, whoever answers it ends within a moment.

    `screen_row` is where on screen the sought row goes; None: the middle.
    """

    what: Filter
    sort: Sort
    screen_row: int | None = None
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True, eq=False)
class CountingQuestion:
    """What is counted: all that passes, cut into at most `slices`, with the most frequent values of `facets`."""

    what: Filter
    slices: int
    facets: tuple[Key, ...]
    offset_us: int
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass
class RowsFound(Message):
    """Rows for the list: `place` says where they go, `cursor` which of them is the sought one (place all only).

    `going_on`: more are being looked for.
    """

    question: ResultQuestion
    page: Page
    place: Literal["all", "top", "bottom"]
    cursor: int = -1
    going_on: bool = False
    reached_us: int | None = None
    complete: bool = True


@dataclass
class SearchedOn(Message):
    """How far was searched by now."""

    question: ResultQuestion
    progress: Progress

    def can_replace(self, message: Message) -> bool:
        """Only the last one counts."""
        return isinstance(message, SearchedOn)


@dataclass
class ResultSorted(Message):
    """A result in another order than that of time."""

    question: ResultQuestion
    result: SortedResult


@dataclass
class HiddenCounted(Message):
    """How many events each value that is left out keeps out, as far as that is known by now."""

    question: CountingQuestion
    hidden: Hidden

    def can_replace(self, message: Message) -> bool:
        """Only the last one counts."""
        return isinstance(message, HiddenCounted) and message.question is self.question


@dataclass(frozen=True, slots=True, eq=False)
class TypedQuestion:
    """How many events pass a query that is being typed."""

    what: Filter
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass
class TypedCounted(Message):
    """How many of `stored` pass, as far as that is known by now."""

    question: TypedQuestion
    events: int
    stored: int
    complete: bool

    def can_replace(self, message: Message) -> bool:
        """Only the last one counts."""
        return isinstance(message, TypedCounted) and message.question is self.question


@dataclass
class ResultCounted(Message):
    """What was counted so far; `window` None: the store is empty."""

    question: CountingQuestion
    window: Window | None
    counted: Counted
    stored: int
    over: bool

    def can_replace(self, message: Message) -> bool:
        """Only the last one counts."""
        return isinstance(message, ResultCounted) and message.question is self.question
