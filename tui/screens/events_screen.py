"""What the keys of every event list do: narrow it by what it shows, and go somewhere in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.geometry import Offset
from textual.reactive import reactive

from store.events import DENIAL
from store.filters.clause import Clause, literal
from store.filters.keys import Key
from store.filters.model import Filter
from tui.actions import Place, bindings_of, hint
from tui.histogram_window import WINDOW_US
from tui.messages import AddClause, DropOperand, ShowNotice
from tui.query_history import QueryHistory
from tui.screens.event_facts import TroubleSought
from tui.screens.list_screen import ListScreen
from tui.shown_view import ShownView
from tui.view_tools import ViewTools

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.binding import BindingType

    from store.events import EventSummary
    from store.service import QueryService
    from tui.columns import Column
    from tui.glyphs import Glyphs
    from tui.query_messages import QuerySubmitted
    from tui.view_keeping import ViewKeeping
    from tui.widgets.query_line import QueryLine

FILTER_HINTS: Final = (
    hint("pick('agent')"),
    hint("pick('user')"),
    hint("pick('type')"),
    hint("edit_filter"),
    hint("filter_cell(0)", shown="f F", label="this value in/out"),
)
NARROWED_HINTS: Final = (hint("drop_last", shown="x X", label="drop/clear filter"),)
LOOK_HINTS: Final = (
    hint("trouble(1, 1)", shown="e w", label="next error/denial"),
    hint("thread"),
    hint("copy_json"),
)
DETAIL_HINTS: Final = (
    hint("back", shown="Tab", label="to the list"),
    hint("back"),
    hint("copy_json"),
    hint("maximise"),
)

_CELL_HELP: Final = "Choose a cell with the left and right keys: f keeps only its value, F leaves it out."


def value_in(event: EventSummary, field: Key) -> str | None:
    """Return what an event has in one of the fields that columns can be filtered by."""
    values = {
        Key.AGENT: event.agent_id,
        Key.USER: event.user_id,
        Key.TENANT: event.tenant_id,
        Key.TYPE: event.event_type,
        Key.TOOL: event.tool,
        Key.SERVER: event.server,
        Key.MODEL: event.model,
        Key.STATUS: event.status,
    }
    return values.get(field)


class EventsScreen(ListScreen):
    """Base of Live and Search. A subclass says how to load what the keys ask for."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(Place.EVENTS)]

    what: reactive[Filter] = reactive(Filter(), init=False)
    """The filter."""

    def __init__(self, service: QueryService, *, clock: Callable[[], int], glyphs: Glyphs) -> None:
        """Show what `service` can see; `clock` tells UTC microseconds."""
        super().__init__(service, clock=clock, glyphs=glyphs)
        self.history = QueryHistory()
        """The queries that were run; the app gives all tabs the same."""
        self.view_tools = ViewTools()
        """What views are kept with; the app says."""

    # What a subclass loads.

    def show_newest(self) -> None:
        """Go to the newest event."""
        raise NotImplementedError

    def show_oldest(self) -> None:
        """Go to the oldest event."""
        raise NotImplementedError

    def show_time(self, ts_us: int) -> None:
        """Go to the first event at or after a time."""
        raise NotImplementedError

    def seek_trouble(self, from_id: int, trouble: int, *, forward: bool, noun: str) -> None:
        """Seek the nearest event with that `trouble` bit after (before) one, and post `TroubleSought`."""
        raise NotImplementedError

    @property
    def counting_window(self) -> tuple[int, int]:
        """The half-open span of UTC microseconds that pickers count in."""
        return self.clock() - WINDOW_US, self.clock() + 1

    # Go somewhere.

    def action_newest(self) -> None:
        """Go to the newest event."""
        self.show_newest()

    def action_oldest(self) -> None:
        """Go to the oldest event."""
        self.show_oldest()

    def action_go_to_time(self) -> None:
        """Ask for a time and go there."""
        from tui.screens.goto_time import GotoTimeScreen  # noqa: PLC0415 (not needed for the first paint)

        dialog = GotoTimeScreen(now_us=self.clock(), utc=self.utc, glyphs=self.glyphs)
        self.push(dialog, self._go_to_time)

    def _go_to_time(self, ts_us: int | None) -> None:
        if ts_us is not None:
            self.show_time(ts_us)

    def action_trouble(self, trouble: int, forward: int) -> None:
        """Go to the next (previous) error or denial."""
        events = self.events
        current = events.current
        if current is None:
            return
        self.stand_still()
        found = events.buffer.find_trouble(events.view.cursor, trouble, forward=bool(forward))
        if found is not None:
            events.move_to(found)
            return
        way = "later" if forward else "earlier"
        noun = f"{way} {'denial' if trouble == DENIAL else 'error'}"
        edge = (events.buffer.last if forward else events.buffer.first) or current
        self.seek_trouble(edge.id, trouble, forward=bool(forward), noun=noun)

    def on_trouble_sought(self, message: TroubleSought) -> None:
        """Go there, or say that there is none."""
        if message.event_row_id is None:
            self.post_message(ShowNotice(f"There is no {message.noun}"))
        else:
            self.go_to_event(message.event_row_id)

    # Filter.

    def set_filter(self, what: Filter) -> None:
        """Show what passes another filter."""
        self.what = what

    def action_pick(self, name: str) -> None:
        """Ask which agent, user or type."""
        from tui.screens.picker import PickerQuestion, PickerScreen  # noqa: PLC0415 (not needed for the first paint)

        field = Key(name)
        current = self.events.current
        question = PickerQuestion(
            field=field,
            what=self.what,
            own=None if current is None else value_in(current, field),
            window=self.counting_window,
            anchor=self._below(name),
        )
        self.push(PickerScreen(self.service, question, glyphs=self.glyphs), self._picked)

    def _below(self, name: str) -> Offset:
        """Return the cell under a column's heading; under the agent where that column is not there."""
        region = self.events.content_region
        columns = {column.name: column for column in self.events.columns}
        column: Column | None = columns.get(name) or columns.get("agent")
        return Offset(region.x + (column.x if column else 0), region.y + 1)

    def _picked(self, clause: Clause | None) -> None:
        if clause is not None:
            self.add_clause(clause)

    def add_clause(self, clause: Clause) -> None:
        """Narrow the list."""
        self.set_filter(self.what.with_clause(clause))

    def on_add_clause(self, message: AddClause) -> None:
        """Narrow the list by a value that was clicked."""
        self.add_clause(message.clause)

    def action_filter_cell(self, without: int) -> None:
        """Keep only the value under the cell cursor, or leave it out."""
        events = self.events
        column = next((column for column in events.columns if column.name == events.cell), None)
        if events.current is None:
            return
        if column is None or column.field is None:
            events.action_cell(0)
            self.post_message(ShowNotice(_CELL_HELP))
            return
        value = value_in(events.current, column.field)
        kept = None if value is None else literal(value)
        self.add_clause(Clause(column.field, (kept,), negated=bool(without)))

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

    async def action_edit_filter(self) -> None:
        """Type the filter, behind what it is now."""
        text = self.what.text
        line = await self.query_line()
        line.open(f"{text} " if text else "")

    def on_query_submitted(self, message: QuerySubmitted) -> None:
        """Show what passes."""
        self.set_filter(message.what)
        self.events.focus()

    def on_query_left(self) -> None:
        """Go back to the list."""
        self.events.focus()

    def action_back(self) -> None:
        """Leave the detail, then the cell."""
        if self.has_detail:
            self.close_detail()
        else:
            self.events.cell = None

    # Views.

    @property
    def shown_view(self) -> ShownView:
        """What the list shows, and how."""
        return ShownView(self.what)

    def show_view(self, view: ShownView) -> str:
        """Show this; return what of it has no place here, as words behind "its", empty: nothing."""
        self.set_filter(view.what)
        return view.arrangement_words

    @property
    def _views(self) -> ViewKeeping:
        from tui.view_keeping import ViewKeeping  # noqa: PLC0415 (not needed for the first paint)

        return ViewKeeping(self)

    def action_views(self) -> None:
        """Choose a saved view."""
        self._views.choose()

    def action_save_view(self) -> None:
        """Save what is shown under a name."""
        self._views.save()

    def action_copy_command(self) -> None:
        """Copy what is shown as a command."""
        self._views.copy_command()
