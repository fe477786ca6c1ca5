"""The Live tab's data: pages, arrivals and figures come in here and go to the widgets. What keys do is in `live`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.containers import Horizontal, Vertical

from store.alerts.states import AlertState
from store.filters.model import Filter
from store.service import Tally
from tui.arrival_poller import TailQuestion
from tui.format import MICROS, day
from tui.header_state import HeaderState
from tui.live_figures import LiveFigures
from tui.messages import HeaderChanged
from tui.rate_meter import RateMeter
from tui.screens.events_screen import EventsScreen
from tui.screens.list_screen import NARROW
from tui.screens.live_facts import (
    ArrivalsLoaded,
    EdgeLoaded,
    FiguresLoaded,
    PendingLoaded,
    ScaleLoaded,
    ViewLoaded,
    ViewQuestion,
)
from tui.screens.live_questions import TAIL_GROUP, LiveQuestions
from tui.widgets.event_list import EventList
from tui.widgets.filter_line import FilterLine
from tui.widgets.histogram import Bars, MirrorHistogram
from tui.widgets.state_line import ListState, StateLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.widget import Widget

    from store.service import QueryService
    from tui.glyphs import Glyphs
    from tui.widgets.event_list_messages import Detached, EdgeNear, Moved, ScaleClicked

_AT_ONCE: Final = 100
"""Arrivals that are appended at a time. More (a backlog being read) are not: the newest by event time are shown anew,
or the list would end in whatever file was read last."""
_WHILE_PAUSED: Final = 1
"""Arrivals asked for while they are only counted: one says whether a backlog is being read."""
_TICK_S: Final = 1.0
_RETRY_S: Final = 1.0


class LiveView(EventsScreen):
    """Follows the newest events that pass `what`, or stands still anywhere in history and counts what arrives."""

    NUMBER = 1

    def __init__(
        self, service: QueryService, watching: Callable[[], str], *, clock: Callable[[], int], glyphs: Glyphs
    ) -> None:
        """Show what `service` can see; `watching` says what is captured, `clock` tells UTC microseconds."""
        super().__init__(service, clock=clock, glyphs=glyphs)
        self.ask = LiveQuestions(self, service)
        self._watching = watching
        self._figures = LiveFigures(clock)
        self._rate = RateMeter(clock())
        self._question = ViewQuestion(Filter(), follow=True)
        self._tail: TailQuestion | None = None
        self._paused_us: int | None = None
        self._catching_up = True
        """Whether the newest page, once it has come, shall be followed: a pause meanwhile is meant."""
        self._arrived = Tally()
        self._alerts_before = 0
        self._pending = 0
        self._seen_seq = 0
        self._stored: int | None = None
        self._loaded = False

    def compose_body(self) -> Iterable[Widget]:
        """Yield filter line, histogram and list; a detail pane comes beside the list when it is opened."""
        yield FilterLine(self.glyphs).data_bind(LiveView.what)
        yield MirrorHistogram(self.glyphs).data_bind(LiveView.utc)
        with Horizontal(id="main"), Vertical(id="left"):
            yield EventList(self.glyphs, id="events").data_bind(LiveView.utc)
            yield StateLine(self.glyphs)

    def on_mount(self) -> None:
        """Load the newest events and begin to watch for arrivals."""
        self.query_one(EventList).focus()
        self._show_day()
        self.follow()
        self.ask.start_tail()
        self.set_interval(_TICK_S, self.tick)

    def on_unmount(self) -> None:
        """Stop watching."""
        self.ask.stop_tail()

    # What the list shows.

    @property
    def paused(self) -> bool:
        """Whether the list stands still."""
        return self._paused_us is not None

    def follow(self) -> None:
        """Show the newest events and go along with what arrives."""
        self._catching_up = True
        self._question = ViewQuestion(self.what, follow=True)
        self.ask.newest(self._question)

    def pause(self) -> None:
        """Stand still from now on and count what arrives."""
        if not self._loaded:
            return
        self._catching_up = False
        if self.paused:
            return
        self._paused_us = self.clock()
        self._arrived = Tally()
        self._alerts_before = self._new_alerts
        self._pending = 0
        self.events.pause()
        self._ask_tail(limit=_WHILE_PAUSED)
        self._show_state()

    def ask_view(self, *, screen_row: int | None = None) -> ViewQuestion:
        """Return a new question for a place in history, which voids the one before; the list stands still there."""
        self.pause()
        self._question = ViewQuestion(self.what, follow=False, screen_row=screen_row)
        return self._question

    def watch_what(self, what: Filter) -> None:
        """Ask everything anew: the newest while following, else what is around the row under the cursor."""
        self._figures.reset(what)
        self._tail = None
        self._show_figures()
        current = self.events.current
        if self.paused and current is not None:
            self._paused_us = self._paused_us or self.clock()
            self._arrived, self._pending = Tally(), 0
            self.ask.around(self.ask_view(screen_row=self.events.view.screen_row), current.id)
            self._show_state()
        else:
            self.follow()
        self.tick()

    def on_view_loaded(self, message: ViewLoaded) -> None:
        """Show a page."""
        question = message.question
        if question is not self._question:
            return
        self._loaded = True
        follow = question.follow and self._catching_up
        tail_seq = message.last_seq if question.follow else None
        self.events.show_page(
            message.page, tail_seq, follow=follow, cursor=message.cursor, screen_row=question.screen_row
        )
        if follow:
            self._paused_us = None
        if question.follow:
            self._arrived, self._pending = Tally(), 0
        if question.follow or self._tail is None:
            limit = _AT_ONCE if follow else _WHILE_PAUSED
            self._put_tail(TailQuestion(question.what, message.last_seq, limit, fresh=True))
        self.events.empty_text = "No event passes this filter. x drops its last part, X clears it." if self.what else ""
        self._show_state()
        self._show_scale()

    def on_edge_loaded(self, message: EdgeLoaded) -> None:
        """Extend the list."""
        if message.question is not self._question:
            return
        if message.edge == "top":
            self.events.add_older(message.page)
        else:
            self.events.add_newer(message.page)

    def on_event_list_edge_near(self, message: EdgeNear) -> None:
        """Load what lies beyond the edge."""
        events = self.events
        row = events.buffer.first if message.edge == "top" else events.buffer.last
        if message.need == "arrivals":
            self._load_pending()
        elif row is None:
            events.forget_request(message.edge)
        elif message.need == "anchor" and events.current is not None:
            self.ask.around(self.ask_view(screen_row=events.view.screen_row), events.current.id)
        else:
            self.ask.edge(self._question, message.edge, row.id)

    def _load_pending(self) -> None:
        tail_seq = self.events.buffer.tail_seq
        if self._pending and tail_seq is not None:
            self.ask.pending(self._question, tail_seq)
        else:
            self.events.forget_request("bottom")

    def on_pending_loaded(self, message: PendingLoaded) -> None:
        """Show arrivals below, or where they are too many, history around the cursor."""
        if message.question is not self._question:
            return
        current = self.events.current
        if message.arrivals.skipped and current is not None:
            self.ask.around(self.ask_view(screen_row=self.events.view.screen_row), current.id)
            return
        self._pending = 0
        self.events.forget_request("bottom")
        self.events.add_arrivals(message.arrivals.rows, message.arrivals.last_seq)

    def on_event_list_detached(self, message: Detached) -> None:
        """Count from now on."""
        message.stop()
        self.pause()

    def on_event_list_moved(self, message: Moved) -> None:
        """Let the bars and panes around the list know."""
        message.stop()
        if self.size.width < NARROW:
            self.query_one(StateLine).under_cursor = message.event
        self._show_scale()
        self.show_detail()

    def on_event_list_scale_clicked(self, message: ScaleClicked) -> None:
        """Go to that share of all events."""
        self.ask.at_fraction(self.ask_view(), message.fraction)

    # Arrivals.

    def _put_tail(self, question: TailQuestion) -> None:
        self._tail = question
        self.ask.put_tail(question)

    def _ask_tail(self, *, limit: int) -> None:
        if self._tail is not None:
            self._put_tail(TailQuestion(self._tail.what, self._tail.after_seq, limit, fresh=True))

    def on_arrivals_loaded(self, message: ArrivalsLoaded) -> None:
        """Show arrivals while following, count them while not; and put the next question."""
        question, arrivals = message.question, message.arrivals
        if question is not self._tail:
            return
        self._put_tail(TailQuestion(question.what, arrivals.last_seq, question.limit))
        stored = max(arrivals.last_seq - max(question.after_seq, self._seen_seq), 0)
        self._seen_seq = max(arrivals.last_seq, self._seen_seq)
        self._rate.note(stored, self.clock())
        self._figures.note([row.ts_us for row in arrivals.rows])
        if self._stored is not None:
            self._stored += stored
            self.set_empty(empty=not self._stored)
        if not self.paused and arrivals.skipped:
            self.follow()
        elif not self.paused:
            self.events.add_arrivals(arrivals.rows, arrivals.last_seq)
        elif arrivals.matched:
            self._count(arrivals.matched, arrivals.errors, arrivals.denials)

    def _count(self, events: int, errors: int, denials: int) -> None:
        was = self._arrived
        self._arrived = Tally(was.events + events, was.errors + errors, was.denials + denials)
        self._pending += events
        self.events.buffer.note_arrivals()
        self._show_state()

    # Figures, once a second.

    def tick(self) -> None:
        """Bring what depends on the time up to date, and ask for new figures where they are due."""
        question = self._figures.due(utc=self.utc)
        if question is not None:
            self.ask.figures(question)
        self._show_day()
        self._show_state()

    def on_mirror_histogram_resized(self, message: MirrorHistogram.Resized) -> None:
        """Cut the hour into as many slices as there is room for."""
        self._figures.reset(self.what, message.slices)
        self.tick()

    def on_figures_loaded(self, message: FiguresLoaded) -> None:
        """Show histogram and counts."""
        if self._figures.absorb(message.answer):
            extent = message.answer.extent
            self._stored = extent.events
            self.set_empty(empty=not extent.events)
            self._show_figures()
            self._show_state()
            self._show_scale()

    def set_empty(self, *, empty: bool) -> None:
        """Show what to do first, or the list again."""

    def _show_figures(self) -> None:
        figures = self._figures
        line = self.query_one(FilterLine)
        state = self.query_one(StateLine)
        state.today, state.lag_ms = figures.today, figures.lag_ms
        line.passing, line.total = figures.counts() if figures.known else (None, None)
        if figures.known:
            span, slices = figures.window()
            self.query_one(MirrorHistogram).bars = Bars(span.start_us, span.end_us, slices)

    def _show_day(self) -> None:
        self.events.today = day(self.clock(), utc=self.utc)

    def _show_state(self) -> None:
        now_us = self.clock()
        mode = "loading" if not self._loaded else "paused" if self.paused else "following"
        seconds = 0 if self._paused_us is None else (now_us - self._paused_us) // MICROS
        alerts = max(self._new_alerts - self._alerts_before, 0)
        self.query_one(StateLine).state = ListState(mode, seconds, self._arrived, alerts)
        waiting = self._stored == 0 and self._loaded
        header = HeaderState(
            "waiting" if waiting else mode,
            self._watching(),
            self._rate.per_second(now_us),
            self._stored,
            self._figures.only_while_open,
        )
        if header != self.header:
            self.post_message(HeaderChanged(header))

    @property
    def _new_alerts(self) -> int:
        return 0 if self.alerts is None else self.alerts.by_state.get(AlertState.NEW, 0)

    def _show_scale(self) -> None:
        events = self.events
        shown = events.view.height / max(self._stored or len(events.buffer), 1)
        if events.following or not len(events.buffer):
            events.scale = (1.0 - shown, 1.0)
        else:
            self.ask.scale(events.buffer[events.view.top].id)

    def on_scale_loaded(self, message: ScaleLoaded) -> None:
        """Move the thumb."""
        events = self.events
        if events.following:
            return
        shown = events.view.height / max(self._stored or len(events.buffer), 1)
        events.scale = (message.fraction, message.fraction + shown)

    def question_failed(self, group: str) -> None:
        """Ask again where nobody else would."""
        if group == TAIL_GROUP:
            self.set_timer(_RETRY_S, self.ask.start_tail)
        elif group == "figures":
            self._figures.give_up()
