"""The Live tab: what its keys do, its dialogs and its detail pane."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ClassVar, Final

from textual.containers import Center, Horizontal, Middle
from textual.geometry import Offset

from store.events import DENIAL
from store.filters.model import Clause, Field, Filter
from tui.actions import Place, bindings_of, hint
from tui.columns import Column
from tui.histogram_window import WINDOW_US
from tui.messages import AddClause, CloseDetail, DropClause, ShowNotice
from tui.screens.live_facts import DetailLoaded, JsonLoaded, TroubleSought
from tui.screens.live_view import LiveView
from tui.widgets.filter_line import FilterLine
from tui.widgets.hint_bar import HintBar

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.events import DescendantFocus

    from store.events import EventSummary
    from tui.header_state import HeaderState
    from tui.widgets.detail import DetailPane
    from tui.widgets.first_run import FirstRun

_FOLLOWING: Final = (hint("toggle_pause"), hint("toggle_detail"))
_PAUSED: Final = (hint("toggle_pause", label="resume"), hint("newest"), hint("toggle_detail"))
_FILTERS: Final = (
    hint("pick('agent')"),
    hint("pick('user')"),
    hint("pick('type')"),
    hint("filter_cell(0)", shown="f F", label="this value in/out"),
)
_NARROWED: Final = (hint("drop_last", shown="x X", label="drop/clear filter"),)
_LOOK: Final = (hint("trouble(1, 1)", shown="e w", label="next error/denial"), hint("copy_json"), hint("oldest"))
_IN_DETAIL: Final = (hint("back", shown="Tab", label="to the list"), hint("back"), hint("copy_json"), hint("maximise"))
_EMPTY: Final = (hint("add_folder"), hint("tab(5)"), hint("command_palette"), hint("quit"))

_CELL_HELP: Final = "Choose a cell with the left and right keys: f keeps only its value, F leaves it out."


def value_in(event: EventSummary, field: Field) -> str | None:
    """Return what an event has in one of the fields that columns can be filtered by."""
    values = {
        Field.AGENT: event.agent_id,
        Field.USER: event.user_id,
        Field.TENANT: event.tenant_id,
        Field.TYPE: event.event_type,
        Field.TOOL: event.tool,
        Field.STATUS: event.status,
    }
    return values.get(field)


class LiveScreen(LiveView):
    """What agents do, as it happens."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(Place.LIVE)]

    _detail: DetailPane | None = None
    _first_run: FirstRun | None = None
    _empty = False

    # Follow, pause, go somewhere.

    def action_toggle_pause(self) -> None:
        """Pause, or catch up."""
        if self.paused:
            self.follow()
        else:
            self.pause()
        self._show_hints()

    def action_newest(self) -> None:
        """Go to the newest event and follow."""
        self.follow()

    def action_oldest(self) -> None:
        """Go to the oldest event."""
        self.ask.oldest(self.ask_view(screen_row=0))

    def action_go_to_time(self) -> None:
        """Ask for a time and go there."""
        from tui.screens.goto_time import GotoTimeScreen  # noqa: PLC0415 (not needed for the first paint)

        dialog = GotoTimeScreen(now_us=self.clock(), utc=self.utc, glyphs=self.glyphs)
        self.push(dialog, self._go_to_time)

    def _go_to_time(self, ts_us: int | None) -> None:
        if ts_us is not None:
            self.ask.at_time(self.ask_view(), ts_us)

    def action_trouble(self, trouble: int, forward: int) -> None:
        """Go to the next (previous) error or denial."""
        events = self.events
        current = events.current
        if current is None:
            return
        self.pause()
        found = events.buffer.find_trouble(events.view.cursor, trouble, forward=bool(forward))
        if found is not None:
            events.move_to(found)
            return
        way = "later" if forward else "earlier"
        noun = f"{way} {'denial' if trouble == DENIAL else 'error'}"
        edge = (events.buffer.last if forward else events.buffer.first) or current
        self.ask.trouble(self.ask_view(), edge.id, trouble, forward=bool(forward), noun=noun)

    def on_trouble_sought(self, message: TroubleSought) -> None:
        """Go there, or say that there is none."""
        if message.event_row_id is None:
            self.post_message(ShowNotice(f"There is no {message.noun}"))
            return
        index = self.events.buffer.index_of(message.event_row_id)
        if index is not None:
            self.events.move_to(index)
        else:
            self.ask.around(self.ask_view(), message.event_row_id)

    # Filter.

    def action_pick(self, name: str) -> None:
        """Ask which agent, user or type."""
        from tui.screens.picker import PickerQuestion, PickerScreen  # noqa: PLC0415 (not needed for the first paint)

        field = Field(name)
        current = self.events.current
        question = PickerQuestion(
            field=field,
            what=self.what,
            own=None if current is None else value_in(current, field),
            window=(self.clock() - WINDOW_US, self.clock() + 1),
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
        earlier = next((c for c in self.what.clauses if without and c.negated and c.field is column.field), None)
        values = (value,) if earlier is None or value in earlier.values else (*earlier.values, value)
        self.add_clause(Clause(column.field, values, negated=bool(without)))

    def action_drop_last(self) -> None:
        """Drop the filter's last part."""
        self.set_filter(self.what.without_last())

    def on_drop_clause(self, message: DropClause) -> None:
        """Drop the part whose cross was clicked."""
        clauses = self.what.clauses
        kept = (*clauses[: message.index], *clauses[message.index + 1 :])
        self.set_filter(Filter(kept, self.what.since_us, self.what.before_us))

    def action_clear_filter(self) -> None:
        """Show everything."""
        self.set_filter(Filter())

    # Look closer.

    def action_toggle_detail(self) -> None:
        """Open the event under the cursor, or close it."""
        if self._detail is not None:
            self.close_detail()
        elif self.events.current is not None:
            self.pause()
            self._open_detail()

    def on_event_list_opened(self) -> None:
        """Open a row that was clicked again."""
        if self._detail is None:
            self.action_toggle_detail()

    def _open_detail(self) -> None:
        from tui.widgets.detail import DetailPane  # noqa: PLC0415 (not needed for the first paint)

        self._detail = DetailPane(id="detail")
        self._detail.glyphs = self.glyphs
        self._detail.utc = self.utc
        self.add_class("-detail")
        self.events.beside_detail = True
        self.query_one("#main", Horizontal).mount(self._detail)
        if self.has_class("-narrow"):
            self._detail.focus()
        self.cursor_moved()
        self._show_hints()

    def close_detail(self) -> None:
        """Close the detail pane and give the focus back to the list."""
        if self._detail is None:
            return
        self._detail.remove()
        self._detail = None
        self.remove_class("-detail")
        self.events.beside_detail = False
        self.events.focus()
        self._show_hints()

    def on_close_detail(self, _message: CloseDetail) -> None:
        """Close it from within."""
        self.close_detail()

    def cursor_moved(self) -> None:
        """Show the detail of the row that is now under the cursor."""
        current = self.events.current
        if self._detail is not None and current is not None:
            self.ask.detail(current.id)

    def on_detail_loaded(self, message: DetailLoaded) -> None:
        """Show an event, unless the cursor has moved on."""
        pane, current = self._detail, self.events.current
        if pane is None or current is None or current.id != message.event_row_id:
            return
        pane.now_us = self.clock()
        pane.related = message.related
        pane.notice = "" if message.detail is not None else "This event is no longer in the store."
        pane.detail = message.detail

    def on_detail_pane_event_chosen(self, message: DetailPane.EventChosen) -> None:
        """Go to the other half of a call."""
        index = self.events.buffer.index_of(message.event_row_id)
        if index is not None:
            self.events.move_to(index)
        else:
            self.ask.around(self.ask_view(), message.event_row_id)

    def watch_utc(self, utc: bool) -> None:  # noqa: FBT001 (Textual's signature)
        """Tell the detail pane."""
        if self._detail is not None:
            self._detail.utc = utc

    def action_copy_json(self) -> None:
        """Copy the event under the cursor."""
        if self.events.current is not None:
            self.ask.json(self.events.current.id)

    def on_json_loaded(self, message: JsonLoaded) -> None:
        """Copy it, and say where it went."""
        from tui.clipboard import copy_text  # noqa: PLC0415 (not needed for the first paint)

        if message.text is None:
            self.post_message(ShowNotice("This event is no longer in the store.", trouble=True))
            return
        try:
            said = copy_text(self.dashboard, message.text, name="event.json", environ=os.environ)
        except OSError as error:
            self.post_message(ShowNotice(f"The event could not be written to a file: {error}", trouble=True))
        else:
            self.post_message(ShowNotice(said))

    def action_back(self) -> None:
        """Leave the detail, then the cell."""
        if self._detail is not None:
            self.close_detail()
        else:
            self.events.cell = None

    # Around the list.

    def set_empty(self, *, empty: bool) -> None:
        """Show what to do first while the store has nothing."""
        if empty == self._empty:
            return
        self._empty = empty
        self.set_class(empty, "-empty")
        self.query_one(FilterLine).empty_store = empty
        if empty:
            from tui.widgets.first_run import FirstRun  # noqa: PLC0415 (only for an empty store)

            self._first_run = FirstRun(glyphs=self.glyphs)
            self._first_run.watching = self._watching()
            self.mount(Middle(Center(self._first_run), id="first-run"), after="#main")
        else:
            self._first_run = None
            self.query("#first-run").remove()
            self.events.focus()
            self.follow()
        self._show_hints()

    def watch_header(self, header: HeaderState) -> None:
        """Tell a newcomer what is watched by now."""
        if self._first_run is not None:
            self._first_run.watching = header.watching

    def on_descendant_focus(self, _event: DescendantFocus) -> None:
        """Say what the keys do in the pane that has the focus now."""
        self._show_hints()

    def _show_state(self) -> None:
        super()._show_state()
        self._show_hints()

    def _show_hints(self) -> None:
        bar = self.query_one(HintBar)
        if self._empty:
            bar.hints = _EMPTY
        elif self._detail is not None and self._detail.has_focus:
            bar.hints = _IN_DETAIL
        else:
            start = _PAUSED if self.paused else _FOLLOWING
            bar.hints = (*start, *_FILTERS, *(_NARROWED if self.what else ()), *_LOOK)
