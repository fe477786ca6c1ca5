"""The event list: draws only what is visible, so that it is as quick in ten million events as in ten."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.segment import Segment
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.actions import Place, bindings_of
from tui.columns import SCROLL_BAR, Column, columns_for
from tui.format import day
from tui.live_buffer import LiveBuffer
from tui.marks import Marks
from tui.search_columns import chosen_columns_for
from tui.viewport import Viewport
from tui.widgets.event_list_messages import Detached, EdgeNear, Moved, Opened, ScaleClicked
from tui.widgets.event_row import ROLES, RowStyle, draw_row
from tui.widgets.ink import ink, paper
from tui.widgets.time_scale import TimeScale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.binding import BindingType

    from store.events import EventSummary
    from store.service import Page
    from tui.glyphs import Glyphs

PAGE_SIZE: Final = 200
"""Rows asked for at a time when the list is scrolled past what is in hand."""

_WHEEL: Final = 3
_STRIPS: Final = 800
_HEADING: Final = 1


class EventList(Widget, can_focus=True):
    """Shows rows of a `LiveBuffer` with a cursor. The screen hands it pages and arrivals; it tells what it needs."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "event-list--cursor",
        "event-list--cell",
        "event-list--bar",
        "event-list--thumb",
        "event-list--track",
        "event-list--column",
        *(f"event-list--{role}" for role in ROLES),
    }
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(Place.LIST)]

    utc = reactive(default=False)
    """Show times in UTC instead of local time."""
    today = reactive("")
    """The present day as `format.day` writes it: rows of other days show their date."""
    beside_detail = reactive(default=False)
    """Whether a detail pane stands beside the list."""
    cell: reactive[str | None] = reactive(None)
    """Name of the column that the cell cursor is on; None: it is not shown."""
    chosen_columns: reactive[tuple[str, ...]] = reactive(())
    """Names of the columns to show, in this order; empty: those that fit, in their usual order."""
    scale: reactive[tuple[float, float]] = reactive((0.0, 1.0), repaint=False)
    """Which part (0 to 1) of all events the visible rows are."""
    empty_text = reactive("")
    """What is said where there is no row."""

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        """Start empty."""
        super().__init__(id=id)
        self.glyphs = glyphs
        self.marks = Marks()
        self.buffer = LiveBuffer()
        self.view = Viewport()
        self.following = False
        self._strips: dict[tuple[int, bool, bool], Strip] = {}
        self._row_style: RowStyle | None = None
        self._cursor_style: RowStyle
        self._scale_bar = TimeScale()
        self._awaited: set[str] = set()
        self._told: EventSummary | None = None
        self._dated = False

    # What the screen hands in.

    @property
    def current(self) -> EventSummary | None:
        """The row under the cursor; None where there is no row."""
        return self.buffer[self.view.cursor] if len(self.buffer) else None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns at the present width."""
        if self.chosen_columns:
            return chosen_columns_for(self.chosen_columns, self.size.width, dated=self._dated)
        return columns_for(self.size.width, beside_detail=self.beside_detail, dated=self._dated)

    def show_page(
        self, page: Page, tail_seq: int | None, *, follow: bool, cursor: int = -1, screen_row: int | None = None
    ) -> None:
        """Put a page in place of everything; `cursor` counts from the end where negative."""
        self.buffer.load(page, tail_seq)
        self._dated = False
        self.following = follow
        self._awaited.clear()
        length = len(self.buffer)
        at = cursor if cursor >= 0 else length + cursor
        if follow:
            self.view.follow(length)
        else:
            self.view.place(at, self.view.height // 2 if screen_row is None else screen_row, length)
        self._changed()

    def add_arrivals(self, rows: Sequence[EventSummary], last_seq: int) -> None:
        """Append arrivals; while following the cursor goes along, else nothing moves."""
        self._awaited.discard("bottom")
        added = self.buffer.arrived(rows, last_seq)
        if not added:
            return
        if self.following:
            self.buffer.trim()
            self.view.follow(len(self.buffer))
        else:
            self.view.shift(0, len(self.buffer))
        self._changed()

    def add_older(self, page: Page) -> None:
        """Put older rows on top; nothing on screen moves."""
        self._awaited.discard("top")
        self.view.shift(self.buffer.older(page), len(self.buffer))
        self._changed()

    def add_newer(self, page: Page) -> None:
        """Put younger rows of history below; nothing on screen moves."""
        self._awaited.discard("bottom")
        self.view.shift(-self.buffer.newer(page), len(self.buffer))
        self._changed()

    def show_alerted(self, event_row_ids: frozenset[int]) -> None:
        """Mark the rows that alerts show by now; nothing on screen moves."""
        if self.buffer.alerted(event_row_ids):
            self._told = self.current
            self.refresh()

    def show_marks(self) -> None:
        """Draw the marks as they are now."""
        self._strips.clear()
        self.refresh()

    def pause(self) -> None:
        """Stay where the list is."""
        self.following = False

    def move_to(self, index: int) -> None:
        """Put the cursor on a row in hand; one that is out of sight comes to the middle, with what was around it."""
        self._detach()
        if self.view.top <= index < self.view.top + self.view.height:
            self._move(index - self.view.cursor)
        else:
            self.view.place(index, self.view.height // 2, len(self.buffer))
            self._after_moving()

    def _changed(self, drawn_anew: tuple[int, ...] = ()) -> None:
        """Draw everything anew, or only the rows at some indexes: over a slow line that is what a key waits for."""
        self._make_room_for_years()
        self.refresh(*(self._region_of(index) for index in drawn_anew))
        if self.current is not self._told:
            self._told = self.current
            self.post_message(Moved(self, self._told))

    def _region_of(self, index: int) -> Region:
        return Region(0, _HEADING + index - self.view.top, self.size.width, 1)

    # Keys and mouse.

    def action_cursor(self, step: int) -> None:
        """Move the cursor by rows."""
        self._move(step)

    def action_page(self, step: int) -> None:
        """Move the cursor by pages."""
        self._move(step * max(self.view.height - 1, 1))

    def action_cell(self, step: int) -> None:
        """Move the cell cursor; it starts at the agent."""
        names = [column.name for column in self.columns if column.field is not None]
        if not names:
            return
        self._detach()
        if self.cell not in names:
            self.cell = "agent" if "agent" in names else names[0]
        else:
            self.cell = names[min(max(names.index(self.cell) + step, 0), len(names) - 1)]

    def _move(self, step: int) -> None:
        before, top = self.view.cursor, self.view.top
        self.view.move(step)
        if self.view.cursor != before or step < 0:
            self._detach()
        self._after_moving((before, self.view.cursor) if self.view.top == top else ())

    def _detach(self) -> None:
        if self.following and len(self.buffer):
            self.following = False
            self.post_message(Detached(self))

    def _after_moving(self, drawn_anew: tuple[int, ...] = ()) -> None:
        margin = self.view.height
        if self.view.top < margin and not self.following:
            self._near("top", self.buffer.top_edge(PAGE_SIZE))
        if self.view.top + 2 * margin > len(self.buffer) and not self.following:
            self._near("bottom", self.buffer.bottom_edge())
        self._changed(drawn_anew)

    def _near(self, edge: str, need: str) -> None:
        if need != "end" and edge not in self._awaited:
            self._awaited.add(edge)
            self.post_message(EdgeNear(self, edge, need))

    def forget_request(self, edge: str) -> None:
        """Let an edge be asked for again, after an answer that brought nothing."""
        self._awaited.discard(edge)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up, which detaches."""
        event.stop()
        self._detach()
        self.view.scroll(-_WHEEL)
        self._after_moving()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down."""
        event.stop()
        self.view.scroll(_WHEEL)
        self._after_moving()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the row, open a row that has it already, or go where the time scale was clicked."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        row = offset.y - _HEADING
        if offset.x >= self.size.width - SCROLL_BAR:
            self.post_message(ScaleClicked(self, min(max(row / max(self.view.height - 1, 1), 0.0), 1.0)))
        elif 0 <= row < min(self.view.height, len(self.buffer) - self.view.top):
            again = self.view.top + row == self.view.cursor
            self._detach()
            self._move(self.view.top + row - self.view.cursor)
            if again:
                self.post_message(Opened(self))

    # Drawing.

    def on_resize(self, event: events.Resize) -> None:
        """Show as many rows as fit."""
        self.view.resize(event.size.height - self.styles.padding.height - _HEADING)
        if self.following:
            self.view.follow(len(self.buffer))
        self._restyle()

    def _make_room_for_years(self) -> None:
        """Widen the times once rows of another year are in hand; they stay wide, so that columns move once at most."""
        if not self._dated and len(self.buffer):
            years = {day(self.buffer[at].ts_us, utc=self.utc)[:4] for at in (0, len(self.buffer) - 1)}
            self._dated = bool(self.today) and years != {self.today[:4]}
        if self._row_style is not None and self._row_style.columns != self.columns:
            self._restyle()

    def _restyle(self) -> None:
        self._strips.clear()
        self._row_style = None
        self.refresh()

    def watch_utc(self) -> None:
        """Draw all rows anew."""
        self._make_room_for_years()
        self._restyle()

    watch_today = watch_beside_detail = watch_chosen_columns = watch_utc

    def watch_cell(self) -> None:
        """Draw the heading and the cursor row anew."""
        self.refresh()

    def watch_scale(self, scale: tuple[float, float]) -> None:
        """Move the thumb."""
        if self._scale_bar.place(scale, self.view.height):
            self.refresh(Region(self.size.width - SCROLL_BAR, 0, SCROLL_BAR, self.size.height))

    def notify_style_update(self) -> None:
        """Forget what was drawn in other colours."""
        super().notify_style_update()
        self._strips.clear()
        self._row_style = None

    def _style(self) -> RowStyle:
        if self._row_style is None:
            self._row_style = self._make_style("")
            self._cursor_style = self._make_style("cursor")
        return self._row_style

    def _make_style(self, on: str) -> RowStyle:
        base = paper(self) + ink(self, f"event-list--{on}") if on else paper(self)
        names = (*ROLES, "cell", "column", "bar", "thumb", "track")
        inks = {"": base, **{role: base + ink(self, f"event-list--{role}") for role in names}}
        return RowStyle(self.columns, self.glyphs, inks, self.utc, self.today)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the visible lines.

        This goes past Textual's cache of lines, which is by place: rows move by one with every arrival, and a strip
        that stays the same object keeps what was made of it (cut, filtered, turned into bytes) wherever it moves to.
        """
        above = self.styles.padding.top
        blank = Strip.blank(self.size.width, self._style().inks[""])
        strips = [blank if y < above else self.render_line(y - above) for y in crop.line_range]
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        if crop.column_span != (0, self.size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """Return the heading (line 0) or a row with its part of the time scale."""
        style = self._style()
        if y < _HEADING:
            return self._heading(style, self.size.width)
        self._scale_bar.place(self.scale, self.view.height)
        index = self.view.top + y - _HEADING
        if index >= len(self.buffer) or index == self.view.cursor:
            return self._with_scale(self._row(y - _HEADING, style), y - _HEADING, style)
        event = self.buffer[index]
        key = (event.id, event.alerted, self._scale_bar.has(y - _HEADING))
        strip = self._strips.get(key)
        if strip is None:
            if len(self._strips) > _STRIPS:
                self._strips.clear()
            strip = self._strips[key] = self._with_scale(self._row(y - _HEADING, style), y - _HEADING, style)
        return strip

    def _with_scale(self, strip: Strip, row: int, style: RowStyle) -> Strip:
        sign, role = (self.glyphs.thumb, "thumb") if self._scale_bar.has(row) else (self.glyphs.track, "track")
        return Strip.join([strip, Strip([Segment(sign, style.inks[role])], 1)])

    def _row(self, row: int, style: RowStyle) -> Strip:
        width = max(self.size.width - SCROLL_BAR, 0)
        index = self.view.top + row
        if index >= len(self.buffer):
            words = self.empty_text if row == 1 and not len(self.buffer) else ""
            return Strip([Segment(f"   {words}", style.inks["muted"])]).adjust_cell_length(width, style.inks[""])
        event = self.buffer[index]
        sign = self._sign(event)
        if index != self.view.cursor:
            return draw_row(event, style, sign, width=width)
        strip = draw_row(event, self._cursor_style, sign, cell=self.cell, width=width)
        sign = self.glyphs.cursor if self.has_focus else " "
        return Strip.join([Strip([Segment(sign, self._cursor_style.inks["bar"])], 1), strip.crop(1)])

    def _sign(self, event: EventSummary) -> str:
        """Return what stands before an event: one's own mark, that an alert shows it, that it came late."""
        if event.id in self.marks:
            return "mark"
        if event.alerted:
            return "alert"
        return "late" if self.buffer.is_late(event.id) else ""

    def _heading(self, style: RowStyle, width: int) -> Strip:
        plain = style.inks[""]
        segments: list[Segment] = []
        used = 0
        for column in style.columns:
            text = column.heading.replace("·", self.glyphs.none)[: column.width]
            at = column.x + column.width - len(text) if column.right else column.x
            role = "column" if column.name == self.cell else "heading"
            segments += [Segment(" " * (at - used), plain), Segment(text, style.inks[role])]
            used = at + len(text)
        return Strip(segments, used).adjust_cell_length(width, plain)
