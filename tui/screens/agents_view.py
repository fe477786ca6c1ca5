"""The Agents tab's data: questions go out and answers come in here and go to the widgets. Keys are in `agents`."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from textual.worker import WorkerState

from store.analytics.model import Dimension
from store.filters.keys import Key
from store.safe_text import safe_text
from tui.agents_cells import CellLook
from tui.agents_columns import kinds_of
from tui.agents_order import Order, kept, ordered
from tui.agents_rows import Answers, total
from tui.agents_window import MINUTE_US, AgentsWindow, WindowChoice
from tui.picker_choices import label_of
from tui.screens.agents_facts import (
    ActivityKnown,
    SeenKnown,
    TableAnswered,
    TableQuestion,
    TokenSeen,
    UsageKnown,
    UsualKnown,
    ValuesCounted,
    WindowKnown,
)
from tui.screens.agents_questions import DIMENSIONS, TABLE_GROUP, AgentsQuestions
from tui.screens.filtered_screen import FilteredScreen
from tui.widgets.agents_bars import AgentsByLine, AgentsFilterLine, AgentsTabBar, Reading
from tui.widgets.agents_table import AgentsTable, Shown
from tui.widgets.filter_line import FilterLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual.events import Resize
    from textual.widget import Widget
    from textual.worker import Worker

    from config.budgets import Budget
    from store.filters.model import Filter
    from store.service import QueryService
    from tui.glyphs import Glyphs
    from tui.messages import ShowNotice
    from tui.widgets.tab_bar import TabBar

EVERY_S: Final = 2.0
"""How often is looked whether something has arrived."""
LOW: Final = 30
"""Below this many rows there is no room for anything but the table."""
_SHARE: Final = 10
"""Asking takes at most this part of the time."""
_COUNT_EVERY_US: Final = MINUTE_US
"""The values of the other dimensions are not counted anew more often than this."""
_NOTHING: Final = "Nothing happened in this window. [ goes to an earlier one, } takes a longer one."
_NOTHING_PASSES: Final = "Nothing in this window passes the filter. x drops its last part, } takes a longer window."
_NO_EVENTS: Final = "There are no events yet. Press + to watch a folder, or 5 to see what is read."
_NO_ANSWER: Final = "The store did not answer. Press r to ask again."


class AgentsView(FilteredScreen):
    """Shows the sums of a window by agent, user, tool …, and goes along with what arrives."""

    NUMBER = 3

    def __init__(
        self, service: QueryService, *, clock: Callable[[], int], glyphs: Glyphs, budgets: Sequence[Budget] = ()
    ) -> None:
        """Show what `service` can see; `clock` tells UTC microseconds; `budgets` are those of the settings."""
        super().__init__(service, clock=clock, glyphs=glyphs)
        self.ask_store = AgentsQuestions(self, service)
        self.budgets = budgets
        self.by = Dimension.AGENT
        self.choice = WindowChoice()
        self.order = Order()
        self.answers: Answers | None = None
        """What the table shows; None: nothing is known yet."""
        self._asked: TableQuestion | None = None
        self._draft: Answers | None = None
        self._shown_for: TableQuestion | None = None
        self._busy = False
        self._slow = False
        self._listed: list[str | None] | None = None
        self._token = -1
        self._took_s = 0.0
        self._answered_at = 0.0
        self._counted_us = 0
        self._told = False
        """Whether it was said that the store does not answer."""

    def tab_bar(self) -> TabBar:
        """Return the bar that says which time it is about."""
        bar = AgentsTabBar(self.NUMBER, self.glyphs)
        bar.utc = self.utc
        return bar

    def compose_body(self) -> Iterable[Widget]:
        """Yield filter, dimensions and table; the panel comes below once there is something to show."""
        yield AgentsFilterLine(self.glyphs).data_bind(FilteredScreen.what, FilteredScreen.utc)
        yield AgentsByLine(DIMENSIONS, self.glyphs)
        yield AgentsTable(self.glyphs)

    @property
    def table(self) -> AgentsTable:
        """The table."""
        return self.query_one(AgentsTable)

    @property
    def window(self) -> AgentsWindow | None:
        """The time that the numbers on the screen are about; None: nothing is known yet."""
        return None if self.answers is None else self.answers.window

    @property
    def is_answered(self) -> bool:
        """Whether nothing more about the table is on its way."""
        return self._asked is not None and not self._busy

    def on_mount(self) -> None:
        """Ask now and from now on."""
        self.table.focus()
        self.ask()
        self.set_interval(EVERY_S, self.tick)

    def on_unmount(self) -> None:
        """Let no worker go on after the screen."""
        if self._asked is not None:
            self._asked.stop.set()

    def on_screen_resume(self) -> None:
        """Look at once; what was left is in its order again."""
        self._listed = None
        self._show()
        self.tick()

    def on_resize(self, event: Resize) -> None:
        """Choose the form that fits."""
        self.set_class(event.size.height < LOW, "-low")

    def watch_utc(self, utc: bool) -> None:  # noqa: FBT001 (Textual's signature)
        """Write times in UTC or in local time."""
        for bar in self.query(AgentsTabBar):
            bar.utc = utc

    # Questions.

    def watch_what(self, what: Filter) -> None:
        """Ask everything anew."""
        del what
        if self.is_attached:
            self.ask()

    def ask(self, *, again: bool = False) -> None:
        """Ask for the table; `again`: only its numbers may have moved, so that rows and order stay."""
        if self._asked is not None:
            self._asked.stop.set()
        now_us = self.clock()
        counts = not again or now_us - self._counted_us >= _COUNT_EVERY_US
        if counts:
            self._counted_us = now_us
        if not again:
            self._listed = None
            self._slow = False
        self._asked = TableQuestion(self.what, self.by, self.choice, now_us, again, counts)
        self._busy = True
        self.ask_store.table(self._asked)

    def stop(self) -> bool:
        """Call off a question that takes its time; return whether there was one."""
        if not (self._busy and self._slow) or self._asked is None:
            return False
        self._asked.stop.set()
        return True

    def tick(self) -> None:
        """Look whether something has arrived, unless nobody looks or the last question is still open."""
        if not self.is_active or self._busy or self._asked is None or self._asked.stop.is_set():
            return
        pause_s = _SHARE * self._took_s
        if pause_s <= EVERY_S or time.monotonic() - self._answered_at >= pause_s:
            self.ask_store.token()

    def on_token_seen(self, message: TokenSeen) -> None:
        """Ask again where something has arrived, or where the window has moved on."""
        if self._busy or self._asked is None:
            return
        now_us = self.clock()
        if message.token != self._token or now_us // MINUTE_US != self._asked.now_us // MINUTE_US:
            self.ask(again=True)
        else:
            self.table.tell_time(now_us)

    # Answers.

    def on_window_known(self, message: WindowKnown) -> None:
        """Begin with a new window; what is shown stays until its numbers are there."""
        question = message.question
        if question is not self._asked:
            return
        self._token = message.token
        draft = Answers(question.by, message.window)
        shown = self.answers
        if question.again and shown is not None:
            draft = replace(shown, window=message.window)
        self._draft = draft
        self.query_one(AgentsTabBar).window = message.window
        self.query_one(FilterLine).empty_store = not message.extent.events
        self.table.empty_text = (
            _NO_EVENTS if not message.extent.events else _NOTHING_PASSES if question.what else _NOTHING
        )

    def on_usage_known(self, message: UsageKnown) -> None:
        """Show the sums, as far as they have come; while they only move, all at once."""
        if message.question is not self._asked or self._draft is None:
            return
        usage = message.usage
        self._slow = self._slow or not usage.complete or usage.from_events
        if message.question.again and not usage.complete:
            return
        self._take(replace(self._draft, usage=usage))
        stopped = message.question.stop.is_set()
        reading = None if usage.complete else Reading(usage.reached_us, stopped)
        self.query_one(AgentsFilterLine).reading = reading

    def on_activity_known(self, message: ActivityKnown) -> None:
        """Show the small bars."""
        if message.question is self._asked and self._draft is not None:
            self._take(replace(self._draft, activity=message.usage, activity_edges=message.edges))

    def on_seen_known(self, message: SeenKnown) -> None:
        """Show when each was last seen."""
        if message.question is self._asked and self._draft is not None:
            self._take(replace(self._draft, seen=message.seen))

    def on_usual_known(self, message: UsualKnown) -> None:
        """Show what is unusual."""
        if message.question is self._asked and self._draft is not None:
            self._take(replace(self._draft, usual=message.usage))

    def on_values_counted(self, message: ValuesCounted) -> None:
        """Show how many values another dimension has."""
        if message.question is self._asked:
            line = self.query_one(AgentsByLine)
            line.values = {**line.values, message.by: message.values}

    def on_table_answered(self, message: TableAnswered) -> None:
        """Nothing more is on its way."""
        if message.question is not self._asked:
            return
        self._busy = self._told = False
        self._took_s, self._answered_at = message.took_s, time.monotonic()
        self._show()

    def _take(self, answers: Answers) -> None:
        self._draft = self.answers = answers
        self._shown_for = self._asked
        self._show()

    @property
    def shown_filter(self) -> Filter:
        """The filter that the numbers on the screen are counted under."""
        return self.what if self._shown_for is None else self._shown_for.what

    # Show.

    def _show(self) -> None:
        answers = self.answers
        if answers is None or answers.usage is None:
            self._show_nothing()
            return
        found = answers.rows
        in_order = ordered(found, self.order)
        rows = in_order if self._listed is None else kept(found, self._listed, self.order)
        self._listed = [row.value for row in rows]
        whole = total(rows)
        look = CellLook(
            self.glyphs,
            self.clock(),
            answers.activity_edges,
            waiting=self._busy,
            nameless=label_of_nobody(answers.by),
        )
        words, still = answers.window.words, rows == in_order
        self.table.show(Shown(answers.by, tuple(rows), whole, self.order, words, still), look)
        self.query_one(AgentsFilterLine).figures = whole.figures
        line = self.query_one(AgentsByLine)
        there = sum(1 for row in rows if row.value is not None and not row.silent)
        line.by, line.values = answers.by, {**line.values, answers.by: there}

    def _show_nothing(self) -> None:
        words = "" if self.answers is None else self.answers.window.words
        self.table.show(Shown(self.by, order=self.order, window=words), CellLook(self.glyphs, self.clock()))
        self.query_one(AgentsByLine).by = self.by

    def sort_by(self, order: Order) -> None:
        """Show the rows in this order."""
        self.order = order
        self._listed = None
        self._show()

    def tell_by(self, by: Dimension) -> None:
        """Tell the table apart by another dimension."""
        if by is self.by:
            return
        self.by = by
        names = {column.name for column in kinds_of(by)} | {"name"}
        if self.order.column not in names:
            self.order = Order("events" if by is Dimension.MODEL else "calls")
        self.answers = None
        self.table.cell = None
        self.table.go_to_top()
        self.query_one(AgentsFilterLine).figures = None
        self._show_nothing()
        self.ask()

    # Words.

    def on_show_notice(self, message: ShowNotice) -> None:
        """Say something for a few seconds."""
        message.stop()
        self.notify(safe_text(message.text), markup=False, severity="error" if message.trouble else "information")

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say that the store did not answer."""
        if event.state is not WorkerState.ERROR:
            return
        worker: Worker[Any] = event.worker  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        self.question_failed(worker.group, str(worker.error))

    def question_failed(self, group: str, error: str) -> None:
        """Say what could not be had; numbers that are there stay."""
        if group == TABLE_GROUP:
            self._busy = False
            if self.answers is None:
                self.table.empty_text = _NO_ANSWER
                self.table.show(Shown(self.by, (), total(()), self.order), CellLook(self.glyphs, self.clock()))
        if not self._told:
            self._told = True
            said = safe_text(f"The store did not answer: {error}. Press r to ask again.")
            self.notify(said, markup=False, severity="error")


def label_of_nobody(by: Dimension) -> str:
    """Return what a row without a value is called, `(no agent)`."""
    return label_of(Key(by.value), None)
