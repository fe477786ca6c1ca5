"""What the keys of every event list do: narrow it by what it shows, and go somewhere in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.geometry import Offset

from store.events import DENIAL
from store.filters.clause import Clause, literal
from store.filters.keys import Key
from tui.actions import Place, bindings_of, hint
from tui.histogram_window import WINDOW_US
from tui.messages import ShowNotice
from tui.screens.event_facts import TroubleSought
from tui.screens.list_screen import ListScreen

if TYPE_CHECKING:
    from textual.binding import BindingType

    from store.events import EventSummary
    from tui.columns import Column

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
KEEP_HINTS: Final = (
    hint("views", shown="v V", label="views/save"),
    hint("copy_command"),
    hint("mark", shown="m '", label="mark/next"),
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

    def action_mark(self) -> None:
        """Mark the event under the cursor, or take its mark off."""
        current = self.events.current
        if current is not None:
            self.marks.toggle(current.id)
            self.events.show_marks()

    def action_next_mark(self) -> None:
        """Go to the next marked event that is in this list, from the last one on to the first."""
        current = self.events.current
        if current is None:
            return
        marked = self.marks.behind(current.id)
        if not marked:
            self.post_message(ShowNotice("No event is marked: m marks the one under the cursor"))
        elif marked != [current.id]:
            self.stand_still()
            self.look.marked(self.what, marked)

    # Filter.

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
        self.push(PickerScreen(self.service, question, glyphs=self.glyphs), self.picked)

    def _below(self, name: str) -> Offset:
        """Return the cell under a column's heading; under the agent where that column is not there."""
        region = self.events.content_region
        columns = {column.name: column for column in self.events.columns}
        column: Column | None = columns.get(name) or columns.get("agent")
        return Offset(region.x + (column.x if column else 0), region.y + 1)

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

    def leave_query(self) -> None:
        """Go back to the list."""
        self.events.focus()

    def action_back(self) -> None:
        """Leave the detail, then the cell."""
        if self.has_detail:
            self.close_detail()
        else:
            self.events.cell = None
