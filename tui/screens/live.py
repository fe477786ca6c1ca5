"""The Live tab: what its own keys do, and what a newcomer sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.containers import Center, Middle

from tui.actions import Place, bindings_of, hint
from tui.query_messages import QueryChanged
from tui.screens.events_screen import DETAIL_HINTS, FILTER_HINTS, KEEP_HINTS, LOOK_HINTS, NARROWED_HINTS
from tui.screens.live_facts import QueryCounted
from tui.screens.live_view import LiveView
from tui.widgets.filter_line import FilterLine

if TYPE_CHECKING:
    from textual.binding import BindingType

    from store.filters.model import Filter
    from tui.actions import Hint
    from tui.header_state import HeaderState
    from tui.widgets.first_run import FirstRun
    from tui.widgets.query_line import QueryLine

_FOLLOWING: Final = (hint("toggle_pause"), hint("toggle_detail"))
_PAUSED: Final = (hint("toggle_pause", label="resume"), hint("newest"), hint("toggle_detail"))
_EMPTY: Final = (hint("add_folder"), hint("tab(5)"), hint("command_palette"), hint("quit"))
QUERY_HINTS: Final = (
    hint("edit_filter", shown="↵", label="run"),
    hint("edit_filter", shown="Tab", label="complete"),
    hint("edit_filter", shown="↑", label="history"),
    hint("back", label="leave"),
)


class LiveScreen(LiveView):
    """What agents do, as it happens."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(Place.LIVE)]

    _line: QueryLine | None = None
    _counted: Filter | None = None
    _first_run: FirstRun | None = None
    _empty = False

    # Follow, pause, go somewhere.

    def action_toggle_pause(self) -> None:
        """Pause, or catch up."""
        if self.paused:
            self.follow()
        else:
            self.pause()
        self.show_hints()

    def stand_still(self) -> None:
        """Pause: somebody looks at a row."""
        self.pause()

    def show_newest(self) -> None:
        """Go to the newest event and follow."""
        self.follow()

    def show_oldest(self) -> None:
        """Go to the oldest event."""
        self.ask.oldest(self.ask_view(screen_row=0))

    def show_time(self, ts_us: int) -> None:
        """Go to the first event at or after a time."""
        self.ask.at_time(self.ask_view(), ts_us)

    def show_around(self, event_row_id: int) -> None:
        """Show an event that is not in hand, with what is around it."""
        self.ask.around(self.ask_view(), event_row_id)

    def seek_trouble(self, from_id: int, trouble: int, *, forward: bool, noun: str) -> None:
        """Seek the nearest error or denial in the store."""
        self.ask.trouble(self.ask_view(), from_id, trouble, forward=forward, noun=noun)

    # The query line, in place of the filter line.

    async def query_line(self) -> QueryLine:
        """Return the line, which is there only while it is typed in."""
        from tui.query_values import StoreValues  # noqa: PLC0415 (not needed for the first paint)
        from tui.widgets.query_line import QueryLine  # noqa: PLC0415 (not needed for the first paint)

        if self._line is None:
            chips = self.query_one(FilterLine)
            values = StoreValues(self.service, lambda: self.counting_window)
            self._line = QueryLine(self.glyphs, values=values, history=self.history)
            self._line.utc = self.utc
            self._line.passing, self._line.total, self._line.when = chips.passing, chips.total, "in the last hour"
            chips.display = False
            await self.mount(self._line, after=chips)
        return self._line

    def on_query_changed(self, message: QueryChanged) -> None:
        """Count what would pass."""
        self._counted = message.what
        self.ask.count(message.what, self.counting_window)

    def on_query_counted(self, message: QueryCounted) -> None:
        """Show how many, unless something else has been typed since."""
        if self._line is not None and message.what is self._counted:
            self._line.passing, self._line.total = message.events, message.total
            self._line.complete = message.complete

    def on_query_left(self) -> None:
        """Show the chips again."""
        self._close_line()

    def set_filter(self, what: Filter) -> None:
        """Show what passes another filter, with its chips."""
        self._close_line()
        super().set_filter(what)

    def _close_line(self) -> None:
        if self._line is not None:
            self.ask.count(None, self.counting_window)
            self._line.remove()
            self._line = None
            self.query_one(FilterLine).display = True

    def action_back(self) -> None:
        """Leave the query line, then the detail, then the cell."""
        if self._line is not None:
            self._line.action_leave()
        else:
            super().action_back()

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
        self.show_hints()

    def watch_header(self, header: HeaderState) -> None:
        """Tell a newcomer what is watched by now."""
        if self._first_run is not None:
            self._first_run.watching = header.watching

    def _show_state(self) -> None:
        super()._show_state()
        self.show_hints()

    def hints(self) -> tuple[Hint, ...]:
        """Return what the keys do: to begin with, in the detail, or in the list."""
        if self._empty:
            return _EMPTY
        if self._line is not None and self._line.has_focus_within:
            return QUERY_HINTS
        if self.in_detail:
            return DETAIL_HINTS
        start = _PAUSED if self.paused else _FOLLOWING
        return (*start, *FILTER_HINTS, *(NARROWED_HINTS if self.what else ()), *LOOK_HINTS, *KEEP_HINTS)
