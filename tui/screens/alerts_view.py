"""The Alerts tab's data: questions go out and answers come in here and go to the widgets. Keys are in `alerts`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.containers import Horizontal, Vertical
from textual.worker import WorkerState

from store.alerts.states import AlertState
from store.safe_text import safe_text
from store.service import Tally
from tui.alerts_columns import longest
from tui.alerts_heights import heights
from tui.alerts_query import TO_BE_LOOKED_AT
from tui.alerts_tools import AlertsTools
from tui.detection_state import DetectionAsking, DetectionKnown
from tui.format import count
from tui.screens.alerts_facts import AlertsKnown, AlertsQuestion, TokenSeen
from tui.screens.alerts_questions import LIST_GROUP, AlertsQuestions
from tui.screens.filtered_screen import FilteredScreen
from tui.screens.list_screen import LOW, NARROW
from tui.widgets.alert_pane import AlertPane
from tui.widgets.alerts_bars import AlertsFigures, AlertsFilterLine, AlertsTabBar
from tui.widgets.alerts_board import InvariantBoard
from tui.widgets.alerts_histogram import AlertsHistogram
from tui.widgets.alerts_list import Alerts, AlertsList, MutedList
from tui.widgets.histogram import Bars, MirrorHistogram
from tui.widgets.remark_line import RemarkLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.events import Resize
    from textual.widget import Widget
    from textual.worker import Worker

    from store.service import QueryService
    from tui.detection_state import DetectionState
    from tui.glyphs import Glyphs
    from tui.messages import ShowNotice
    from tui.screens.alerts_facts import AlertsAnswer
    from tui.widgets.tab_bar import TabBar

_ROOMY: Final = 140
"""Below this many columns the evidence has fewer of them."""
EVERY_S: Final = 0.1
"""How often is looked whether something has changed."""
LEAST_S: Final = 0.2
"""Between an answer and the next question at least: where events arrive all the time, something always has changed."""
_SHARE: Final = 5
"""Asking takes at most this part of the time."""
_ANEW_US: Final = 30_000_000
"""So often is asked where nothing has changed: times move on, and a mute may have ended."""
_PANE_EVERY_US: Final = 10_000_000
"""So often the pane says anew how long an alert has been open."""
_BLANK: Final = 1
"""Rows above each pane."""
_QUIET: Final = "All is quiet: there is no alert."
_RULES: Final = (
    "{} every event as it arrives; what they find is listed here within a second. `auditail rules list` shows what "
    "each of them looks for, and `auditail demo` what it looks like when they fire."
)
_NO_ANSWER: Final = ("The store did not answer.", "Press r to ask again.")


class AlertsView(FilteredScreen):
    """Shows what rules have found, and goes along with what they find."""

    NUMBER = 4
    OWN_FILTER: ClassVar[bool] = True

    def __init__(
        self, service: QueryService, *, clock: Callable[[], int], glyphs: Glyphs, tools: AlertsTools | None = None
    ) -> None:
        """Show what `service` can see; `clock` tells UTC microseconds; `tools` is what may be done."""
        super().__init__(service, clock=clock, glyphs=glyphs)
        self.set_reactive(AlertsView.what, TO_BE_LOOKED_AT)
        self.ask_store = AlertsQuestions(self, service)
        self.tools = tools or AlertsTools()
        self.answer: AlertsAnswer | None = None
        """What is shown; None: nothing is known yet."""
        self._asked: AlertsQuestion | None = None
        self._busy = False
        self._took_s = 0.0
        self._answered_at = 0.0
        self._told = False
        """Whether it was said that the store does not answer."""
        self._detection: DetectionState | None = None
        self._asking_detection = DetectionAsking(self, self.tools.detection)

    def tab_bar(self) -> TabBar:
        """Return the bar that says how alerts stand."""
        return AlertsTabBar(self.NUMBER, self.glyphs)

    def compose_body(self) -> Iterable[Widget]:
        """Yield filter, bars and lists, and beside them what is known of the alert under the cursor."""
        yield AlertsFilterLine(self.glyphs).data_bind(FilteredScreen.what)
        yield RemarkLine(self.glyphs)
        with Horizontal(id="alerts-main"):
            with Vertical(id="alerts-left"):
                yield AlertsHistogram(self.glyphs).data_bind(FilteredScreen.utc)
                yield AlertsList(id="alerts-listed").data_bind(FilteredScreen.utc)
                yield MutedList(id="alerts-muted").data_bind(FilteredScreen.utc)
                yield InvariantBoard().data_bind(FilteredScreen.utc)
            yield AlertPane().data_bind(FilteredScreen.utc)

    @property
    def listed(self) -> AlertsList:
        """The alerts that pass the filter, without the muted ones."""
        return self.query_one("#alerts-listed", AlertsList)

    @property
    def muted(self) -> MutedList:
        """The muted ones."""
        return self.query_one(MutedList)

    @property
    def board(self) -> InvariantBoard:
        """The invariants."""
        return self.query_one(InvariantBoard)

    @property
    def pane(self) -> AlertPane:
        """What is known of one alert."""
        return self.query_one(AlertPane)

    @property
    def stacked(self) -> tuple[AlertsList, MutedList, InvariantBoard]:
        """The panes that stand below each other."""
        return self.listed, self.muted, self.board

    @property
    def is_answered(self) -> bool:
        """Whether nothing more about the lists is on its way."""
        return self._asked is not None and not self._busy

    def on_mount(self) -> None:
        """Ask from now on; for the first time once it is known how many bars there is room for."""
        for pane in (*self.stacked, self.pane):
            pane.glyphs = self.glyphs
        self.listed.focus()
        self.set_interval(EVERY_S, self.tick)
        self._asking_detection.start()

    def on_screen_resume(self) -> None:
        """Look at once."""
        self.tick()
        self._asking_detection.look()

    def on_mirror_histogram_resized(self, _message: MirrorHistogram.Resized) -> None:
        """Ask for as many bars as there is room for."""
        self.ask()

    # Form.

    def on_resize(self, event: Resize) -> None:
        """Choose the form that fits."""
        self.set_class(event.size.width < NARROW, "-narrow")
        self.set_class(event.size.width < _ROOMY, "-middle")
        self.set_class(event.size.height < LOW, "-low")
        self.query_one(AlertsHistogram).set_class(event.size.height < LOW, "-compact")
        self.call_after_refresh(self.share_rows)

    @property
    def one_at_a_time(self) -> bool:
        """Whether there is room for only one of the panes that stand below each other."""
        return self.has_class("-narrow") or self.has_class("-low")

    def share_rows(self) -> None:
        """Give each pane the rows that it needs, or its part of those there are: not while one has them all."""
        if self.one_at_a_time or self.maximized is not None:
            return
        left = self.query_one("#alerts-left").size.height
        if not left:  # laid out only after this
            return
        wanted = [pane.wanted and pane.wanted + _BLANK for pane in self.stacked]
        room = left - self.query_one(AlertsHistogram).outer_size.height
        for pane, rows in zip(self.stacked, heights(max(room, 0), *wanted), strict=True):
            pane.styles.height = max(rows, 1)
            pane.display = rows > 0

    def on_alerts_list_folded(self) -> None:
        """Give the list the rows that it needs now."""
        self.share_rows()

    # Questions.

    def watch_what(self) -> None:
        """Ask everything anew."""
        if self.is_attached:
            self.ask()

    def watch_utc(self) -> None:
        """Cut the time where days begin."""
        if self._asked is not None:
            self.ask()

    def ask(self) -> None:
        """Ask for everything that is shown."""
        room = self.query_one(AlertsHistogram).room
        if room:
            self._asked = AlertsQuestion(self.what, self.clock(), room, self.utc)
            self._busy = True
            self.ask_store.all(self._asked)

    def tick(self) -> None:
        """Look whether something has changed, unless nobody looks or the last question is still open."""
        if not self.is_active or self._busy or self._asked is None:
            return
        if time.monotonic() - self._answered_at >= max(LEAST_S, _SHARE * self._took_s):
            self.ask_store.token()

    def on_token_seen(self, message: TokenSeen) -> None:
        """Ask again where something has changed, or where time has moved on."""
        if self._busy or self._asked is None:
            return
        changed = self.answer is None or message.token != self.answer.token
        if changed or self.clock() - self._asked.now_us >= _ANEW_US:
            self.ask()

    # Answers.

    def on_alerts_known(self, message: AlertsKnown) -> None:
        """Show all of it."""
        if message.question is not self._asked:
            return
        self._busy = self._told = False
        self._took_s, self._answered_at = message.took_s, time.monotonic()
        self.answer = message.answer
        self._show(message.answer, message.question)

    def _show(self, answer: AlertsAnswer, question: AlertsQuestion) -> None:
        rows = tuple(row for row in answer.found.rows if row.state is not AlertState.MUTED)
        hidden = len(answer.found.rows) - len(rows)
        self.listed.empty_words = () if rows else self._empty_words()
        needed = longest((*rows, *answer.muted.rows))
        self.listed.show(Alerts(rows, answer.found.matched - hidden, answer.found.of_rule, needed), question.now_us)
        self.muted.show(Alerts(answer.muted.rows, answer.muted.matched, needed=needed), question.now_us)
        self.board.show(answer.invariants, answer.forgotten, question.now_us)
        if question.now_us - self.pane.now_us >= _PANE_EVERY_US:
            self.pane.now_us = question.now_us
        bars, slices = answer.window.bars, answer.slices
        tallies = tuple(Tally(one.alerts, one.severe) for one in slices)
        self.query_one(AlertsHistogram).bars = Bars(bars.start_us, bars.end_us, tallies)
        within = sum(one.alerts for one in slices)
        figures = AlertsFigures(answer.found.matched, within, answer.window.words)
        self.query_one(AlertsFilterLine).figures = figures
        self.set_class(not self.what_there_is, "-empty")
        self.call_after_refresh(self.share_rows)

    @property
    def what_there_is(self) -> int:
        """How many alerts there are, whatever the filter, as far as that is known."""
        answer, counts = self.answer, self.alerts
        shown = 0 if answer is None else answer.found.matched + answer.muted.matched
        return max(shown, 0 if counts is None else sum(counts.by_state.values()))

    def _empty_words(self) -> tuple[str, ...]:
        """Return what is said where no alert is listed."""
        others = {} if self.alerts is None else {state: n for state, n in self.alerts.by_state.items() if n}
        if others and self.what == TO_BE_LOOKED_AT:
            told = ", ".join(f"{count(number)} {state}" for state, number in others.items())
            return f"Nothing is left to be looked at: {told}.", "X lists every alert, whatever its state."
        if others:
            return "No alert passes this filter.", "x drops its last part, X lists every alert."
        if self._detection is None:
            return _QUIET, _RULES.format("Rules watch")
        rules = self._detection.at_work
        return _QUIET, _RULES.format("1 rule watches" if rules == 1 else f"{count(rules)} rules watch")

    def on_detection_known(self, message: DetectionKnown) -> None:
        """Say how much is watched, and what is wrong with rules and notifications."""
        self._detection = message.state
        self.query_one(RemarkLine).remarks = message.state.attention
        self.call_after_refresh(self.share_rows)
        self.show_empty_words()

    def watch_alerts(self) -> None:
        """Say what is left, where nothing is listed."""
        self.show_empty_words()

    def show_empty_words(self) -> None:
        """Say once more why nothing is listed."""
        if self.is_attached and self.answer is not None and not self.listed.shown.rows:
            self.listed.empty_words = self._empty_words()
            self.share_rows()

    # Words.

    def on_show_notice(self, message: ShowNotice) -> None:
        """Say something for a few seconds."""
        message.stop()
        self.notify(safe_text(message.text), markup=False, severity="error" if message.trouble else "information")

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say that the store did not answer, or would not."""
        if event.state is WorkerState.ERROR:
            worker: Worker[Any] = event.worker  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
            self.question_failed(worker.group, str(worker.error))

    def question_failed(self, group: str, error: str) -> None:
        """Say what could not be had; what is shown stays."""
        if group == LIST_GROUP:
            self._busy = False
            if self.answer is None:
                self.listed.empty_words = _NO_ANSWER
                self.listed.show(Alerts((), 0), self.clock())
        if not self._told:
            self._told = True
            said = safe_text(f"The store did not answer: {error}. Press r to ask again.")
            self.notify(said, markup=False, severity="error")
