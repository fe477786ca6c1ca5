"""The panel below the table of the Agents tab: everything about the chosen row, each number a way to its events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.worker import Worker, WorkerState

from store.filters.errors import QueryError
from store.filters.model import Filter
from tui.agent_behind import Behind, Unfold
from tui.agent_facts import AgentFacts
from tui.widgets import chart
from tui.widgets.line import Line, Span
from tui.widgets.line_view import LineView
from tui.widgets.panel_columns import sheet_for, waiting_sheet
from tui.widgets.panel_row import Look, Piece, Row, laid
from tui.widgets.panel_sheet import Sheet, Side, Spot, sheet_of

_ROLES: Final = ("heat1", "heat2", "heat3", "heat4", "volume", "reversed", "spot", "spot-drawn")
_DRAWN: Final = frozenset({"heat1", "heat2", "heat3", "heat4", "volume", "reversed"})
_FIRST: Final = ("unusual", "fresh", "parts", "errors")
"""Panes whose first number the cursor begins with, where there is one."""
_LOADING: Final = "chart"


class AgentPanel(LineView):
    """Shows `facts`. Arrows go from number to number, Enter or a click opens the events behind one."""

    GUTTER: ClassVar[int] = 0
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"line--{role}" for role in _ROLES}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "go('up')", show=False),
        Binding("down", "go('down')", show=False),
        Binding("left", "go('left')", show=False),
        Binding("right", "go('right')", show=False),
        Binding("home", "first", show=False),
        Binding("end", "last", show=False),
    ]

    facts: reactive[AgentFacts | None] = reactive(None)
    """What is shown; None: `notice`, or that it is being read."""
    about = reactive("")
    """Who the facts will be about, while they are being read."""
    notice = reactive("")
    """What is said where there are no facts and none will come; empty: they are being read."""
    trouble = reactive(default=False)
    """Whether `notice` says that something went wrong."""
    utc = reactive(default=False)
    """Whether times are in UTC instead of local time."""
    chosen: reactive[tuple[str, ...]] = reactive(())
    """The name of the number under the cursor; empty: the first one."""

    class OpenEvents(Message):
        """The events behind a number are wanted."""

        def __init__(self, what: Filter) -> None:
            """Remember the filter that finds them; it has its own times."""
            super().__init__()
            self.what = what

        @property
        def query(self) -> str:
            """The filter as text of the filter language. One with very long names is too long to be read again."""
            return self.what.text

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        """Start in the state of reading."""
        super().__init__(id=id)
        self._sheet = Sheet()
        self._unfolded: frozenset[tuple[str, ...]] = frozenset()
        self._made_of: tuple[object, ...] = ()
        self._draws: Worker[None] | None = None

    # What is shown.

    def watch_facts(self, before: AgentFacts | None, after: AgentFacts | None) -> None:
        """Show it; somebody else's facts begin at the top."""
        if before is None or after is None or (before.dimension, before.value) != (after.dimension, after.value):
            self._unfolded = frozenset()
            self.set_reactive(AgentPanel.chosen, ())
            self.to_top()
        self.rebuild()

    def _watch_words(self) -> None:
        self.rebuild()

    watch_about = watch_notice = watch_trouble = watch_utc = _watch_words

    def _load_chart(self) -> None:
        """Have what draws charts imported in a thread, as soon as there is something to draw."""
        if self.facts is not None and self._draws is None and not chart.is_loaded():
            self._draws = self.run_worker(chart.load, thread=True, exit_on_error=False, group=_LOADING)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Draw the chart as soon as it can be drawn."""
        group = event.worker.group  # pyright: ignore[reportUnknownMemberType]  (Textual leaves the worker's answer open)
        if group == _LOADING and event.state is WorkerState.SUCCESS:
            self.rebuild()

    def build(self, width: int) -> Sequence[Line]:
        """Return the panel's lines, the number under the cursor marked where the keys go."""
        self._load_chart()
        look = Look(self.glyphs, self.utc, self._plain, self._unfolded)
        made_of = (self.facts, width, look, self.about, self.notice, self.trouble, chart.is_loaded())
        if made_of != self._made_of:  # where only the cursor has moved, the sheet is the same
            self._made_of, self._sheet = made_of, self._made(width, look)
        return [Line(tuple(row)) for row in self._marked()]

    @property
    def _plain(self) -> bool:
        return bool(self.app.no_color)  # pyright: ignore[reportUnknownMemberType]  (Textual leaves the app's answer open)

    def _made(self, width: int, look: Look) -> Sheet:
        if self.facts is not None:
            return sheet_for(self.facts, width, look)
        if not self.notice:
            return waiting_sheet(self.about, width, look)
        sign, role = (look.glyphs.failure, "error") if self.trouble else (look.glyphs.none, "faint")
        return sheet_of(Row((Piece(f"{sign} ", role), Piece(self.notice, "muted"))), (), width)

    # The number under the cursor.

    @property
    def spot(self) -> Spot | None:
        """The number under the cursor; None: there is no number at all."""
        spots = self._sheet.spots
        if self.chosen in spots:
            return spots[self.chosen]
        firsts = (one for name in _FIRST for key, one in spots.items() if key[0] == name)
        return next(firsts, next(iter(spots.values()), None))

    @property
    def spots(self) -> Sequence[Spot]:
        """All numbers, as they stand from the top and the left."""
        return sorted(self._sheet.spots.values(), key=lambda one: (one.top, one.start))

    def beside(self, spot: Spot, side: Side) -> Spot | None:
        """Return the number that an arrow leads to from another; None: there is none on that side."""
        return self._sheet.beside(spot, side)

    def _marked(self) -> Iterator[list[Span]]:
        spot = self.spot if self.has_focus else None
        name = None if spot is None else spot.target.name
        told = None if spot is None or not spot.target.says else spot.pane.row
        for y, row in enumerate(self._sheet.rows):
            pieces = row if y != told or spot is None else self._telling(row, spot)
            yield [(piece.text, _role(piece, name)) for piece in pieces]

    def _telling(self, row: Sequence[Piece], spot: Spot) -> list[Piece]:
        """Return the row of a pane's heading with what the number under the cursor means at its right."""
        pane, found, cell = spot.pane, list[Piece](), 0
        for piece in row:
            if cell == pane.start:
                says = Piece(f"{spot.target.says} {self.glyphs.enter}", "primary")
                found += laid(Row(pane.heading.left, (says,), pane.heading.rule), pane.width)
            if not pane.start <= cell < pane.start + pane.width:
                found.append(piece)
            cell += cell_len(piece.text)
        return found

    def watch_chosen(self) -> None:
        """Mark it and keep it in sight, the first rows with the headline."""
        self.rebuild()
        spot = self.spot
        if spot is None:
            return
        height, top = self.scrollable_content_region.height, self.scroll_offset.y
        first = 0 if spot.top <= spot.pane.row + 1 and spot.pane.row <= 2 else spot.top  # noqa: PLR2004 (below the head)
        if first < top:
            self.scroll_to(
                y=min(first, spot.pane.row) if spot.bottom - spot.pane.row < height else first, animate=False
            )
        elif spot.bottom >= top + height:
            self.scroll_to(y=spot.bottom - height + 1, animate=False)

    def watch_has_focus(self, _has_focus: bool) -> None:  # noqa: FBT001 (Textual's signature)
        """Mark the number only where the keys go."""
        super().watch_has_focus(_has_focus)
        self.rebuild()

    def action_go(self, side: Side) -> None:
        """Go to the next number on a side; where there is none, scroll."""
        spot = self.spot
        found = None if spot is None else self.beside(spot, side)
        if found is not None:
            self.chosen = found.target.name
        elif side in ("up", "down"):
            self.scroll_relative(y=-1 if side == "up" else 1, animate=False)

    def action_first(self) -> None:
        """Go to the first number."""
        self._to(0)

    def action_last(self) -> None:
        """Go to the last number."""
        self._to(-1)

    def _to(self, index: int) -> None:
        self.scroll_to(y=0 if not index else self.max_scroll_y, animate=False)
        if self.spots:
            self.chosen = self.spots[index].target.name

    def action_choose(self) -> None:
        """Open the events behind the number under the cursor, or unfold the rest of a pane."""
        spot = self.spot
        if spot is None:
            return
        match spot.target:
            case Behind() as target:
                self._open(target)
            case Unfold(name):
                self._unfolded |= {name}
                self.rebuild()

    def _open(self, target: Behind) -> None:
        try:
            self.post_message(self.OpenEvents(target.find()))
        except QueryError:  # a message whose words, or a name, make a query longer than any may be
            self.notify("This query is too long to be opened.", markup=False, severity="error")

    def on_click(self, event: events.Click) -> None:
        """Open the events behind the number under the mouse."""
        offset = event.get_content_offset(self)
        found = None if offset is None else self._sheet.at(offset.y + self.scroll_offset.y, offset.x)
        if found is not None:
            self.chosen = found.target.name
            self.action_choose()


def _role(piece: Piece, chosen: tuple[str, ...] | None) -> str:
    if chosen is None or piece.target is None or piece.target.name != chosen:
        return piece.role
    return f"{piece.role} {'spot-drawn' if _DRAWN & set(piece.role.split()) else 'spot'}".strip()
