"""Budgets: what is spent, when it is over, and where it leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.budgets import Budget as Stated
from store.analytics.budgets import Budget, BudgetState, Unit, budget_states, budgets_of
from store.analytics.model import Dimension, Figures, Usage, UsageQuestion, UsageRow, Watch
from store.analytics.periods import Period
from tests.pilot.fake_analytics import FakeAnalytics

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY_US = 86_400_000_000
NOON_US = 20_000 * DAY_US + DAY_US // 2


def state(spent: int, *, limit: int = 1_000, passed: float = 0.5, **figures: int) -> BudgetState:
    """Return a budget of tokens of which so many are spent in such a part of the day."""
    budget = Budget("b", Period.DAY, Unit.TOKENS, limit)
    start = NOON_US - DAY_US // 2
    return BudgetState(
        budget, start, start + DAY_US, start + round(DAY_US * passed), Figures(input_tokens=spent, **figures)
    )


def test_a_forecast_goes_on_as_it_went() -> None:
    half = state(400)
    assert (half.share, half.over, half.forecast, half.reached_us) == (0.4, False, 800, None)
    fast = state(750)
    assert (fast.forecast, fast.over) == (1_500, False)
    assert fast.reached_us == fast.start_us + DAY_US * 2 // 3


def test_at_its_limit_a_budget_is_not_over_yet() -> None:
    assert not state(1_000).over
    beyond = state(1_001)
    assert beyond.over
    assert beyond.reached_us is None
    assert state(1_000, passed=1).reached_us is None


def test_it_is_too_early_for_a_forecast_in_the_first_twentieth() -> None:
    assert state(900, passed=0.04).forecast is None
    assert state(900, passed=0.04).reached_us is None
    assert state(900, passed=0.05).forecast == 18_000
    assert state(0).forecast == 0


def test_what_has_no_price_makes_a_sum_of_money_a_lower_bound() -> None:
    start = NOON_US - DAY_US // 2
    money = Budget("b", Period.DAY, Unit.MICROUSD, 10_000_000)
    figures = Figures(input_tokens=5, reported_microusd=3, computed_microusd=4, priced=1, reported=1, unpriced=2)
    one = BudgetState(money, start, start + DAY_US, NOON_US, figures)
    assert (one.spent, one.at_least) == (7, True)
    assert not state(1, unpriced=2).at_least


@pytest.mark.parametrize(
    ("stated", "budget", "query"),
    [
        ({"per": "day", "tokens": "2M"}, Budget("all / day", Period.DAY, Unit.TOKENS, 2_000_000), ""),
        (
            {"agent": "a*b", "per": "week", "usd": "0.5"},
            Budget("a*b / week", Period.WEEK, Unit.MICROUSD, 500_000, Dimension.AGENT, "a*b"),
            'agent:"a*b"',
        ),
        (
            {"name": "team", "tenant": "acme", "per": "month", "usd": 300},
            Budget("team", Period.MONTH, Unit.MICROUSD, 300_000_000, Dimension.TENANT, "acme"),
            "tenant:acme",
        ),
    ],
)
def test_the_settings_say_which(stated: Mapping[str, object], budget: Budget, query: str) -> None:
    (found,) = budgets_of([Stated.model_validate(stated)])
    assert found == budget
    assert found.filter.text == query


class Spent(FakeAnalytics):
    """Answers each question with what was spent by whom."""

    def usage(self, question: UsageQuestion, watch: Watch | None = None) -> Usage:
        """Return seven tokens in the one stretch that is asked for."""
        super().usage(question, watch)
        return Usage((UsageRow((), 0, Figures(input_tokens=7)),))


def test_each_budget_is_asked_for_its_own_period_and_people() -> None:
    analytics = Spent()
    budgets = (
        Budget("all", Period.DAY, Unit.TOKENS, 10),
        Budget("bob", Period.DAY, Unit.TOKENS, 5, Dimension.USER, "bob"),
    )
    states = budget_states(analytics, budgets, NOON_US, utc=True)
    assert [(one.spent, one.over) for one in states] == [(7, False), (7, True)]
    day = (NOON_US - DAY_US // 2, NOON_US + DAY_US // 2)
    assert [(one.what.text, one.edges) for one in analytics.questions] == [("", day), ("user:bob", day)]
