"""Budgets: what was spent in the present period of the calendar, and where that leads at this rate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from config.budgets import Budget as Stated
from store.analytics.calendar_spans import end_of, start_of
from store.analytics.model import AnalyticsQuestions, Dimension, Figures, UsageQuestion, Watch
from store.analytics.periods import Period
from store.filters.clause import Clause, literal
from store.filters.keys import Key
from store.filters.model import Filter

_TOO_EARLY: Final = 20
"""A forecast is made once a twentieth of the period has passed: before, one busy hour would be a catastrophe."""


class Unit(StrEnum):
    """What is limited."""

    MICROUSD = "microusd"
    TOKENS = "tokens"


@dataclass(frozen=True, slots=True)
class Budget:
    """At most `limit` micro-USD or tokens in each day, week or month of the calendar.

    `by` and `value` say whose; `by` None: everybody's together.
    """

    name: str
    period: Period
    unit: Unit
    limit: int
    by: Dimension | None = None
    value: str | None = None

    @property
    def filter(self) -> Filter:
        """The events that count."""
        if self.by is None or self.value is None:
            return Filter()
        return Filter.of(Clause(Key(self.by.value), (literal(self.value),)))


@dataclass(frozen=True, slots=True)
class BudgetState:
    """How a budget stands at `now_us`, in its period [start_us, end_us)."""

    budget: Budget
    start_us: int
    end_us: int
    now_us: int
    figures: Figures
    """What was done in the period so far."""

    @property
    def spent(self) -> int:
        """Micro-USD or tokens spent so far, as the budget counts."""
        money = self.budget.unit is Unit.MICROUSD
        return self.figures.cost_microusd if money else self.figures.tokens

    @property
    def at_least(self) -> bool:
        """Whether more was spent than is known, because the price of some events is not."""
        return self.budget.unit is Unit.MICROUSD and self.figures.unpriced > 0

    @property
    def share(self) -> float:
        """The part of the limit that is spent; more than 1 where it is over."""
        return self.spent / self.budget.limit

    @property
    def over(self) -> bool:
        """Whether more than the limit is spent."""
        return self.spent > self.budget.limit

    @property
    def forecast(self) -> int | None:
        """What the period will have taken in the end, if it goes on as it went so far; None: too early to say."""
        passed, whole = self.now_us - self.start_us, self.end_us - self.start_us
        if passed * _TOO_EARLY < whole:
            return None
        return round(self.spent * whole / passed)

    @property
    def reached_us(self) -> int | None:
        """When the limit will be reached at this rate; None: not in this period, too early to say, or it is over."""
        forecast = self.forecast
        if self.over or forecast is None or forecast <= self.budget.limit:
            return None
        return self.start_us + round((self.now_us - self.start_us) * self.budget.limit / self.spent)


def budgets_of(stated: Iterable[Stated]) -> tuple[Budget, ...]:
    """Return the budgets of the settings; one without a name is called after what it limits, as `acme / month`."""
    return tuple(_budget(one) for one in stated)


def _budget(stated: Stated) -> Budget:
    scope, value = stated.scope
    money = stated.microusd
    return Budget(
        name=stated.name or f"{value or 'all'} / {stated.per}",
        period=Period(stated.per),
        unit=Unit.TOKENS if money is None else Unit.MICROUSD,
        limit=(stated.tokens or 0) if money is None else money,
        by=None if scope == "all" else Dimension(scope),
        value=value,
    )


def budget_states(
    analytics: AnalyticsQuestions, budgets: Iterable[Budget], now_us: int, *, utc: bool, watch: Watch | None = None
) -> Sequence[BudgetState]:
    """Return how each budget stands, in the order given. Periods are those of the calendar, local or UTC.

    Raises:
        StoreError: the store cannot be read.
    """
    return [_state(analytics, one, now_us, utc=utc, watch=watch) for one in budgets]


def _state(
    analytics: AnalyticsQuestions, budget: Budget, now_us: int, *, utc: bool, watch: Watch | None
) -> BudgetState:
    start = start_of(budget.period, now_us, utc=utc)
    end = end_of(budget.period, now_us, utc=utc)
    # To the end of the period, not to the present: its whole hours are all kept as sums.
    found = analytics.usage(UsageQuestion(budget.filter, (start, end)), watch)
    figures = sum((row.figures for row in found.rows), Figures())
    return BudgetState(budget, start, end, now_us, figures)
