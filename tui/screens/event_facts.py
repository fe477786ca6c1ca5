"""What the workers of a tab that lists events found out about a single one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from store.events import EventDetail
    from tui.widgets.detail_lines import Related


@dataclass
class DetailLoaded(Message):
    """An event's detail; None: it is gone."""

    event_row_id: int
    detail: EventDetail | None
    related: Related


@dataclass
class JsonLoaded(Message):
    """An event as JSON; None: it is gone."""

    event_row_id: int
    text: str | None


@dataclass
class TroubleSought(Message):
    """Where the next error, denial or marked event is; None: there is none that way. `noun` says what was sought."""

    event_row_id: int | None
    noun: str


@dataclass
class EvidenceSeen(Message):
    """These events of the list are kept as evidence of alerts by now."""

    event_row_ids: frozenset[int]
