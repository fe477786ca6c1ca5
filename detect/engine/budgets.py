"""Budgets: what the settings allow in a day, week or month is spent. Sums are exact, whatever the order of arrival.

Only periods that still run, or ended within the last hour, when an event arrives are looked at: old files that are
read say nothing about today's budgets.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from detect.engine.keys import GroupKey
from detect.engine.limits import HOUR_US
from detect.engine.matches import anchor_of
from detect.engine.memory import Memory
from detect.engine.shelf import Lane
from detect.engine.spans import Spans
from detect.rules.extension import BudgetUse
from detect.rules.fields import getter
from store.analytics.periods import Period
from store.rollups.sums import MOST

if TYPE_CHECKING:
    from config.budgets import Budget
    from detect.engine.ledger import Ledger
    from store.observed import ObservedEvent

_PERIODS: Final = 4
"""Periods of a budget that are remembered: the present one, the last, and what wrong clocks bring."""
_GREATEST: Final = 20
"""Events that are remembered to show what was spent on: those that cost most since it was last said."""
_FIELD: Final = {"agent": "agent_id", "user": "user_id", "tenant": "tenant_id"}
_THIS: Final = {Period.DAY: "today", Period.WEEK: "this week", Period.MONTH: "this month"}


class PeriodLane(Lane, array_like=True, gc=False):
    """One period of one budget. `newest_us` is when it begins."""

    spent: int = 0
    """Micro-USD or tokens."""
    told: int = 0
    """How many steps were said to be reached."""
    greatest: list[tuple[int, int, int]] = msgspec.field(default_factory=list[tuple[int, int, int]])
    """(amount, time, row id), from least to most."""


class BudgetState(msgspec.Struct, array_like=True, gc=False):
    """What is remembered of one budget."""

    touched: int = 0
    limit: int = 0
    periods: list[PeriodLane] = []
    measured: bool = False
    """Whether what was spent before anything was observed is in the periods' sums."""

    @property
    def weight(self) -> int:
        """It holds no matches."""
        return 0

    @property
    def busy(self) -> bool:
        """None is worth less than another."""
        return True


class Unmeasured(NamedTuple):
    """A budget whose running period [start_us, end_us) may have begun before anything was observed."""

    budget: Budget
    start_us: int
    end_us: int


class _Limit:
    """A budget, as it is asked about for each event."""

    def __init__(self, budget: Budget, spans: Spans) -> None:
        scope, value = budget.scope
        money = budget.microusd
        self.budget: Final = budget
        self.period: Final = Period(budget.per)
        self.in_money: Final = money is not None
        self.limit: Final = (budget.tokens or 0) if money is None else money
        self.span_of: Final[Callable[[int], tuple[int, int]]] = spans.of(self.period)
        self.whose: Final = "everything together" if value is None else f"{scope} {value}"
        names = [value if scope == one else None for one in _FIELD]
        self.key: Final[GroupKey] = (*names, f"{budget.per} {'usd' if self.in_money else 'tokens'}")
        """The names of the usual group, and which budget of theirs it is."""

    def amount(self, number: int) -> str:
        """Return an amount as a person says it."""
        return f"${number / 1e6:,.2f}".removesuffix(".00") if self.in_money else f"{number:,} tokens"


