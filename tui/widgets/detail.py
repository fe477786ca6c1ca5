"""The detail pane: one event whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from store.filters.clause import Clause
from tui.messages import AddClause, CloseDetail
from tui.widgets.detail_json import JsonTree, ShowMore, Toggle
from tui.widgets.detail_lines import (
    OpenEvent,
    Reading,
    Related,
    field_lines,
    head_lines,
    partner_lines,
    provenance_lines,
)
from tui.widgets.line import BLANK, Line, heading
from tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.events import EventDetail


class DetailPane(LineView):
    """Shows `detail`. Arrows move and unfold, Enter unfolds or follows a row that leads somewhere, else closes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "unfold(False)", show=False),
        Binding("right", "unfold(True)", show=False),
        Binding("escape", "close", show=False),
    ]

    detail: reactive[EventDetail | None] = reactive(None)
    """The event; None: `notice` is shown instead."""
    related: reactive[Related] = reactive(Related())
    """How many events share its request, session and trace."""
    notice = reactive("")
    """What is said where there is no event: why, or empty while it is being read."""
    utc = reactive(default=False)
    """Whether times are in UTC instead of local time."""
    now_us = reactive(0)
    """The time that "… ago" counts from, UTC microseconds; 0: it is left out."""

    class EventChosen(Message):
        """The other half of a call was chosen: open this event."""

        def __init__(self, event_row_id: int) -> None:
            """Remember the event's row id."""
            super().__init__()
            self.event_row_id = event_row_id

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        """Start empty, in the state of reading."""
        super().__init__(id=id)
        self._tree: JsonTree | None = None
        self._whole_message = False

    def watch_detail(self, before: EventDetail | None, after: EventDetail | None) -> None:
        """Start at the top of another event; the same one keeps its place and what is unfolded."""
        same = before is not None and after is not None and before.summary.id == after.summary.id
        if not same:
            self._whole_message = False
            self._tree = JsonTree(after.metadata) if after is not None and after.metadata else None
            self.to_top()
        self.rebuild()

    def _watch_reading(self) -> None:
        self.rebuild()

    watch_related = watch_notice = watch_utc = watch_now_us = _watch_reading

    def build(self, width: int) -> Sequence[Line]:
        """Return the whole event as lines."""
        if self.detail is None:
            words = self.notice or "reading the event"
            sign = self.glyphs.failure if self.notice else self.glyphs.pending
            return [Line(((f"{sign} {words}", "muted"),), skip=True)]
        return list(self._event_lines(self.detail, width))

    def _event_lines(self, detail: EventDetail, width: int) -> Iterator[Line]:
        reading = Reading(utc=self.utc, now_us=self.now_us, glyphs=self.glyphs)
        yield from head_lines(detail, reading, width, whole_message=self._whole_message)
        yield BLANK
        yield from field_lines(detail, self.related, reading, width)
        yield from partner_lines(detail, reading, width)
        if self._tree is not None and detail.metadata:
            size = len(detail.metadata)
            yield BLANK
            yield heading("Metadata", (f"{size:,} key{'' if size == 1 else 's'}", "muted"))
            yield from self._tree.lines(width)
        yield from provenance_lines(detail, width)

    def chooses_at_once(self, line: Line) -> bool:
        """Let one click fold and unfold."""
        return isinstance(line.target, Toggle | ShowMore)

    def action_choose(self) -> None:
        """Follow the row under the cursor; a row that leads nowhere closes the pane."""
        target = None if self.current is None else self.current.target
        if isinstance(target, Toggle) and self._tree is not None:
            self._tree.toggle(target.path)
        elif isinstance(target, ShowMore) and self._tree is not None:
            self._tree.show_more(target.path)
        elif target == "message":
            self._whole_message = True
        else:
            self._leave(target)
            return
        self.rebuild()

    def _leave(self, target: object | None) -> None:
        if isinstance(target, Clause):
            self.post_message(AddClause(target))
        elif isinstance(target, OpenEvent):
            self.post_message(self.EventChosen(target.event_row_id))
        else:
            self.action_close()

    def action_unfold(self, unfold: bool) -> None:  # noqa: FBT001 (Textual calls it with what the binding says)
        """Unfold (fold) the value under the cursor."""
        target = None if self.current is None else self.current.target
        if isinstance(target, Toggle) and self._tree is not None and self._tree.unfold(target.path, unfold=unfold):
            self.rebuild()

    def action_close(self) -> None:
        """Ask to be closed."""
        self.post_message(CloseDetail())
