"""What the Live tab's workers found out. Each carries its question, so that stale answers can be dropped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from store.filters.model import Filter
    from store.service import Arrivals, Page
    from tui.arrival_poller import TailQuestion
    from tui.live_figures import FiguresAnswer


@dataclass(frozen=True, slots=True, eq=False)
class ViewQuestion:
    """What the list is about. Every load of a page is one; compared by identity.

    `follow`: show the newest and go along. Else `screen_row` is where on screen the sought row goes; None: the middle.
    """

    what: Filter
    follow: bool
    screen_row: int | None = None


@dataclass
class ViewLoaded(Message):
    """A page for the list. `cursor` is the sought row's place in it; `last_seq` is where arrivals go on."""

    question: ViewQuestion
    page: Page
    cursor: int
    last_seq: int


@dataclass
class EdgeLoaded(Message):
    """More rows for the `edge` (top or bottom) of the list."""

    question: ViewQuestion
    edge: str
    page: Page


@dataclass
class PendingLoaded(Message):
    """What arrived while the list stood still, because it was scrolled to its end."""

    question: ViewQuestion
    arrivals: Arrivals


@dataclass
class ArrivalsLoaded(Message):
    """Something arrived."""

    question: TailQuestion
    arrivals: Arrivals


@dataclass
class FiguresLoaded(Message):
    """Histogram and counts."""

    answer: FiguresAnswer


@dataclass
class QueryCounted(Message):
    """How many of all events of the last hour pass a query that is being typed; not `complete`: at least so many."""

    what: Filter
    events: int
    total: int
    complete: bool


@dataclass
class ScaleLoaded(Message):
    """Which share of all events is older than the list's top row."""

    event_row_id: int
    fraction: float
