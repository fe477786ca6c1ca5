"""What an event list tells its screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from textual.widget import Widget

    from store.events import EventSummary


class FromList(Message):
    """Base: remembers the list, so that handlers can select by it."""

    def __init__(self, source: Widget) -> None:
        """Remember the list."""
        super().__init__()
        self.source = source

    @property
    def control(self) -> Widget:
        """The list."""
        return self.source


class Moved(FromList, namespace="event_list"):
    """Another row is under the cursor; None: there is no row."""

    def __init__(self, source: Widget, event: EventSummary | None) -> None:
        """Remember the row."""
        super().__init__(source)
        self.event = event

    def can_replace(self, message: Message) -> bool:
        """Only the last row counts."""
        return isinstance(message, Moved)


class Detached(FromList, namespace="event_list"):
    """The cursor was moved away from the newest row while following."""


class EdgeNear(FromList, namespace="event_list"):
    """Rows beyond an edge will be needed soon. `edge` is top or bottom, `need` as `LiveBuffer` names it."""

    def __init__(self, source: Widget, edge: str, need: str) -> None:
        """Remember what is needed."""
        super().__init__(source)
        self.edge = edge
        self.need = need


class ScaleClicked(FromList, namespace="event_list"):
    """The time scale was clicked at this fraction (0 to 1) of all events."""

    def __init__(self, source: Widget, fraction: float) -> None:
        """Remember where."""
        super().__init__(source)
        self.fraction = fraction


class Opened(FromList, namespace="event_list"):
    """The row under the cursor was clicked again."""
