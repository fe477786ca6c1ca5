"""The Search tab's list: pages of a result come in here, in the order of time or another. Keys are in `search`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from store.filters.model import Filter
from tui.format import day
from tui.messages import ShowNotice
from tui.screens.events_screen import EventsScreen
from tui.screens.search_facts import ResultQuestion, ResultSorted, RowsFound, SearchedOn
from tui.screens.search_questions import EDGE, PAGE_GROUP, ResultQuestions
from tui.search_order import BY_TIME, SortedResult, order_words
from tui.widgets.search_state import ResultState, SearchStateLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.searching import Progress, Sort
    from store.service import QueryService
    from tui.glyphs import Glyphs
    from tui.screens.live_facts import ScaleLoaded
    from tui.search_scale import ResultScale
    from tui.widgets.event_list_messages import EdgeNear, Moved, ScaleClicked

_NOTHING: Final = "No event passes this filter. x drops its last part, X clears it."
_NOTHING_AT_ALL: Final = "The store has no events yet."
_NOT_SORTED: Final = "e and w go by time: s sorts by time again."
_LAST_ROW: Final = 10_000
"""A row of the screen that is below any."""


class SearchView(EventsScreen):
    """Shows a place in the result of `what`, and knows which rows it has asked for."""

    def __init__(self, service: QueryService, *, clock: Callable[[], int], glyphs: Glyphs) -> None:
        """Show what `service` can see; `clock` tells UTC microseconds."""
        super().__init__(service, clock=clock, glyphs=glyphs)
        self.ask = ResultQuestions(self, service, clock)
        self.sort: Sort = BY_TIME
        self.scale: ResultScale | None = None
        """Where times stand within the result; None: it has not been counted."""
        self._question = ResultQuestion(Filter(), BY_TIME)
        self._sorted: SortedResult | None = None
        self._busy = False
        self._failed = False
        self._stopped: int | None = None
        self._progress: Progress | None = None
        self._loaded = False

    def on_unmount(self) -> None:
        """Let no worker go on after the screen."""
        self._question.stop.set()

    # Questions.

    def new_question(self, *, screen_row: int | None = None) -> ResultQuestion:
        """Return a new question about the result, which calls off the one before."""
        self._question.stop.set()
        self._question = ResultQuestion(self.what, self.sort, screen_row)
        self._busy, self._failed, self._progress, self._stopped = True, False, None, None
        self.show_state()
        return self._question

    def show_newest(self) -> None:
        """Go to the newest event of the result; to the bottom row in another order."""
        if self._sorted is not None:
            self._show_place(len(self._sorted.ids) - 1)
        elif self.sort == BY_TIME:
            self.ask.end(self.new_question(screen_row=_LAST_ROW), newest=True)
        else:
            self.ask.sort(self.new_question())

    def show_oldest(self) -> None:
        """Go to the oldest event of the result; to the top row in another order."""
        if self._sorted is not None:
            self._show_place(0)
        elif self.sort == BY_TIME:
            self.ask.end(self.new_question(screen_row=0), newest=False)

    def show_time(self, ts_us: int) -> None:
        """Go to the first event at or after a time, in the order of time."""
        self.sort_by_time()
        self.ask.at_time(self.new_question(), ts_us)

    def show_around(self, event_row_id: int) -> None:
        """Show an event that is not in hand, with what is around it."""
        if self._sorted is not None and event_row_id in self._sorted.place:
            self._show_place(self._sorted.place[event_row_id])
        else:
            self.sort_by_time()
            self.ask.around(self.new_question(), event_row_id)

    def sort_by_time(self) -> None:
        """Go back to the order of time."""
        self.sort, self._sorted = BY_TIME, None

    def seek_trouble(self, from_id: int, trouble: int, *, forward: bool, noun: str) -> None:
        """Seek the nearest error or denial in the result."""
        if self._sorted is not None:
            self.post_message(ShowNotice(_NOT_SORTED))
        else:
            self.ask.trouble(self.new_question(), from_id, trouble, forward=forward, noun=noun)

    def watch_what(self, _what: Filter) -> None:
        """Ask everything anew: around the row under the cursor, unless that is the newest there was."""
        events = self.events
        current, buffer = events.current, events.buffer
        at_end = current is None or (current is buffer.last and not buffer.has_newer)
        self._sorted = None
        if self.sort != BY_TIME:
            self.ask.sort(self.new_question())
        elif at_end or current is None:
            self.show_newest()
        else:
            self.ask.around(self.new_question(screen_row=events.view.screen_row), current.id)

    def set_sort(self, sort: Sort) -> None:
        """Show the result in another order, from its beginning."""
        self.sort, self._sorted = sort, None
        self.show_newest()

    def stop(self) -> bool:
        """Call off what is being searched; return whether anything was."""
        if not self._busy:
            return False
        self._question.stop.set()
        return True

    @property
    def is_answered(self) -> bool:
        """Whether rows of the present question are listed, and no more of them are on their way."""
        return self._loaded and not self._busy

    @property
    def went_wrong(self) -> bool:
        """Whether the last question was not answered."""
        return self._failed

    def go_on(self) -> bool:
        """Search on from where it was stopped; False: nothing was."""
        first = self.events.buffer.first
        if self._stopped is None or first is None:
            return False
        if self.sort != BY_TIME:
            self.set_sort(self.sort)
        else:
            self.ask.edge(self.new_question(), "top", first.id)
        return True

    # Answers.

    def on_searched_on(self, message: SearchedOn) -> None:
        """Say how far was searched."""
        if message.question is self._question:
            self._progress = message.progress
            self.show_state()

    def on_rows_found(self, message: RowsFound) -> None:
        """Put rows into the list."""
        question = message.question
        if question is not self._question:
            return
        self._busy = message.going_on
        if not message.going_on and not message.complete:
            self._stopped = message.reached_us or 0
        events = self.events
        if message.place == "all":
            self._loaded = True
            # A first part is followed by another one: until then nothing is beyond it.
            events.show_page(message.page, None, follow=False, cursor=message.cursor, screen_row=question.screen_row)
            events.empty_text = self._nothing()
        elif message.place == "top":
            events.add_older(message.page)
        else:
            events.add_newer(message.page)
        self.show_state()
        self.show_scale()

    def _nothing(self) -> str:
        if self._busy:
            return ""
        return _NOTHING if self.what else _NOTHING_AT_ALL

    def on_result_sorted(self, message: ResultSorted) -> None:
        """Show the beginning of a result in another order."""
        if message.question is not self._question:
            return
        self._sorted = message.result
        if message.result.called_off:
            self._stopped = 0
        self._show_place(0)

    def _show_place(self, place: int) -> None:
        """Load the page around a place of the sorted result."""
        assert self._sorted is not None
        stopped = self._stopped
        question = self.new_question(screen_row=0 if place == 0 else _LAST_ROW)
        self._stopped = stopped
        self.ask.sorted_page(question, self._sorted, place, "all")

    def on_event_list_edge_near(self, message: EdgeNear) -> None:
        """Load what lies beyond the edge."""
        events = self.events
        row = events.buffer.first if message.edge == "top" else events.buffer.last
        if row is None or self._busy:
            events.forget_request(message.edge)
        elif self._sorted is None:
            self._busy, self._progress = True, None
            self.ask.edge(self._question, message.edge, row.id)
        else:
            self.ask.sorted_page(self._question, self._sorted, self._sorted.place[row.id], message.edge)

    def on_event_list_moved(self, message: Moved) -> None:
        """Let what is around the list know."""
        message.stop()
        self.query_one(SearchStateLine).under_cursor = message.event
        self.show_state()
        self.show_scale()
        self.show_detail()

    def question_failed(self, group: str) -> None:
        """Show that rows are missing."""
        if group == PAGE_GROUP or group.startswith(EDGE):
            self._busy, self._failed = False, True
            self.events.empty_text = "The store did not answer. r asks again."
            self.show_state()

    # What is said around the list.

    def show_state(self) -> None:
        """Say what is going on, or where in the result the cursor is."""
        line = self.query_one(SearchStateLine)
        progress = self._progress
        reached = None if progress is None else progress.reached_us
        found = 0 if progress is None else progress.found
        order = order_words(self.sort)
        if self._sorted is not None and self._sorted.too_many:
            order += f", of the newest {len(self._sorted.ids):,}"
        if self._failed:
            line.state = ResultState("failed", order=order)
        elif self._busy and (progress is not None or not self._loaded or self.sort != BY_TIME):
            searching = "sorting" if self.sort != BY_TIME else "searching" if progress is not None else "loading"
            line.state = ResultState(searching, reached, found, order=order)
        elif self._stopped is not None:
            line.state = ResultState("stopped", self._stopped or reached, found, order=order)
        else:
            row, of, surely = self._row()
            line.state = ResultState("found", row=row, of=of, surely=surely, order=order)

    def _row(self) -> tuple[int | None, int | None, bool]:
        """Return the number of the row under the cursor, of how many, and whether that is surely so."""
        events, current = self.events, self.events.current
        buffer = events.buffer
        if current is None:
            return None, None, True
        if self._sorted is not None:
            return self._sorted.place.get(current.id, 0) + 1, len(self._sorted.ids), True
        if not buffer.has_older and not buffer.has_newer:
            return events.view.cursor + 1, len(buffer), True
        if self.scale is None:
            return None, None, True
        total = self.scale.total
        if not buffer.has_older:
            return events.view.cursor + 1, total, True
        if not buffer.has_newer:
            return max(total - len(buffer) + events.view.cursor + 1, 1), total, True
        return min(self.scale.before(current.ts_us) + 1, total), total, False

    def show_day(self) -> None:
        """Tell the list which day needs no date."""
        self.events.today = day(self.clock(), utc=self.utc)

    # The scroll bar.

    def show_scale(self) -> None:
        """Put the thumb of the scroll bar where the visible rows are in the result."""
        events = self.events
        if not len(events.buffer):
            events.scale = (0.0, 1.0)
            return
        row, of, _ = self._row()
        if row is not None and of:
            top = row - 1 - events.view.screen_row
            events.scale = (max(top, 0) / of, (max(top, 0) + events.view.height) / of)
        else:
            self.ask.scale(events.buffer[events.view.top].id)

    def on_scale_loaded(self, message: ScaleLoaded) -> None:
        """Move the thumb, by all events as long as the result has not been counted."""
        if self.scale is None:
            self.events.scale = (message.fraction, message.fraction)

    def on_event_list_scale_clicked(self, message: ScaleClicked) -> None:
        """Go to that share of the result."""
        if self._sorted is not None:
            self._show_place(round(message.fraction * (len(self._sorted.ids) - 1)))
        elif self.scale is not None:
            self.show_time(self.scale.time_at(message.fraction))
        else:
            self.ask.at_fraction(self.new_question(), message.fraction)
