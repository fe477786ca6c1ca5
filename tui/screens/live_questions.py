"""What the Live tab asks the store: each question runs in a worker thread and posts its answer to the screen."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, Final

from textual.worker import Worker, get_current_worker  # pyright: ignore[reportUnknownVariableType]  (Textual's)

from store.filters.model import Filter
from store.service import Page
from tui.arrival_poller import ArrivalPoller, TailQuestion
from tui.live_figures import FiguresQuestion, answer_figures
from tui.screens.asking import Asking
from tui.screens.event_facts import TroubleSought
from tui.screens.live_facts import (
    ArrivalsLoaded,
    EdgeLoaded,
    FiguresLoaded,
    PendingLoaded,
    ScaleLoaded,
    ViewLoaded,
    ViewQuestion,
)
from tui.screens.typed_count import TypedCount
from tui.widgets.event_list import PAGE_SIZE

if TYPE_CHECKING:
    from textual.screen import Screen

    from store.service import Arrivals, QueryService

_HALF: Final = PAGE_SIZE // 2
TAIL_GROUP: Final = "tail"


class LiveQuestions(Asking):
    """Asks for pages, arrivals and figures, and posts `live_facts`."""

    def __init__(self, screen: Screen[None], service: QueryService) -> None:
        """Ask `service` for `screen`."""
        super().__init__(screen, service)
        self._poller = ArrivalPoller(service, self._tell_arrivals)
        self._over = threading.Event()
        self._typed = TypedCount(screen, service)

    # The tail.

    def start_tail(self) -> None:
        """Watch for arrivals until `stop_tail`."""
        self._run(self._tail, TAIL_GROUP)

    def stop_tail(self) -> None:
        """Let the watching thread end within a moment; for good."""
        self._over.set()

    def _tail(self) -> None:
        self._poller.run(self._over.is_set)

    def _tell_arrivals(self, question: TailQuestion, arrivals: Arrivals) -> None:
        self._screen.post_message(ArrivalsLoaded(question, arrivals))

    def put_tail(self, question: TailQuestion) -> None:
        """Ask this about arrivals from now on."""
        self._poller.put(question)

    # Pages.

    def newest(self, question: ViewQuestion) -> None:
        """Load the newest events."""
        self._run(partial(self._newest, question), "view")

    def _newest(self, question: ViewQuestion) -> None:
        last_seq = self._service.last_seq()
        page = self._page(question.what, None, PAGE_SIZE, older=True)
        self._screen.post_message(ViewLoaded(question, page, len(page.rows) - 1, last_seq))

    def oldest(self, question: ViewQuestion) -> None:
        """Load the oldest events."""
        self._run(partial(self._oldest, question), "view")

    def _oldest(self, question: ViewQuestion) -> None:
        last_seq = self._service.last_seq()
        page = self._page(question.what, None, PAGE_SIZE, older=False)
        self._screen.post_message(ViewLoaded(question, page, 0, last_seq))

    def at_time(self, question: ViewQuestion, ts_us: int) -> None:
        """Load the events around a time; the cursor goes to the first at or after it."""
        self._run(partial(self._at_time, question, ts_us), "view")

    def at_fraction(self, question: ViewQuestion, fraction: float) -> None:
        """Load the events where a share of all events is older."""
        self._run(partial(self._at_fraction, question, fraction), "view")

    def _at_fraction(self, question: ViewQuestion, fraction: float) -> None:
        ts_us = self._service.time_at_fraction(fraction)
        if ts_us is not None:
            self._at_time(question, ts_us)

    def _at_time(self, question: ViewQuestion, ts_us: int) -> None:
        last_seq = self._service.last_seq()
        page = self._service.at_time(question.what, ts_us, PAGE_SIZE)
        last = len(page.rows) - 1
        at = next((index for index, row in enumerate(page.rows) if row.ts_us >= ts_us), last)
        self._screen.post_message(ViewLoaded(question, page, at, last_seq))

    def around(self, question: ViewQuestion, event_row_id: int) -> None:
        """Load the events around one, itself included; the cursor goes to it, or else to the nearest before it."""
        self._run(partial(self._around, question, event_row_id), "view")

    def _around(self, question: ViewQuestion, event_row_id: int) -> None:
        last_seq = self._service.last_seq()
        before = self._page(question.what, event_row_id + 1, _HALF, older=True)
        after = self._page(question.what, event_row_id, _HALF, older=False)
        page = Page((*before.rows, *after.rows), has_older=before.has_older, has_newer=after.has_newer)
        self._screen.post_message(ViewLoaded(question, page, max(len(before.rows) - 1, 0), last_seq))

    def edge(self, question: ViewQuestion, edge: str, event_row_id: int) -> None:
        """Load rows beyond the top or the bottom row."""
        self._run(partial(self._edge, question, edge, event_row_id), f"edge-{edge}")

    def _edge(self, question: ViewQuestion, edge: str, event_row_id: int) -> None:
        page = self._page(question.what, event_row_id, PAGE_SIZE, older=edge == "top")
        self._screen.post_message(EdgeLoaded(question, edge, page))

    def pending(self, question: ViewQuestion, after_seq: int) -> None:
        """Load what arrived after a seq."""
        self._run(partial(self._pending, question, after_seq), "edge-bottom")

    def _pending(self, question: ViewQuestion, after_seq: int) -> None:
        arrivals = self._service.arrivals(question.what, after_seq, PAGE_SIZE)
        self._screen.post_message(PendingLoaded(question, arrivals))

    def _page(self, what: Filter, from_id: int | None, limit: int, *, older: bool) -> Page:
        """Return a page; in a worker that another question has replaced, what was found until then."""
        worker: Worker[None] = get_current_worker()  # pyright: ignore[reportUnknownVariableType]  (Textual's)
        found = self._service.search.page(what, from_id, limit, older=older, watch=lambda _: not worker.is_cancelled)
        return found.page

    # Single things.

    def figures(self, question: FiguresQuestion) -> None:
        """Load histogram and counts."""
        self._run(partial(self._figures, question), "figures")

    def _figures(self, question: FiguresQuestion) -> None:
        self._screen.post_message(FiguresLoaded(answer_figures(self._service, question)))

    def scale(self, event_row_id: int) -> None:
        """Load where on the time scale an event is."""
        self._run(partial(self._scale, event_row_id), "scale")

    def _scale(self, event_row_id: int) -> None:
        self._screen.post_message(ScaleLoaded(event_row_id, self._service.fraction_before(event_row_id)))

    def count(self, what: Filter | None, window: tuple[int, int]) -> None:
        """Count what passes a filter within a half-open span of UTC microseconds; None: stop counting."""
        self._typed.typed = what
        if what is not None:
            self._run(partial(self._typed.count, what, window), "count")

    def trouble(self, question: ViewQuestion, from_id: int, trouble: int, *, forward: bool, noun: str) -> None:
        """Seek the next error or denial."""
        self._run(partial(self._trouble, question, from_id, trouble, forward, noun), "view")

    def _trouble(self, question: ViewQuestion, from_id: int, trouble: int, forward: bool, noun: str) -> None:  # noqa: FBT001 (partial)
        found = self._service.next_trouble(question.what, from_id, trouble, forward=forward)
        self._screen.post_message(TroubleSought(found, noun))
