"""What the Alerts tab's workers found out. Each carries its question, so that stale answers can be dropped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from store.alerts.model import AlertDetail, AlertList, AlertSlice, Decided, Decision, InvariantRow, ShedRow, Undone
    from store.filters.model import Filter
    from tui.alerts_listing import Listing
    from tui.alerts_window import AlertsWindow


@dataclass(frozen=True, slots=True, eq=False)
class AlertsQuestion:
    """What the tab is about; compared by identity. `room`: how many bars there is room for."""

    what: Filter
    now_us: int
    room: int
    utc: bool


@dataclass(frozen=True, slots=True)
class AlertsAnswer:
    """All that the tab shows at a time. `token` is the store's change token from before the first question."""

    token: int
    found: Listing
    muted: AlertList
    window: AlertsWindow
    slices: tuple[AlertSlice, ...]
    invariants: tuple[InvariantRow, ...]
    forgotten: tuple[ShedRow, ...]


@dataclass
class AlertsKnown(Message):
    """The answer to a question, after so many seconds of asking."""

    question: AlertsQuestion
    answer: AlertsAnswer
    took_s: float


@dataclass
class TokenSeen(Message):
    """The store's change token by now."""

    token: int


@dataclass
class AlertKnown(Message):
    """One alert whole; None: it is no longer in the store."""

    alert_id: int
    detail: AlertDetail | None


@dataclass
class DecisionTaken(Message):
    """A decision was taken."""

    decision: Decision
    decided: Decided


@dataclass
class DecisionUndone(Message):
    """A decision was taken back; None: there was none."""

    undone: Undone | None


@dataclass
class AlertsViewed(Message):
    """These alerts are known to have been looked at."""

    alert_ids: tuple[int, ...]


@dataclass
class TextKnown(Message):
    """Something as JSON text, and what it is; None: it is gone."""

    noun: str
    text: str | None
