"""The numbers of the Search tab: asked for once the list has its rows, shown as they grow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from store.filters.keys import Key
from store.service import Tally
from tui.format import MICROS, broken_down
from tui.screens.search_facts import (
    CountingQuestion,
    HiddenCounted,
    ResultCounted,
    RowsFound,
    SearchedOn,
    TypedCounted,
    TypedQuestion,
)
from tui.screens.search_questions import COUNT_GROUP
from tui.screens.search_view import SearchView
from tui.search_facets import FACETS, UNFOLDED
from tui.search_scale import ResultScale
from tui.search_window import folded
from tui.widgets.facet_pane import FacetPane
from tui.widgets.histogram import Bars
from tui.widgets.query_line import QueryLine
from tui.widgets.search_chips import SearchChips
from tui.widgets.search_histogram import SearchHistogram

if TYPE_CHECKING:
    from store.filters.model import Filter
    from tui.query_messages import QueryChanged
    from tui.search_window import Window
    from tui.widgets.histogram import MirrorHistogram


_DAY_US: Final = 86_400 * MICROS


class SearchCounting(SearchView):
    """Counts what the list shows: how many events, over what time, of which agents and so on."""

    window: Window | None = None
    """What the histogram is over; None: not known yet."""
    _counting: CountingQuestion | None = None
    _counted: ResultCounted | None = None
    _typed: TypedQuestion | None = None
    _stored: int | None = None

    def on_unmount(self) -> None:
        """Let no worker go on after the screen."""
        self.stop_counting()
        if self._typed is not None:
            self._typed.stop.set()

    @property
    def counting_window(self) -> tuple[int, int]:
        """The half-open span of UTC microseconds that pickers count in: the last day of the result."""
        if self.window is None:
            return super().counting_window
        return max(self.window.start_us, self.window.end_us - _DAY_US), self.window.end_us

    @property
    def counted_for(self) -> Filter | None:
        """The filter whose result has been counted to its end; None: none yet."""
        counted = self._counted
        return counted.question.what if counted is not None and counted.over else None

    # Ask.

    def count_anew(self) -> None:
        """Count the result of the present filter from the start."""
        self.stop_counting()
        self._counted = None
        histogram, facets = self.query_one(SearchHistogram), self.query_one(FacetPane)
        if not histogram.room:
            return
        histogram.stale = True
        facets.go_stale()
        opened = facets.opened | UNFOLDED if self.facets_shown else frozenset[Key]()
        wanted = tuple(key for key in FACETS if key in opened)
        offset_us = (broken_down(self.clock(), utc=self.utc).tm_gmtoff or 0) * MICROS
        self._counting = CountingQuestion(self.what, max(histogram.room, self.size.width), wanted, offset_us)
        self._show_counting(reached_us=None)
        self.show_passing()
        self.ask.count(self._counting)

    def count_facets(self) -> None:
        """Count the facets as well, unless that was done."""
        asked = self._asked
        if asked is not None and not asked.facets:
            self.count_anew()

    @property
    def facets_shown(self) -> bool:
        """Whether the facets are on the screen: only then are they counted."""
        return self.query_one(FacetPane).display

    def stop_counting(self) -> bool:
        """Call off the count, and what is counted behind it; return whether there was one."""
        if self._asked is not None:
            self._asked.stop.set()
        if self._counting is None:
            return False
        self._counting = None
        return True

    def on_mirror_histogram_resized(self, message: MirrorHistogram.Resized) -> None:
        """Draw in the room there is; count again only where there is room for more than was asked for."""
        asked = self._asked
        if asked is None or asked.slices < message.slices:
            self.count_anew()
        elif self._counted is not None:
            self._show_bars(self._counted)

    def on_rows_found(self, message: RowsFound) -> None:
        """Count once there is something to look at."""
        self._begin(message.question.what)

    def on_searched_on(self, message: SearchedOn) -> None:
        """Count also where rows take their time."""
        self._begin(message.question.what)

    def _begin(self, what: Filter) -> None:
        if what == self.what and (self._asked is None or self._asked.what != what):
            self.count_anew()

    @property
    def _asked(self) -> CountingQuestion | None:
        """What was counted last, or is being counted."""
        return self._counted.question if self._counted is not None else self._counting

    # Show.

    def show_stopped_count(self) -> None:
        """Say how far was counted before it was stopped."""
        reached = None if self._counted is None else self._counted.counted.reached_us
        self._show_counting(reached_us=reached)

    def on_result_counted(self, message: ResultCounted) -> None:
        """Show what was counted so far."""
        if message.question is not self._counting:
            return
        self._counted = message
        counted, self._stored = message.counted, message.stored
        if message.over:
            self._counting = None
        self.window = message.window
        self._show_bars(message)
        self.scale = None
        if counted.complete and counted.histogram is not None:
            self.scale = ResultScale.of(counted.histogram)
        self.query_one(FacetPane).show(counted.facets, message.question.what, complete=counted.complete)
        self._show_counting(reached_us=counted.reached_us)
        self.show_passing()
        if message.over:
            self.show_state()
            self.show_scale()

    def on_hidden_counted(self, message: HiddenCounted) -> None:
        """Show how much is left out."""
        if message.question is self._asked:
            self.query_one(FacetPane).show_hidden(message.hidden)

    def _show_bars(self, message: ResultCounted) -> None:
        window, histogram = message.window, message.counted.histogram
        widget = self.query_one(SearchHistogram)
        if window is None:
            widget.bars = Bars()
            return
        widget.stale = False
        slices = (Tally(),) * window.slices if histogram is None else histogram.slices
        shown, slices = folded(window, slices, widget.room)
        widget.bars = Bars(shown.start_us, shown.end_us, slices)

    def _show_counting(self, *, reached_us: int | None) -> None:
        chips = self.query_one(SearchChips)
        chips.failed = False
        chips.counting, chips.reached_us = self._counting is not None, reached_us

    def show_passing(self) -> None:
        """Say in the query line how many events pass the present filter."""
        line, counted = self.query_one(QueryLine), self._counted
        line.passing = None if counted is None else counted.counted.tally.events
        line.total = self._stored if self.what else None
        line.complete = counted is None or counted.counted.complete

    def question_failed(self, group: str) -> None:
        """Show that the count is missing."""
        super().question_failed(group)
        if group == COUNT_GROUP:
            self._counting = None
            self._show_counting(reached_us=None)
            self.query_one(SearchChips).failed = True

    # What is being typed.

    def on_query_changed(self, message: QueryChanged) -> None:
        """Count what would pass."""
        if self._typed is not None:
            self._typed.stop.set()
        self._typed = None
        if message.what is not None:
            self._typed = TypedQuestion(message.what)
            self.ask.typed(self._typed)

    def on_typed_counted(self, message: TypedCounted) -> None:
        """Show how many, unless something else has been typed since."""
        if message.question is self._typed:
            line = self.query_one(QueryLine)
            line.passing, line.total, line.complete = message.events, message.stored, message.complete
