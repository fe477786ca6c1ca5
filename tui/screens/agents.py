"""The Agents tab: what its keys do, and the panel about the row under the cursor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual.geometry import Offset

from store.filters.clause import Clause, literal
from store.filters.keys import Key
from store.filters.model import Filter
from tui.actions import Hint, Place, bindings_named, bindings_of, hint
from tui.agents_columns import kinds_of
from tui.agents_command import agents_command
from tui.agents_order import turned
from tui.agents_query import behind
from tui.agents_window import WindowChoice, other_length
from tui.messages import ShowEvents, ShowNotice
from tui.screens.agents_panel import AgentsPanelView
from tui.screens.agents_questions import DIMENSIONS
from tui.search_window import moments, narrowed
from tui.widgets.filter_line import FilterLine
from tui.widgets.hint_bar import HintBar

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.events import DescendantFocus

    from tui.agents_order import Order
    from tui.query_messages import QueryChanged
    from tui.screens.live_facts import QueryCounted
    from tui.widgets.agents_bars import GroupBy
    from tui.widgets.agents_table import AgentsTable
    from tui.widgets.query_line import QueryLine

_HINTS: Final = (
    Hint("↵", "open events", "focused.open"),
    hint("sort"),
    Hint("Tab", "next pane", "app.focus_next"),
    hint("window(-1)", shown="[ ]", label="earlier/later"),
    hint("span(1)", shown="{ }", label="shorter/longer"),
    hint("facets", label="group by"),
    hint("pick('agent')", shown="a u t", label="filter"),
    hint("edit_filter"),
)
_NARROWED: Final = (hint("drop_last", shown="x X", label="drop/clear filter"),)
_MORE: Final = (hint("filter_cell(0)", shown="f F", label="this row in/out"), hint("maximise"), hint("copy_command"))
_PRESENT: Final = "This is the latest window: it goes along with the time."
_ALL_ROWS: Final = "This row is all of them: choose one with the arrow keys."


class AgentsScreen(AgentsPanelView):
    """What each agent, user, tenant, tool, server and model did, how well, and for how much."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_of(Place.AGENTS),
        *bindings_named(
            "window(-1)", "window(1)", "facets", "sort", "pick('agent')", "pick('user')", "pick('type')",
            "filter_cell(0)", "filter_cell(1)", "edit_filter", "drop_last", "clear_filter", "views", "save_view",
            "copy_command", "back", "retry",
        ),
    ]  # fmt: skip

    _line: QueryLine | None = None
    _typed: Filter | None = None

    # What is behind a number.

    def on_agents_table_opened(self, message: AgentsTable.Opened) -> None:
        """Show the events behind a number."""
        window, row = self.window, self.table.shown.total if self.table.on_total else self.table.current
        if window is not None and row is not None:
            by = None if self.table.on_total else self.table.shown.by
            self.post_message(ShowEvents(behind(self.shown_filter, window, by, row, message.column)))

    # The window.

    def action_window(self, by: int) -> None:
        """Take the window before (after) this one; a filter's own times move along."""
        window = self.window
        if window is None:
            return
        start, end = window.start_us + by * window.length_us, window.end_us + by * window.length_us
        if self._filter_has_times:
            self.set_filter(narrowed(self.what, start, end))
        elif by > 0 and window.kind == "now":
            self.post_message(ShowNotice(_PRESENT))
        else:
            present = end >= self.clock()
            self._choose(replace(self.choice, end_us=None if present else end, present=present))

    def action_span(self, by: int) -> None:
        """Take a longer (shorter) window with the same end."""
        window = self.window
        if window is None:
            return
        length = other_length(window.length_us, by)
        if length == window.length_us:
            return
        self.choice = replace(self.choice, length_us=length)
        if self._filter_has_times:
            self.set_filter(narrowed(self.what, window.end_us - length, window.end_us))
        else:
            self.ask()

    @property
    def _filter_has_times(self) -> bool:
        return moments(self.what, self.clock()) != (None, None)

    def _choose(self, choice: WindowChoice) -> None:
        self.choice = choice
        self.ask()

    # Dimension and order.

    def action_facets(self) -> None:
        """Tell the table apart by the next dimension."""
        self.tell_by(DIMENSIONS[(DIMENSIONS.index(self.by) + 1) % len(DIMENSIONS)])

    def on_group_by(self, message: GroupBy) -> None:
        """Tell the table apart by the dimension that was clicked."""
        self.tell_by(message.by)

    def action_sort(self) -> None:
        """Ask how to sort."""
        from tui.screens.agents_sort import AgentsSortScreen  # noqa: PLC0415 (not needed for the first paint)

        dialog = AgentsSortScreen(self.order, kinds_of(self.by), self.by.value, glyphs=self.glyphs)
        self.push(dialog, self._sorted)

    def _sorted(self, order: Order | None) -> None:
        if order is not None:
            self.sort_by(order)

    def on_agents_table_heading_clicked(self, message: AgentsTable.HeadingClicked) -> None:
        """Sort by a column; once more turns it round."""
        if message.column != "activity":
            self.sort_by(turned(self.order, message.column))

    # The filter.

    def action_pick(self, name: str) -> None:
        """Ask which agent, user or type."""
        from tui.screens.picker import PickerQuestion, PickerScreen  # noqa: PLC0415 (not needed for the first paint)

        row, region = self.table.current, self.table.content_region
        question = PickerQuestion(
            field=Key(name),
            what=self.what,
            own=row.value if row is not None and name == self.by.value else None,
            window=self._counting_window,
            anchor=Offset(region.x + 2, region.y + 1),
        )
        self.push(PickerScreen(self.service, question, glyphs=self.glyphs), self.picked)

    @property
    def _counting_window(self) -> tuple[int, int]:
        window = self.window
        return (0, self.clock() + 1) if window is None else (window.start_us, window.end_us)

    def action_filter_cell(self, without: int) -> None:
        """Keep only the row's value, or leave it out."""
        row = self.table.current
        if row is None:
            self.post_message(ShowNotice(_ALL_ROWS))
            return
        kept = None if row.value is None else literal(row.value)
        self.add_clause(Clause(Key(self.by.value), (kept,), negated=bool(without)))

    def set_filter(self, what: Filter) -> None:
        """Show what passes another filter, with its chips."""
        self._close_line()
        super().set_filter(what)

    # The query line, in place of the filter line.

    async def query_line(self) -> QueryLine:
        """Return the line, which is there only while it is typed in."""
        from tui.query_values import StoreValues  # noqa: PLC0415 (not needed for the first paint)
        from tui.widgets.query_line import QueryLine  # noqa: PLC0415 (not needed for the first paint)

        if self._line is None:
            chips = self.query_one(FilterLine)
            values = StoreValues(self.service, lambda: self._counting_window)
            self._line = QueryLine(self.glyphs, values=values, history=self.history)
            self._line.utc, self._line.when = self.utc, "in this window"
            chips.display = False
            await self.mount(self._line, after=chips)
        return self._line

    def leave_query(self) -> None:
        """Show the chips again, and go back to the table."""
        self._close_line()
        self.table.focus()

    def _close_line(self) -> None:
        if self._line is not None:
            self._typed = None
            self.ask_store.count(None, self._counting_window)
            self._line.remove()
            self._line = None
            self.query_one(FilterLine).display = True

    def on_query_changed(self, message: QueryChanged) -> None:
        """Count what would pass."""
        self._typed = message.what
        self.ask_store.count(message.what, self._counting_window)

    def on_query_counted(self, message: QueryCounted) -> None:
        """Show how many, unless something else has been typed since."""
        if self._line is not None and message.what is self._typed:
            self._line.passing, self._line.total = message.events, message.total
            self._line.complete = message.complete

    def action_copy_command(self) -> None:
        """Copy the table as a command."""
        window = self.window
        if window is not None:
            place = self.view_tools.place
            self.views.copy(agents_command(self.shown_filter, self.by, window, self.order, place, utc=self.utc))

    # Again, and back.

    def action_retry(self) -> None:
        """Ask again."""
        self._told = False
        self.ask()

    def action_back(self) -> None:
        """Leave the query line; else stop a count that takes long, leave the panel, or the cell."""
        if self._line is not None:
            self._line.action_leave()
        elif self.stop():
            return
        elif self.focused is not self.table:
            self.table.focus()
        else:
            self.table.cell = None

    def on_descendant_focus(self, _event: DescendantFocus) -> None:
        """Say what the keys do in the pane that has the focus now."""
        self.show_hints()

    def show_hints(self) -> None:
        """Say what the keys do now."""
        from tui.screens.live import QUERY_HINTS  # noqa: PLC0415 (a tab of its own)

        typing = self._line is not None and self._line.has_focus_within
        narrowed_by = _NARROWED if self.what else ()
        self.query_one(HintBar).hints = QUERY_HINTS if typing else (*_HINTS, *narrowed_by, *_MORE)
