"""What the Live tab's workers found out. Each carries its question, so that stale answers can be dropped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from store.events import EventDetail
    from store.filters.model import Filter
    from store.service import Arrivals, Page
    from tui.arrival_poller import TailQuestion
    from tui.live_figures import FiguresAnswer
    from tui.widgets.detail_lines import Related


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
class DetailLoaded(Message):
    """An event's detail; None: it is gone."""

    event_row_id: int
    detail: EventDetail | None
    related: Related


@dataclass
class ScaleLoaded(Message):
    """Which share of all events is older than the list's top row."""

    event_row_id: int
    fraction: float


@dataclass
class TroubleSought(Message):
    """Where the next error or denial is; None: there is none that way."""

    question: ViewQuestion
    event_row_id: int | None
    noun: str


@dataclass
class JsonLoaded(Message):
    """An event as JSON; None: it is gone."""

    event_row_id: int
    text: str | None
