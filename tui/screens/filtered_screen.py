"""A tab that the one filter of the dashboard holds for: what narrows it, and how views of it are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.reactive import reactive

from store.filters.model import Filter
from tui.marks import Marks
from tui.query_history import QueryHistory
from tui.screens.tab_screen import TabScreen
from tui.shown_view import ShownView
from tui.view_tools import ViewTools

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.filters.clause import Clause
    from store.service import QueryService
    from tui.glyphs import Glyphs
    from tui.messages import AddClause, DropOperand
    from tui.query_messages import QuerySubmitted
    from tui.view_keeping import ViewKeeping
    from tui.widgets.query_line import QueryLine


class FilteredScreen(TabScreen):
    """Base of Live, Search and Agents, which the app hands the filter from one to the next, and of Alerts."""

    OWN_FILTER: ClassVar[bool] = False
    """Whether the tab has a filter of its own, which is no other tab's."""

    what: reactive[Filter] = reactive(Filter(), init=False)
    """The filter."""

    def __init__(self, service: QueryService, *, clock: Callable[[], int], glyphs: Glyphs) -> None:
        """Show what `service` can see; `clock` tells UTC microseconds."""
        super().__init__(glyphs)
        self.service = service
        self.clock = clock
        self.history = QueryHistory()
        """The queries that were run; the app gives all tabs the same."""
        self.view_tools = ViewTools()
        """What views are kept with; the app says."""
        self.marks = Marks()
        """The events that are marked; the app gives all tabs the same."""

    # The filter.

    def set_filter(self, what: Filter) -> None:
        """Show what passes another filter."""
        self.what = what

    def add_clause(self, clause: Clause) -> None:
        """Narrow what is shown."""
        self.set_filter(self.what.with_clause(clause))

    def on_add_clause(self, message: AddClause) -> None:
        """Narrow what is shown by a value that was clicked."""
        self.add_clause(message.clause)

    def picked(self, clause: Clause | None) -> None:
        """Narrow what is shown by the answer of a picker; None: it was left."""
        if clause is not None:
            self.add_clause(clause)

    def action_drop_last(self) -> None:
        """Drop the filter's last part."""
        self.set_filter(self.what.without_last())

    def on_drop_operand(self, message: DropOperand) -> None:
        """Drop the part whose cross was clicked."""
        self.set_filter(self.what.without(message.index))

    def action_clear_filter(self) -> None:
        """Show everything."""
        self.set_filter(Filter())

    # The query line.

    async def query_line(self) -> QueryLine:
        """Return the line in which the filter is typed; it is on the screen from now on."""
        raise NotImplementedError

    def leave_query(self) -> None:
        """Give the focus back to what the filter is for."""
        raise NotImplementedError

    async def action_edit_filter(self) -> None:
        """Type the filter, behind what it is now."""
        text = self.what.text
        line = await self.query_line()
        line.open(f"{text} " if text else "")

    def on_query_submitted(self, message: QuerySubmitted) -> None:
        """Show what passes."""
        self.set_filter(message.what)
        self.leave_query()

    def on_query_left(self) -> None:
        """Go back to what was looked at."""
        self.leave_query()

    # Views.

    @property
    def shown_view(self) -> ShownView:
        """What is shown, and how."""
        return ShownView(self.what)

    def show_view(self, view: ShownView) -> str:
        """Show this; return what of it has no place here, as words behind "its", empty: nothing."""
        self.set_filter(view.what)
        return view.arrangement_words

    @property
    def views(self) -> ViewKeeping:
        """What is done with views."""
        from tui.view_keeping import ViewKeeping  # noqa: PLC0415 (not needed for the first paint)

        return ViewKeeping(self)

    def action_views(self) -> None:
        """Choose a saved view."""
        self.views.choose()

    def action_save_view(self) -> None:
        """Save what is shown under a name."""
        self.views.save()

    def action_copy_command(self) -> None:
        """Copy what is shown as a command."""
        self.views.copy_command()