class Budgets:
    """Adds up what counts for each budget, and turns what is too much into incidents, one a period."""

    def __init__(self, ledger: Ledger, budgets: Sequence[Budget], spans: Spans) -> None:
        """Begin with nothing spent."""
        options = ledger.rule.options
        assert isinstance(options, BudgetUse)
        self.ledger: Final = ledger
        self.memory: Final = Memory(BudgetState, lambda: BudgetState(periods=[]))
        self._share: Final = options.share
        self._spans: Final = spans
        self._limits: Final = [_Limit(one, spans) for one in budgets]
        self._all: Final = [one for one in self._limits if one.budget.scope[0] == "all"]
        self._named: Final = [
            (getter(field), named) for scope, field in _FIELD.items() if (named := self._by_name(scope))
        ]

    def _by_name(self, scope: str) -> dict[str | None, list[_Limit]]:
        found: dict[str | None, list[_Limit]] = {}
        for one in self._limits:
            if one.budget.scope[0] == scope:
                found.setdefault(one.budget.scope[1], []).append(one)
        return found

    def take(self, event: ObservedEvent) -> None:
        """Take an event with tokens or a cost, also one that is no new occurrence."""
        for limit in self._all:
            self._spend(limit, event)
        for read, named in self._named:
            for limit in named.get(read(event), ()):
                self._spend(limit, event)

    def unmeasured(self, now_us: int) -> list[Unmeasured]:
        """Return the budgets that were never measured."""
        return [Unmeasured(one.budget, *one.span_of(now_us)) for one in self._limits if not self._is_measured(one)]

    def measured(self, one: Unmeasured, spent: int) -> None:
        """Take in what was spent in a period so far, observed or not; of a budget that was measured before, nothing."""
        for limit in self._limits:
            if limit.budget == one.budget and not self._is_measured(limit):
                state = self.memory.touch(limit.key)
                state.limit, state.measured = limit.limit, True
                period = _period_of(state, one.start_us)
                if period is not None:
                    period.spent = spent

    def _is_measured(self, limit: _Limit) -> bool:
        state = self.memory.look(limit.key)
        return state is not None and state.measured

    def _spend(self, limit: _Limit, event: ObservedEvent) -> None:
        amount = _cost_of(event) if limit.in_money else _tokens_of(event)
        start_us, end_us = limit.span_of(event.ts_us)
        if not amount or event.arrived_us >= end_us + HOUR_US:
            return
        state = self.memory.touch(limit.key)
        if state.limit != limit.limit:
            self._limit_anew(state, limit)
        period = _period_of(state, start_us)
        if period is None:
            return
        period.spent += amount
        if amount > 0:
            insort(period.greatest, (amount, event.ts_us, event.row_id))
            del period.greatest[:-_GREATEST]
        reached = self._reached(limit, period.spent)
        if reached > period.told:
            period.told = reached
            self._tell(limit, period, event)

    def _limit_anew(self, state: BudgetState, limit: _Limit) -> None:
        state.limit = limit.limit
        for period in state.periods:
            period.told = min(period.told, self._reached(limit, period.spent))

    def _reached(self, limit: _Limit, spent: int) -> int:
        """Return how many steps are reached: the share, and where that is the whole, each further quarter."""
        over = spent - limit.limit * self._share
        if over <= 0:
            return 0
        if self._share < 1:
            return int(spent <= limit.limit)  # who is beyond the whole is not told of a part as well
        return 1 + int(over / (limit.limit / 4))

    def _tell(self, limit: _Limit, period: PeriodLane, event: ObservedEvent) -> None:
        incident = self.ledger.incident_at(period, limit.key, anchor_of(event))
        incident.words = {
            "whose": limit.whose,
            "budget": limit.budget.name or f"{limit.budget.scope[1] or 'all'} / {limit.budget.per}",
            "spent": ("cost " if limit.in_money else "used ") + limit.amount(period.spent),
            "limit": limit.amount(limit.limit),
            "period": f"{_THIS[limit.period]} ({self._spans.name(limit.period, event.ts_us)})",
            "share": f"{100 * period.spent // limit.limit} %",
        }
        for _, at_us, row_id in sorted(period.greatest, key=lambda one: one[1:]):
            self.ledger.shows(incident, at_us, row_id)
        period.greatest = []


def _period_of(state: BudgetState, start_us: int) -> PeriodLane | None:
    """Return a period of a budget; None where it is older than those that are remembered."""
    for period in state.periods:
        if period.newest_us == start_us:
            return period
    made = PeriodLane(start_us, [])
    state.periods.append(made)
    state.periods.sort(key=lambda one: one.newest_us)
    del state.periods[:-_PERIODS]
    return made if made in state.periods else None


def _cost_of(event: ObservedEvent) -> int:
    return _bounded(event.event.cost_microusd) + _bounded(event.computed_microusd)


def _tokens_of(event: ObservedEvent) -> int:
    one = event.event
    parts = (one.input_tokens, one.output_tokens, one.cache_read_tokens, one.cache_write_tokens)
    return sum(map(_bounded, parts))


def _bounded(number: int | None) -> int:
    """Return what an event counts as in the sums that Analytics shows, too."""
    return 0 if number is None else max(-MOST, min(number, MOST))
