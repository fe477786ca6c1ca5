"""What the Agents tab asks the store: one thing after the other in a worker thread, what is looked at first first."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final

from store.analytics.meaning import MEANINGS
from store.analytics.model import Dimension, UsageQuestion
from store.filters.model import Filter
from tui.agents_window import slice_edges, window_of
from tui.screens.agents_facts import (
    ActivityKnown,
    BudgetsKnown,
    FactsKnown,
    FactsQuestion,
    SeenKnown,
    TableAnswered,
    TableQuestion,
    TokenSeen,
    UsageKnown,
    UsualKnown,
    ValuesCounted,
    WindowKnown,
)
from tui.screens.asking import Asking
from tui.screens.typed_count import TypedCount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.screen import Screen

    from config.budgets import Budget
    from store.analytics.model import Usage
    from store.service import Extent, QueryService
    from tui.agents_window import AgentsWindow

DIMENSIONS: Final = (
    Dimension.AGENT,
    Dimension.USER,
    Dimension.TENANT,
    Dimension.TOOL,
    Dimension.SERVER,
    Dimension.MODEL,
)
"""What the table can be told apart by, in the order of the line above it."""
_CALLS: Final = Filter.parsed(MEANINGS["calls"])
TABLE_GROUP: Final = "table"
FACTS_GROUP: Final = "facts"


class AgentsQuestions(Asking):
    """Asks for the table, the panel and the budgets, and posts `agents_facts`."""

    def __init__(self, screen: Screen[None], service: QueryService) -> None:
        """Ask `service` for `screen`."""
        super().__init__(screen, service)
        self._typed = TypedCount(screen, service)

    # The table.

    def table(self, question: TableQuestion) -> None:
        """Answer it part by part, until its `stop` is set."""
        self._run(partial(self._table, question), TABLE_GROUP)

    def _table(self, question: TableQuestion) -> None:
        began = time.monotonic()
        token, extent = self._service.change_token(), self._service.extent()
        window = window_of(question.what, question.choice, extent, question.now_us, newest_us=self._newest_us(extent))
        self._screen.post_message(WindowKnown(question, window, extent, token))
        usage = self._usage(question, window)
        if not question.stop.is_set():
            self._activity(question, window)
            self._seen(question)
            # Where events have to be looked at, the days before would take longer than all the rest.
            if not usage.from_events:
                self._usual(question, window)
            self._values(question, window)
        self._screen.post_message(TableAnswered(question, time.monotonic() - began))

    def _newest_us(self, extent: Extent) -> int | None:
        """Return when a tool was called last; without any call, when anything happened."""
        calls = self._service.newest(_CALLS, 1).rows
        return calls[0].ts_us if calls else extent.newest_us

    def _usage(self, question: TableQuestion, window: AgentsWindow) -> Usage:
        def watch(usage: Usage) -> bool:
            self._screen.post_message(UsageKnown(question, usage))
            return not question.stop.is_set()

        asked = UsageQuestion(question.what, window.edges, (question.by,), durations=True)
        usage = self._service.analytics.usage(asked, watch)
        self._screen.post_message(UsageKnown(question, usage))
        return usage

    def _sums(self, question: TableQuestion, by: Dimension, edges: tuple[int, ...]) -> Usage | None:
        """Return sums without durations; None where somebody did not want to wait for them."""
        if question.stop.is_set():
            return None
        asked = UsageQuestion(question.what, edges, (by,))
        usage = self._service.analytics.usage(asked, lambda _: not question.stop.is_set())
        return usage if usage.complete else None

    def _activity(self, question: TableQuestion, window: AgentsWindow) -> None:
        edges = slice_edges(window)
        usage = self._sums(question, question.by, edges)
        if usage is not None:
            self._screen.post_message(ActivityKnown(question, edges, usage))

    def _seen(self, question: TableQuestion) -> None:
        if not question.stop.is_set():
            seen = self._service.analytics.seen(question.by, question.what)
            self._screen.post_message(SeenKnown(question, seen))

    def _usual(self, question: TableQuestion, window: AgentsWindow) -> None:
        usage = self._sums(question, question.by, window.usual)
        if usage is not None:
            self._screen.post_message(UsualKnown(question, usage))

    def _values(self, question: TableQuestion, window: AgentsWindow) -> None:
        if not question.counts:
            return
        for by in DIMENSIONS:
            if by is question.by:
                continue
            usage = self._sums(question, by, (window.start_us, window.end_us))
            if usage is not None:
                named = sum(1 for row in usage.rows if row.values[0] is not None and row.figures.events)
                self._screen.post_message(ValuesCounted(question, by, named))

    def token(self) -> None:
        """Look whether something has arrived."""
        self._run(lambda: self._tell(TokenSeen(self._service.change_token())), "token")

    def _tell(self, message: TokenSeen) -> None:
        self._screen.post_message(message)

    # The panel.

    def facts(self, question: FactsQuestion) -> None:
        """Find out what is known of one value."""
        self._run(partial(self._facts, question), FACTS_GROUP)

    def _facts(self, question: FactsQuestion) -> None:
        from tui.agent_questions import agent_facts  # noqa: PLC0415 (not needed for the first paint)

        window = question.window
        found = agent_facts(
            self._service,
            question.by,
            question.value,
            question.what,
            start_us=window.start_us,
            end_us=window.end_us,
            now_us=question.now_us,
            utc=question.utc,
            place=question.place,
            wanted=lambda: not question.stop.is_set(),
        )
        self._screen.post_message(FactsKnown(question, found))

    # Budgets.

    def budgets(self, budgets: Sequence[Budget], now_us: int, *, utc: bool) -> None:
        """Find out how the budgets stand."""
        self._run(partial(self._budgets, budgets, now_us, utc), "budgets")

    def _budgets(self, budgets: Sequence[Budget], now_us: int, utc: bool) -> None:  # noqa: FBT001 (partial)
        from store.analytics.budgets import budget_states, budgets_of  # noqa: PLC0415 (not needed for the first paint)

        states = budget_states(self._service.analytics, budgets_of(budgets), now_us, utc=utc)
        self._screen.post_message(BudgetsKnown(states))

    # What is being typed.

    def count(self, what: Filter | None, window: tuple[int, int]) -> None:
        """Count what passes a filter within a half-open span of UTC microseconds; None: stop counting."""
        self._typed.typed = what
        if what is not None:
            self._run(partial(self._typed.count, what, window), "count")
