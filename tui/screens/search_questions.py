"""What the Search tab asks the store: each question runs in a worker thread and can be called off."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from store.events import ERROR
from store.filters.keys import Key
from store.filters.syntax import Moment, Term, Text
from store.filters.time_text import moment_text
from store.searching import Counted, CountQuestion
from store.service import Page, Tally
from tui.screens.asking import Asking
from tui.screens.event_facts import TroubleSought
from tui.screens.live_facts import ScaleLoaded
from tui.screens.search_facts import (
    CountingQuestion,
    HiddenCounted,
    ResultCounted,
    ResultQuestion,
    ResultSorted,
    RowsFound,
    SearchedOn,
    TypedCounted,
    TypedQuestion,
)
from tui.search_facets import MOST, LeftOut, left_out
from tui.search_order import SortedResult
from tui.search_walk import Steps, Walk, Walked, whole
from tui.search_window import span_of, window_over
from tui.widgets.event_list import PAGE_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

    from store.events import EventSummary
    from store.searching import Progress
    from store.service import QueryService
    from tui.search_window import Window

PAGE_GROUP: Final = "page"
COUNT_GROUP: Final = "count"
EDGE: Final = "edge-"
"""How the groups begin that load rows beyond an edge."""

_HALF: Final = PAGE_SIZE // 2


class ResultQuestions(Asking):
    """Asks for pages, orders and counts, and posts `search_facts`."""

    def __init__(self, screen: Screen[None], service: QueryService, clock: Callable[[], int]) -> None:
        """Ask `service` for `screen`; `clock` tells UTC microseconds."""
        super().__init__(screen, service)
        self._clock = clock

    def _progress(self, question: ResultQuestion, progress: Progress) -> bool:
        """Tell how far it is; False where nobody wants to know any more."""
        if question.stop.is_set():
            return False
        self._screen.post_message(SearchedOn(question, progress))
        return True

    def _walk(self, question: ResultQuestion) -> Walk:
        return Walk(self._service.search, partial(self._progress, question))

    # Pages in the order of time.

    def end(self, question: ResultQuestion, *, newest: bool) -> None:
        """Load the newest (oldest) events."""
        self._run(partial(self._end, question, newest), PAGE_GROUP)

    def _end(self, question: ResultQuestion, newest: bool) -> None:  # noqa: FBT001 (partial)
        self._load(question, Steps(question.what, None, PAGE_SIZE, older=newest), 0 if not newest else -1, first=True)

    def edge(self, question: ResultQuestion, edge: str, event_row_id: int) -> None:
        """Load rows beyond the top or the bottom row."""
        self._run(partial(self._edge, question, edge, event_row_id), f"{EDGE}{edge}")

    def _edge(self, question: ResultQuestion, edge: str, event_row_id: int) -> None:
        steps = Steps(question.what, event_row_id, PAGE_SIZE, older=edge == "top")
        self._load(question, steps, -1, first=False)

    def _load(self, question: ResultQuestion, steps: Steps, cursor: int, *, first: bool) -> None:
        beyond = "top" if steps.older else "bottom"
        parts = 0

        def post(page: Page, end: Walked | None) -> None:
            nonlocal parts
            place = "all" if first and not parts else beyond
            parts += 1
            reached = None if end is None else end.reached_us
            complete = end is None or end.complete
            self._screen.post_message(RowsFound(question, page, place, cursor, end is None, reached, complete))

        def tell(rows: tuple[EventSummary, ...]) -> None:
            post(Page(rows, has_older=False, has_newer=False), None)

        end = self._walk(question).go(steps, tell)
        post(end.page, end)

    def around(self, question: ResultQuestion, event_row_id: int) -> None:
        """Load the events around one, itself included; the cursor goes to it, or else to the nearest before it."""
        self._run(partial(self._around, question, event_row_id), PAGE_GROUP)

    def _around(self, question: ResultQuestion, event_row_id: int) -> None:
        older = self._walk(question).go(Steps(question.what, event_row_id + 1, _HALF))
        newer = None
        if not question.stop.is_set():
            newer = self._walk(question).go(Steps(question.what, event_row_id, _HALF, older=False))
        self._post_both(question, older, newer, max(len(older.page.rows) - 1, 0))

    def at_time(self, question: ResultQuestion, ts_us: int) -> None:
        """Load the events around a time; the cursor goes to the first at or after it."""
        self._run(partial(self._at_time, question, ts_us), PAGE_GROUP)

    def _at_time(self, question: ResultQuestion, ts_us: int) -> None:
        moment = (Moment(moment_text(ts_us)),)
        later = question.what.also(Term(Key.SINCE, moment))
        earlier = question.what.also(Term(Key.BEFORE, moment))
        newer = self._walk(question).go(Steps(later, None, _HALF, older=False))
        older = None
        if not question.stop.is_set():
            older = self._walk(question).go(Steps(earlier, None, _HALF))
        rows = 0 if older is None else len(older.page.rows)
        self._post_both(question, older, newer, rows if newer.page.rows else max(rows - 1, 0))

    def _post_both(self, question: ResultQuestion, older: Walked | None, newer: Walked | None, cursor: int) -> None:
        halves = [half for half in (older, newer) if half is not None]
        complete = len(halves) > 1 and all(half.complete for half in halves)
        reached = None if older is None else older.reached_us
        found = RowsFound(question, whole(older, newer), "all", cursor, reached_us=reached, complete=complete)
        self._screen.post_message(found)

    def at_fraction(self, question: ResultQuestion, fraction: float) -> None:
        """Load the events where a share of all events is older."""
        self._run(partial(self._at_fraction, question, fraction), PAGE_GROUP)

    def _at_fraction(self, question: ResultQuestion, fraction: float) -> None:
        ts_us = self._service.time_at_fraction(fraction)
        if ts_us is not None:
            self._at_time(question, ts_us)

    def trouble(self, question: ResultQuestion, from_id: int, trouble: int, *, forward: bool, noun: str) -> None:
        """Seek the next error or denial."""
        self._run(partial(self._trouble, question, from_id, trouble, forward, noun), PAGE_GROUP)

    def _trouble(self, question: ResultQuestion, from_id: int, trouble: int, forward: bool, noun: str) -> None:  # noqa: FBT001 (partial)
        what = question.what.also(Term(Key.HAS, (Text("error" if trouble == ERROR else "denial"),)))
        found = self._walk(question).go(Steps(what, from_id, 1, older=not forward))
        if question.stop.is_set():
            return
        rows = found.page.rows
        self._screen.post_message(TroubleSought(rows[0].id if rows else None, noun))

    # Other orders.

    def sort(self, question: ResultQuestion) -> None:
        """Sort the result, and load its beginning."""
        self._run(partial(self._sort, question), PAGE_GROUP)

    def _sort(self, question: ResultQuestion) -> None:
        answer = self._service.search.sorted_ids(question.what, question.sort, partial(self._progress, question))
        self._screen.post_message(ResultSorted(question, SortedResult.of(answer, called_off=question.stop.is_set())))

    def sorted_page(self, question: ResultQuestion, result: SortedResult, place: int, at: str) -> None:
        """Load the page around a place of a sorted result, or (`at` top, bottom) beyond the row at that place."""
        group = PAGE_GROUP if at == "all" else f"{EDGE}{at}"
        self._run(partial(self._sorted_page, question, result, place, at), group)

    def _sorted_page(self, question: ResultQuestion, result: SortedResult, place: int, at: str) -> None:
        start, ids = result.page(place, PAGE_SIZE, at)
        rows = self._service.search.rows(ids)
        page = Page(rows, has_older=start > 0, has_newer=start + len(ids) < len(result.ids))
        where = "all" if at == "all" else "top" if at == "top" else "bottom"
        self._screen.post_message(RowsFound(question, page, where, place - start))

    # Numbers.

    def count(self, question: CountingQuestion) -> None:
        """Count all that passes."""
        self._run(partial(self._count, question), COUNT_GROUP)

    def _count(self, question: CountingQuestion) -> None:
        extent = self._service.extent()
        span = span_of(question.what, extent, self._clock())
        if span is None:
            nothing = Counted(Tally(), {}, None, None, complete=True)
            self._screen.post_message(ResultCounted(question, None, nothing, 0, over=True))
            return
        window = window_over(*span, question.slices, offset_us=question.offset_us)

        def watch(counted: Counted) -> bool:
            if question.stop.is_set():
                return False
            self._screen.post_message(ResultCounted(question, window, counted, extent.events, over=False))
            return True

        asked = CountQuestion(
            question.what, window.start_us, window.end_us, question.facets, values=MOST, slices=window.slices
        )
        counted = self._service.search.count(asked, watch)
        self._screen.post_message(ResultCounted(question, window, counted, extent.events, over=True))
        self._count_hidden(question, window)

    def _count_hidden(self, question: CountingQuestion, window: Window) -> None:
        """Count, one after the other, what the values keep out that the filter leaves out."""
        hidden: dict[tuple[Key, str | None], int] = {}

        def told(one: LeftOut, counted: Counted) -> bool:
            if question.stop.is_set():
                return False
            hidden[one.key, one.value] = counted.tally.events
            self._screen.post_message(HiddenCounted(question, dict(hidden)))
            return True

        for one in left_out(question.what, question.facets):
            if not question.stop.is_set():
                asked = CountQuestion(one.instead, window.start_us, window.end_us)
                told(one, self._service.search.count(asked, partial(told, one)))

    def typed(self, question: TypedQuestion) -> None:
        """Count what passes a query that is being typed."""
        self._run(partial(self._typed, question), "typed")

    def _typed(self, question: TypedQuestion) -> None:
        extent = self._service.extent()
        span = span_of(question.what, extent, self._clock())

        def watch(counted: Counted) -> bool:
            if question.stop.is_set():
                return False
            tally, complete = counted.tally, counted.complete
            self._screen.post_message(TypedCounted(question, tally.events, extent.events, complete))
            return True

        watch(
            Counted(Tally(), {}, None, None, complete=True)
            if span is None
            else self._service.search.count(CountQuestion(question.what, *span), watch)
        )

    def scale(self, event_row_id: int) -> None:
        """Load which share of all events is older than one."""
        self._run(partial(self._scale, event_row_id), "scale")

    def _scale(self, event_row_id: int) -> None:
        self._screen.post_message(ScaleLoaded(event_row_id, self._service.fraction_before(event_row_id)))
