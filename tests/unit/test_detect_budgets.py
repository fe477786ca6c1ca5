"""Budgets: one incident a period, sums that are exact, and what was spent before anything was observed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from config.budgets import Budget
from detect.engine.findings import FoundIncident
from store.observed import ObservedEvent
from tests.detection import SECOND, START_US, Alerts, engine_of, new_event, observed, rules, seen

RULE: Final = rules(
    "title: T\nid: 00000000-0000-4000-8000-000000000001\n"
    "detection:\n  any: {event_type: api.request}\n  condition: any\nauditail: {kind: budget}\n"
)
HOUR: Final = 3_600
WEEK: Final = Budget(agent="bot", per="week", usd=Decimal(40))


def cost(after_s: float, dollars: float, **fields: Any) -> tuple[float, dict[str, Any]]:
    return after_s, {"event_type": "api.request", "agent_id": "bot", "cost_microusd": round(dollars * 1e6), **fields}


def found(events: list[ObservedEvent], *budgets: Budget) -> list[FoundIncident]:
    """Return the incidents, with a new engine for each event."""
    alerts = Alerts()
    for event in events:
        alerts.run(engine_of(RULE, alerts.kept(), budgets=budgets), [event])
    return alerts.incidents()


def test_what_is_reported_and_what_is_computed_count_together_over_restarts() -> None:
    events = observed(cost(0, 20), cost(9, 0, cost_microusd=None, computed_microusd=21_200_000, counts=0), cost(20, 5))
    (alert,) = found(events, WEEK)
    assert alert.key == (("agent_id", "bot"), ("user_id", None), ("tenant_id", None))
    assert alert.explanation == "agent bot has cost $41.20 this week (from 2026-11-16); the budget is $40"
    assert alert.evidence == tuple(event.row_id for event in events[:2])


def test_it_is_said_again_at_each_further_quarter() -> None:
    (alert,) = found(observed(cost(0, 41), cost(1, 2), cost(2, 8)), WEEK)
    assert (alert.count, alert.explanation.partition(";")[0]) == (
        3,
        "agent bot has cost $51 this week (from 2026-11-16)",
    )


def test_each_period_has_an_incident_of_its_own() -> None:
    day = Budget(per="day", tokens=1_000)
    told = [
        (n * 8 * HOUR, {"event_type": "api.request", "input_tokens": 400, "cache_read_tokens": 300}) for n in range(6)
    ]
    alerts = found(observed(*told), day)
    assert [alert.explanation for alert in alerts] == [
        "everything together has used 1,400 tokens today (2026-11-22); the budget is 1,000 tokens",
        "everything together has used 2,100 tokens today (2026-11-23); the budget is 1,000 tokens",
    ]


def test_two_budgets_of_one_agent_are_two_incidents() -> None:
    alerts = found(observed(cost(0, 45)), WEEK, Budget(agent="bot", per="month", usd=Decimal(44)))
    assert sorted(alert.explanation.split(" (")[0] for alert in alerts) == [
        "agent bot has cost $45 this month",
        "agent bot has cost $45 this week",
    ]


def test_periods_that_are_over_when_their_events_arrive_say_nothing() -> None:
    late = 11 * HOUR * SECOND
    for more, number in ((0, 1), (HOUR * SECOND, 0)):
        event = new_event(event_type="api.request", agent_id="bot", cost_microusd=50_000_000)
        assert (
            len(found([seen(event, START_US, 1, arrived_us=START_US + late - HOUR * SECOND // 2 + more)], WEEK))
            == number
        )


def test_what_was_spent_before_is_handed_in_once() -> None:
    engine, alerts = engine_of(RULE, budgets=[WEEK]), Alerts()
    (fresh,) = engine.unmeasured()
    assert (fresh.budget, fresh.end_us - fresh.start_us) == (WEEK, 7 * 24 * HOUR * SECOND)
    engine.measured(fresh, 39_000_000)
    engine.measured(fresh, 39_000_000)
    assert engine.unmeasured() == []
    alerts.run(engine, observed(cost(0, 2)))
    assert [alert.explanation[:22] for alert in alerts.incidents()] == ["agent bot has cost $41"]


def test_a_raised_limit_is_told_when_it_is_reached() -> None:
    higher = Budget(agent="bot", per="week", usd=Decimal(50))
    alerts = Alerts().run(engine_of(RULE, budgets=[WEEK]), observed(cost(0, 41)))
    events = observed(cost(0, 41), cost(1, 5), cost(2, 5))
    alerts.run(engine_of(RULE, alerts.kept(), budgets=[higher]), events[:2])
    assert [alert.count for alert in alerts.incidents()] == [1]
    alerts.run(engine_of(RULE, alerts.kept(), budgets=[higher]), events)
    assert [(alert.count, alert.explanation[-3:]) for alert in alerts.incidents()] == [(3, "$50")]


def test_without_budgets_nothing_is_asked() -> None:
    engine = engine_of(RULE)
    assert (engine.observe(observed(cost(0, 1e6))).incidents, len(engine.changes())) == ([], 1)
