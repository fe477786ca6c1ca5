"""The tree of a thread with its waterfall: draws only what is visible, so that thousands of rows cost nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.segment import Segment
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.actions import bindings_named
from tui.format import day
from tui.marks import Marks
from tui.viewport import Viewport
from tui.widgets.ink import ink, paper
from tui.widgets.thread_axis import axis_for
from tui.widgets.thread_columns import GAP, GUTTER, SCROLL_BAR, ThreadColumns, thread_columns
from tui.widgets.thread_guides import guide, step_for
from tui.widgets.thread_row import ROLES, Placed, ThreadStyle, draw_row
from tui.widgets.thread_shape import Shape
from tui.widgets.time_scale import TimeScale

if TYPE_CHECKING:
    from textual import events
    from textual.binding import BindingType

    from store.threads.model import Thread, ThreadRow
    from tui.glyphs import Glyphs

_WHEEL: Final = 3
_HEADING: Final = 1


class ThreadList(Widget, can_focus=True):
    """Shows `thread` with a cursor, of which it tells where it is. Left and right fold and unfold."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "thread-list--cursor",
        "thread-list--bar",
        "thread-list--thumb",
        "thread-list--track",
        *(f"thread-list--{role}" for role in ROLES),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_named("cursor(-1)", "cursor(1)", "page(-1)", "page(1)"),
        Binding("left", "fold", show=False),
        Binding("right", "unfold", show=False),
    ]

    utc = reactive(default=False)
    """Show times in UTC instead of local time."""
    empty_text = reactive("")
    """What is said where there is no row."""

    class Moved(Message):
        """Another row is under the cursor; None: there is no row."""

        def __init__(self, row: ThreadRow | None) -> None:
            """Remember it."""
            super().__init__()
            self.row = row

        def can_replace(self, message: Message) -> bool:
            """Only the last row counts."""
            return isinstance(message, ThreadList.Moved)

    class Opened(Message):
        """The row under the cursor was clicked again."""

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        """Start empty."""
        super().__init__(id=id)
        self.glyphs = glyphs
        self.marks = Marks()
        self.view = Viewport()
        self.shape = Shape(())
        self._thread: Thread | None = None
        self._styles: tuple[ThreadStyle, ThreadStyle] | None = None
        self._styled: range = range(0)
        self._step = 1

    # What the screen hands in.

    @property
    def current(self) -> ThreadRow | None:
        """The row under the cursor; None where there is no row."""
        return self.shape.rows[self.shape.shown[self.view.cursor]] if self.shape.shown else None

    def show(self, thread: Thread, event_row_id: int, *, screen_row: int | None = None) -> None:
        """Show another thread with the cursor on that event, or else on the one it was asked for."""
        self._thread = thread
        self.shape = Shape(thread.rows)
        at = self.shape.find(event_row_id)
        cursor = thread.at if at is None else at
        if screen_row is None:
            screen_row = cursor if cursor < self.view.height else self.view.height // 3
        self.view.place(cursor, screen_row, len(self.shape.shown))
        self._changed()

    def go_to(self, index: int) -> None:
        """Put the cursor on a row by its place in the thread; what it is folded in unfolds."""
        self.shape.reveal(index)
        place = self.shape.shown.index(index)
        near = self.view.top <= place < self.view.top + self.view.height
        self.view.place(place, place - self.view.top if near else self.view.height // 2, len(self.shape.shown))
        self._changed()

    def find_trouble(self, trouble: int, *, forward: bool) -> int | None:
        """Return the place of the next (previous) row with that `trouble` bit, folded or not; None: there is none."""
        if not self.shape.shown:
            return None
        at = self.shape.shown[self.view.cursor]
        rows = self.shape.rows
        span = range(at + 1, len(rows)) if forward else range(at - 1, -1, -1)
        return next((index for index in span if rows[index].event.trouble & trouble), None)

    def find_mark(self) -> int | None:
        """Return the place of the next marked row, from the last one on to the first; None: no row is marked."""
        if not self.shape.shown:
            return None
        at = self.shape.shown[self.view.cursor]
        places = [place for place, row in enumerate(self.shape.rows) if row.event.id in self.marks]
        return min(places, key=lambda place: (place <= at, place), default=None)

    def _changed(self) -> None:
        self._styles = None
        self.refresh()
        self.post_message(self.Moved(self.current))

    # Keys and mouse.

    def action_cursor(self, step: int) -> None:
        """Move the cursor by rows."""
        self.view.move(step)
        self._moved()

    def action_page(self, step: int) -> None:
        """Move the cursor by pages."""
        self.action_cursor(step * max(self.view.height - 1, 1))

    def to_edge(self, *, end: bool) -> None:
        """Move the cursor to the first or the last row."""
        self.action_cursor(len(self.shape.shown) if end else -len(self.shape.shown))

    def _moved(self) -> None:
        self.refresh()
        self.post_message(self.Moved(self.current))

    def action_fold(self) -> None:
        """Hide what the row holds; where it holds nothing, go to what holds it."""
        if not self.shape.shown:
            return
        at = self.shape.shown[self.view.cursor]
        parent = self.shape.rows[at].parent
        if self.shape.fold(at):
            self._refold()
        elif parent is not None:
            self.go_to(parent)

    def action_unfold(self) -> None:
        """Show what the row holds again."""
        if self.shape.shown and self.shape.unfold(self.shape.shown[self.view.cursor]):
            self._refold()

    def _refold(self) -> None:
        self.view.place(self.view.cursor, self.view.screen_row, len(self.shape.shown))
        self._moved()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up."""
        event.stop()
        self.view.scroll(-_WHEEL)
        self._moved()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down."""
        event.stop()
        self.view.scroll(_WHEEL)
        self._moved()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the row, or open a row that has it already."""
        offset = event.get_content_offset(self)
        row = -1 if offset is None else offset.y - _HEADING
        if not 0 <= row < min(self.view.height, len(self.shape.shown) - self.view.top):
            return
        again = self.view.screen_row == row
        self.action_cursor(row - self.view.screen_row)
        if again:
            self.post_message(self.Opened())

    # Drawing.

    def on_resize(self, event: events.Resize) -> None:
        """Show as many rows as fit."""
        self.view.resize(event.size.height - self.styles.padding.height - _HEADING)
        self._styles = None
        self.refresh()

    def watch_utc(self) -> None:
        """Draw all rows anew."""
        self._styles = None

    def notify_style_update(self) -> None:
        """Forget styles of the theme before."""
        super().notify_style_update()
        self._styles = None

    @property
    def columns(self) -> ThreadColumns:
        """The columns at the present width; those of tokens and cost only where the thread has any."""
        totals = None if self._thread is None else self._thread.totals
        tokens = totals is not None and totals.tokens.total > 0
        cost = totals is not None and totals.cost_microusd is not None
        return thread_columns(self.size.width, tokens=tokens, cost=cost)

    def _style(self, *, cursor: bool = False) -> ThreadStyle:
        """Return what the visible rows share: the waterfall's scale is theirs, so that it tells something anywhere."""
        visible = range(self.view.top, min(self.view.top + self.view.height, len(self.shape.shown)))
        if self._styles is None or self._styled != visible:
            self._styled = visible
            self._step = step_for(self.shape.rows, self.columns.tree)
            self._styles = self._make_style(visible, ""), self._make_style(visible, "cursor")
        return self._styles[cursor]

    def _make_style(self, visible: range, on: str) -> ThreadStyle:
        base = paper(self) + ink(self, f"thread-list--{on}") if on else paper(self)
        names = (*ROLES, "bar", "thumb", "track")
        inks = {"": base, **{role: base + ink(self, f"thread-list--{role}") for role in names}}
        start = 0 if self._thread is None else self._thread.start_us
        rows = [self.shape.rows[self.shape.shown[place]] for place in visible]
        axis = axis_for(rows, self.columns.waterfall, origin_us=start)
        return ThreadStyle(self.columns, axis, self.glyphs, inks, self.utc, day(start, utc=self.utc))

    def render_line(self, y: int) -> Strip:
        """Return the heading (line 0) or a row with its part of the scroll bar. All text passes `safe_text`."""
        if y < _HEADING:
            return self._heading(self._style())
        row = y - _HEADING
        place = self.view.top + row
        width = max(self.size.width - SCROLL_BAR, 0)
        if place >= len(self.shape.shown):
            words = self.empty_text if row == 1 and not self.shape.shown else ""
            plain = self._style()
            text = Segment(" " * GUTTER + words, plain.inks["muted"])
            return Strip([text]).adjust_cell_length(width, plain.inks[""])
        strip = self._row(place, width)
        return Strip.join([strip, self._scroll_bar(row)])

    def _row(self, place: int, width: int) -> Strip:
        on_cursor = place == self.view.cursor
        style = self._style(cursor=on_cursor)
        at = self.shape.shown[place]
        lead = guide(self.shape.rows, at, self._step, style.columns.tree)
        row = self.shape.rows[at]
        placed = Placed(row, lead, self.shape.hidden_in(at), self.shape.holds(at), row.event.id in self.marks)
        strip = draw_row(placed, style, width=width)
        if not on_cursor:
            return strip
        sign = self.glyphs.cursor if self.has_focus else " "
        return Strip.join([Strip([Segment(sign, style.inks["bar"])], 1), strip.crop(1)])

    def _scroll_bar(self, row: int) -> Strip:
        inks = self._style().inks
        length = len(self.shape.shown)
        if length <= self.view.height:
            return Strip([Segment(" ", inks[""])], 1)
        bar = TimeScale()
        bar.place((self.view.top / length, (self.view.top + self.view.height) / length), self.view.height)
        has = bar.has(row)
        return Strip([Segment(self.glyphs.thumb if has else self.glyphs.track, inks["thumb" if has else "track"])], 1)

    def _heading(self, style: ThreadStyle) -> Strip:
        text = " " * GUTTER
        for name, heading, room, right in style.columns.widths():
            words = self._ticks(style, room) if name == "waterfall" else heading
            text += (words.rjust(room) if right else words.ljust(room)) + " " * GAP
        plain = style.inks[""]
        return Strip([Segment(text, style.inks["heading"])], len(text)).adjust_cell_length(self.size.width, plain)

    @staticmethod
    def _ticks(style: ThreadStyle, room: int) -> str:
        line = ""
        for cell, text in style.axis.ticks():
            if cell >= len(line) + bool(line):
                line = line.ljust(cell) + text
        return line[:room]
