"""The table of the Agents tab: one row for each agent, user, tool …, all of them together at its foot."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar, Final

from rich.segment import Segment
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from store.analytics.model import Dimension
from store.safe_text import safe_text
from tui.actions import bindings_named
from tui.agents_cells import CellLook, cell
from tui.agents_columns import GAP, GUTTER, SCROLL_BAR, columns_for
from tui.agents_order import Order
from tui.agents_rows import AgentRow
from tui.viewport import Viewport
from tui.widgets.ink import ink, paper
from tui.widgets.time_scale import TimeScale

if TYPE_CHECKING:
    from rich.style import Style
    from textual import events
    from textual.binding import BindingType
    from textual.geometry import Size

    from tui.agents_columns import AgentColumn
    from tui.glyphs import Glyphs

ROLES: Final = ("muted", "faint", "strong", "warning", "error", "bar", "heading", "sorted", "thumb", "track", "mark")
_WHEEL: Final = 3
_HEADING: Final = 1


@dataclass(frozen=True, slots=True)
class Shown:
    """What the table shows. `total` None: nothing is known yet."""

    by: Dimension = Dimension.AGENT
    rows: tuple[AgentRow, ...] = ()
    total: AgentRow | None = None
    order: Order = field(default_factory=Order)
    window: str = ""
    """How long the window is, in words."""
    sorted: bool = True
    """Whether the rows stand in the order still; numbers move on, rows stay where they are."""


class AgentsTable(Widget, can_focus=True):
    """Shows `Shown` with a cursor that stays on its value, and a cell cursor. It tells what is to be opened."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "agents-table--cursor",
        "agents-table--cell",
        "agents-table--name",
        *(f"agents-table--{role}" for role in ROLES),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_named("cursor(-1)", "cursor(1)", "page(-1)", "page(1)", "cell(-1)", "cell(1)"),
        Binding("enter", "open", show=False),
        Binding("home,g", "edge(-1)", show=False),
        Binding("end,G", "edge(1)", show=False),
    ]

    cell: reactive[str | None] = reactive(None)
    """Name of the column that the cell cursor is on; None: the whole row is meant."""
    empty_text = reactive("")
    """What is said where there is no row."""

    class Moved(Message):
        """Another row is under the cursor."""

        def can_replace(self, message: Message) -> bool:
            """Only the last row counts."""
            return isinstance(message, AgentsTable.Moved)

    @dataclass
    class Opened(Message):
        """The events behind a number are wanted; `column` None: those of the row."""

        column: str | None

    @dataclass
    class HeadingClicked(Message):
        """Sort by this column."""

        column: str

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        """Start with nothing known."""
        super().__init__(id=id)
        self.glyphs = glyphs
        self.view = Viewport()
        self.shown = Shown()
        self.look = CellLook(glyphs, 0, waiting=True)
        self._on_total = False
        self._inks: dict[bool, dict[str, Style]] = {}
        self._scroll_bar = TimeScale()
        self._told: tuple[Dimension, bool, bool, str | None] | None = None

    # What the screen hands in.

    def show(self, shown: Shown, look: CellLook) -> None:
        """Show this; the cursor stays on its value, and where that is gone, on its line."""
        value, length = self.current, len(shown.rows)
        before, screen_row, self.shown, self.look = self.view.cursor, self.view.screen_row, shown, look
        values = [row.value for row in shown.rows]
        at = values.index(value.value) if value is not None and value.value in values else min(before, length - 1)
        self._on_total = self._on_total and length > 0
        self.view.place(max(at, 0), screen_row, length)
        self.refresh(layout=length + 2 != self.size.height)
        self._tell()

    def tell_time(self, now_us: int) -> None:
        """Say how long ago things were as of now."""
        self.look = replace(self.look, now_us=now_us)
        self.refresh()

    def go_to_top(self) -> None:
        """Put the cursor on the first row: what is shown from now on is something else."""
        self._on_total = False
        self.view.place(0, 0, self.view.length)
        self.refresh()

    @property
    def current(self) -> AgentRow | None:
        """The row under the cursor; None: that of the totals, or there is none."""
        if self._on_total or not self.shown.rows:
            return None
        return self.shown.rows[self.view.cursor]

    @property
    def on_total(self) -> bool:
        """Whether the cursor is on all rows together."""
        return self._on_total

    @property
    def columns(self) -> tuple[AgentColumn, ...]:
        """The columns at the present width."""
        return columns_for(self.shown.by, self.size.width)

    # Keys and mouse.

    def action_cursor(self, step: int) -> None:
        """Move the cursor by rows; below the last one are the totals."""
        last = self.view.cursor == len(self.shown.rows) - 1
        if self._on_total:
            self._on_total = step > 0
            step += 1 if step < 0 else 0
        elif step > 0 and last:
            self._on_total = True
        if not self._on_total:
            self.view.move(step)
        self._moved()

    def action_page(self, step: int) -> None:
        """Move the cursor by pages."""
        self._on_total = False
        self.view.move(step * max(self.view.height - 1, 1))
        self._moved()

    def action_edge(self, step: int) -> None:
        """Move the cursor to the first or the last row."""
        self._on_total = False
        self.view.move(step * len(self.shown.rows))
        self._moved()

    def action_cell(self, step: int) -> None:
        """Move the cell cursor; left of the first number the whole row is meant."""
        names: list[str | None] = [None, *(column.name for column in self.columns[1:])]
        at = names.index(self.cell) if self.cell in names else 0
        self.cell = names[min(max(at + step, 0), len(names) - 1)]

    def action_open(self) -> None:
        """Ask for the events behind the number under the cursor."""
        if self.shown.rows:
            self.post_message(self.Opened(self.cell if self.cell in {one.name for one in self.columns} else None))

    def _moved(self) -> None:
        self.refresh()
        self._tell()

    def _tell(self) -> None:
        """Tell where the cursor is, unless that was told."""
        row = self.current
        now = (self.shown.by, self._on_total, row is not None, None if row is None else row.value)
        if now != self._told:
            self._told = now
            self.post_message(self.Moved())

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
        """Put both cursors where the mouse is, open what they are on already, or sort by a heading."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        under = [column.name for column in self.columns if column.x <= offset.x]
        name = under[-1] if under else "name"
        if offset.y < _HEADING:
            self.post_message(self.HeadingClicked(name))
            return
        row, wanted = offset.y - _HEADING, None if name == "name" else name
        on_total = row == self._visible
        if row > self._visible or not self.shown.rows:
            return
        again = (on_total, self.view.screen_row if not on_total else row, wanted) == (self._on_total, row, self.cell)
        self._on_total, self.cell = on_total, wanted
        if not on_total:
            self.view.move(row - self.view.screen_row)
        self._moved()
        if again:
            self.action_open()

    # Drawing.

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return a line for the heading, for each row and for the totals."""
        del container, viewport, width
        return _HEADING + max(len(self.shown.rows), 1) + 1

    @property
    def _visible(self) -> int:
        """How many rows are on the screen."""
        return min(self.view.height, len(self.shown.rows))

    def on_resize(self, event: events.Resize) -> None:
        """Show as many rows as fit."""
        top = self.view.top
        self.view.resize(event.size.height - self.styles.padding.height - _HEADING - 1)
        self.view.place(self.view.cursor, self.view.cursor - min(top, self.view.top), self.view.length)
        self.refresh()

    def watch_cell(self) -> None:
        """Draw the cell cursor."""
        self.refresh()

    def watch_has_focus(self, _has_focus: bool) -> None:  # noqa: FBT001 (Textual's signature)
        """Draw the cursor row for the new state."""
        super().watch_has_focus(_has_focus)
        self._inks.clear()

    def notify_style_update(self) -> None:
        """Forget styles of the theme before."""
        super().notify_style_update()
        self._inks.clear()

    def _ink(self, *, on_cursor: bool) -> dict[str, Style]:
        if on_cursor not in self._inks:
            base = paper(self) + ink(self, "agents-table--cursor") if on_cursor else paper(self)
            names = (*ROLES, "cell", "name")
            found = {"": base, **{role: base + ink(self, f"agents-table--{role}") for role in names}}
            if not on_cursor:
                found["name"] = base
            self._inks[on_cursor] = found
        return self._inks[on_cursor]

    def render_line(self, y: int) -> Strip:
        """Return the heading (line 0), a row, or the totals. Names pass through `safe_text` where they are padded."""
        if y < _HEADING:
            return self._heading()
        line, rows = y - _HEADING, self.shown.rows
        if not rows:
            return self._nothing(line)
        if line < self._visible:
            index = self.view.top + line
            on_cursor = index == self.view.cursor and not self._on_total
            return Strip.join([self._row(rows[index], self.look, on_cursor=on_cursor), self._beside(line)])
        if line == self._visible and self.shown.total is not None:
            look = replace(self.look, strong=True, nameless=self._total_words)
            return self._row(self.shown.total, look, on_cursor=self._on_total)
        return Strip.blank(self.size.width, paper(self))

    @property
    def _total_words(self) -> str:
        there = sum(1 for row in self.shown.rows if not row.silent)
        silent = len(self.shown.rows) - there
        return f"all {there}{f' + {silent} silent' if silent else ''}"

    def _nothing(self, line: int) -> Strip:
        inks, width = self._ink(on_cursor=False), self.size.width
        if self.shown.total is None and line == 0:
            text = " " * GUTTER
            for column in self.columns:
                sign = self.glyphs.pending
                text += (sign.rjust(column.width) if column.right else sign.ljust(column.width)) + " " * GAP
            return Strip([Segment(text, inks["faint"])]).adjust_cell_length(width, inks[""])
        words = safe_text(self.empty_text) if self.shown.total is not None and line == 0 else ""
        return Strip([Segment(" " * GUTTER + words, inks["muted"])]).adjust_cell_length(width, inks[""])

    def _row(self, row: AgentRow, look: CellLook, *, on_cursor: bool) -> Strip:
        inks = self._ink(on_cursor=on_cursor)
        marked = on_cursor and self.has_focus
        segments = [Segment((self.glyphs.cursor if marked else " ").ljust(GUTTER), inks["mark"])]
        for column in self.columns:
            chosen = on_cursor and column.name == self.cell
            for text, roles in cell(column, row, look):
                style = inks[""]
                for role in roles.split():
                    style += inks[role]
                segments.append(Segment(text, style + inks["cell"] if chosen else style))
            segments.append(Segment(" " * GAP, inks[""]))
        width = max(self.size.width - SCROLL_BAR, 0)
        strip = Strip(segments).simplify().adjust_cell_length(width, inks[""])
        return strip if row is not self.shown.total else strip.adjust_cell_length(self.size.width, inks[""])

    def _beside(self, line: int) -> Strip:
        inks, length = self._ink(on_cursor=False), len(self.shown.rows)
        if length <= self.view.height:
            return Strip([Segment(" ", inks[""])], 1)
        self._scroll_bar.place((self.view.top / length, (self.view.top + self.view.height) / length), self.view.height)
        has = self._scroll_bar.has(line)
        return Strip([Segment(self.glyphs.thumb if has else self.glyphs.track, inks["thumb" if has else "track"])], 1)

    def _heading(self) -> Strip:
        inks = self._ink(on_cursor=False)
        segments = [Segment(" " * GUTTER, inks[""])]
        for column in self.columns:
            text, role = self._heading_of(column)
            text = text.rjust(column.width) if column.right else text.ljust(column.width)
            segments += [Segment(text[: column.width], inks[role]), Segment(" " * GAP, inks[""])]
        return Strip(segments).adjust_cell_length(self.size.width, inks[""])

    def _heading_of(self, column: AgentColumn) -> tuple[str, str]:
        text = self.shown.by.value if column.name == "name" else column.heading
        if column.name == "activity" and self.shown.window:
            text = f"{text}, {self.shown.window}"
        order = self.shown.order
        if order.column != column.name:
            return text, "heading"
        sign = self.glyphs.descending if order.descending else self.glyphs.ascending
        role = "sorted" if self.shown.sorted else "heading"
        return (f"{sign} {text}" if column.right else f"{text} {sign}"), role
