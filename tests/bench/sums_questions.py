"""What the commands of `auditail analytics` ask: taken from the commands themselves, with the time answers take."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from cli.analytics.agent_profile import agent_report
from cli.analytics.asking import Asking
from cli.analytics.calendar_rows import CALLS, TOKENS, period_report, usual_window
from cli.analytics.content import content_report
from cli.analytics.costs import cost_report
from cli.analytics.denials import denial_report
from cli.analytics.ordering import Cut
from cli.analytics.overview import overview_report
from cli.analytics.usage import Grouping, usage_report
from cli.analytics.window import Window, last_days
from store.analytics.model import Dimension
from store.analytics.periods import Period
from store.filters.model import Filter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from store.analytics.model import (
        AnalyticsQuestions,
        DenialRule,
        MessageCount,
        Seen,
        Usage,
        UsageQuestion,
        Watch,
    )

Answer = TypeVar("Answer")
_HOUR_US: Final = 3_600_000_000
_CUT: Final = Cut()


@dataclass(slots=True)
class Timed:
    """Passes questions on; notes the seconds that all answers took, and questions about sums with their answers."""

    questions: AnalyticsQuestions
    seconds: float = 0.0
    asked: list[tuple[UsageQuestion, Usage]] = field(default_factory=list["tuple[UsageQuestion, Usage]"])

    def usage(self, question: UsageQuestion, watch: Watch | None = None) -> Usage:
        """See `AnalyticsQuestions`."""
        found = self._take(lambda: self.questions.usage(question, watch))
        self.asked.append((question, found))
        return found

    def seen(self, by: Dimension, what: Filter) -> Mapping[str | None, Seen]:
        """See `AnalyticsQuestions`."""
        return self._take(lambda: self.questions.seen(by, what))

    def first_uses(self, agent: str, since_us: int) -> Sequence[tuple[str, str | None, int]]:
        """See `AnalyticsQuestions`."""
        return self._take(lambda: self.questions.first_uses(agent, since_us))

    def error_messages(self, what: Filter, start_us: int, end_us: int, limit: int) -> Sequence[MessageCount]:
        """See `AnalyticsQuestions`."""
        return self._take(lambda: self.questions.error_messages(what, start_us, end_us, limit))

    def denial_rules(self, what: Filter, start_us: int, end_us: int) -> Sequence[DenialRule]:
        """See `AnalyticsQuestions`."""
        return self._take(lambda: self.questions.denial_rules(what, start_us, end_us))

    def _take(self, answer: Callable[[], Answer]) -> Answer:
        begin = time.perf_counter()
        found = answer()
        self.seconds += time.perf_counter() - begin
        return found


@dataclass(frozen=True, slots=True)
class Command:
    """A command, and what makes its report; `months`: its usual window is a year's."""

    name: str
    report: Callable[[Asking], object]
    months: bool = False


def commands(agent: str) -> list[Command]:
    """Return the commands, with this agent where one has to be named."""

    def grouped(name: str, by: Dimension) -> Command:
        wanted = Grouping(by, title=name, with_server=by is Dimension.TOOL, drawn=True)
        return Command(name, lambda asking: usage_report(asking, wanted, _CUT, {}))

    by_month = period_of(TOKENS, Period.MONTH)
    return [
        Command("overview", lambda asking: overview_report(asking, _CUT, ())),
        grouped("agents list", Dimension.AGENT),
        Command(f"agents show {agent}", lambda asking: agent_report(asking, agent, _CUT, lambda: ())),
        *(
            grouped(f"agents usage --by {by}", by)
            for by in (Dimension.USER, Dimension.TENANT, Dimension.MODEL, Dimension.SERVER)
        ),
        Command("ai tokens --period day", period_of(TOKENS, Period.DAY)),
        Command("ai tokens --period month", by_month, months=True),
        Command("mcp calls --period day", period_of(CALLS, Period.DAY)),
        Command("content stats", lambda asking: content_report(asking, _CUT, drawn=True)),
        grouped("tools", Dimension.TOOL),
        grouped("users", Dimension.USER),
        Command("costs", lambda asking: cost_report(asking, Dimension.MODEL, _CUT)),
        Command("denials", lambda asking: denial_report(asking, _CUT)),
    ]


def period_of(counted: object, period: Period) -> Callable[[Asking], object]:
    """Return what makes the report of `ai tokens` or `mcp calls`."""
    return lambda asking: period_report(asking, counted, period, _CUT)  # pyright: ignore[reportArgumentType]


def asking_of(command: Command, questions: Timed, newest_us: int) -> Asking:
    """Return what asks for a command whose filter is empty, in its usual window of UTC's days."""
    end = (newest_us // _HOUR_US + 1) * _HOUR_US
    default = usual_window(Period.MONTH)[0] if command.months else last_days
    window = Window(default(end, utc=True), end, utc=True)
    return Asking(questions, Filter(utc=True), window, compared=False, watch=lambda _: True)
