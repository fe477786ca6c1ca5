"""What a decision reaches: what a filter finds, now and later; what a preview says of it; and what is in scope."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store.alerts.decisions import AlertDesk
from store.alerts.errors import DecisionError
from store.alerts.pinned import pinned
from store.alerts.states import AlertState, Reach, Verdict
from store.filters.model import Filter
from store.reader import StoreReader
from store.scope import Scope
from store.store import Store
from tests.alert_incidents import HOUR, LOOP, Clock, Incidents, decision, open_at, recorded
from tests.events import ARRIVED_US

NEW, RESOLVED = AlertState.NEW, AlertState.RESOLVED


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with open_at(tmp_path, clock) as opened:
        yield opened


@pytest.fixture
def happen(store: Store) -> Incidents:
    return Incidents(store)


@pytest.fixture
def desk(store: Store) -> AlertDesk:
    return AlertDesk(store)


def test_a_filter_s_reach_is_what_it_finds_of_the_rule_now_and_later(
    happen: Incidents, desk: AlertDesk, clock: Clock
) -> None:
    first, reading, writing = happen.open(), happen.open(tool="read"), happen.open(tool="write")
    other_rule = happen.open(rule=LOOP, tool="read")
    what = Filter.parsed("tool:read state:new,open level:high since:-24h", alerts=True)
    done = desk.decide(decision(Verdict.ACCEPT_RISK, first, Reach.FILTER, what=what))
    accepted = AlertState.ACCEPTED
    assert done.alerts == 2
    assert [happen.stands(one)[0] for one in (first, reading, writing, other_rule)] == [accepted, accepted, NEW, NEW]
    [(_, message, facts)] = recorded(happen)
    assert facts["query"] == "tool:read state:new,open level:high since:2026-11-22T14:02:06Z"
    assert message.startswith(f"alert {first} Passwords guessed and 1 more (of this rule, found by tool:read state:")
    clock.now_us += 48 * HOUR
    assert happen.stands(happen.open(tool="read"))[0] is accepted
    assert happen.stands(happen.open("other", tool="read"))[0] is accepted
    assert happen.stands(happen.open(tool="write"))[0] is NEW
    assert happen.stands(happen.open(rule=LOOP, tool="read"))[0] is NEW
    undone = desk.undo()
    assert undone is not None
    assert undone.alerts == 4


@pytest.mark.parametrize("reach", Reach)
def test_a_preview_says_what_the_decision_then_changes(
    happen: Incidents, desk: AlertDesk, clock: Clock, tmp_path: Path, reach: Reach
) -> None:
    first, muted, resolved = happen.open(tool="read"), happen.open(tool="read"), happen.open(tool="read")
    for agent, tool in (("bot", "read"), ("bot", "write"), ("other", "read")):
        happen.open(agent, tool=tool)
        happen.open(agent, LOOP, tool=tool)
    desk.decide(decision(Verdict.MUTE, muted))
    desk.decide(decision(Verdict.RESOLVE, resolved))
    clock.now_us += 2 * HOUR
    what = Filter.parsed("tool:read -state:seen", alerts=True) if reach is Reach.FILTER else None
    wanted = decision(Verdict.ACKNOWLEDGE, first, reach, what=what)
    with closing(StoreReader.open(tmp_path / "events.db", clock=clock)) as reader:
        expected = reader.alerts.preview(wanted).alerts
    assert expected == desk.decide(wanted).alerts == {Reach.ALERT: 1, Reach.RULE_AND_AGENT: 4, Reach.FILTER: 4}[reach]


def test_a_kept_query_that_is_not_understood_holds_for_nothing(happen: Incidents, desk: AlertDesk) -> None:
    first = happen.open(tool="read")
    what = Filter.parsed("tool:read", alerts=True)
    desk.decide(decision(Verdict.ACCEPT_RISK, first, Reach.FILTER, what=what))
    happen.ask("UPDATE alert_decision SET query = 'from_the_future:(' || query")
    assert happen.stands(happen.open(tool="read"))[0] is NEW


def test_local_times_of_a_filter_are_kept_in_utc() -> None:
    what = Filter.parsed("-(since:today OR before:10:30) agent:x", alerts=True)
    assert pinned(what, ARRIVED_US).text == ("-(since:2026-11-22T23:00:00Z OR before:2026-11-23T09:30:00Z) agent:x")
    assert pinned(Filter(what.expression, utc=True), ARRIVED_US).text == (
        "-(since:2026-11-23T00:00:00Z OR before:2026-11-23T10:30:00Z) agent:x"
    )


def test_within_a_scope_only_what_is_seen_is_decided_on(happen: Incidents, store: Store) -> None:
    ours, theirs = happen.open(tenant_id="acme"), happen.open(tenant_id="globex")
    desk = AlertDesk(store, Scope(("acme",)))
    with pytest.raises(DecisionError, match=f"no alert has the number {theirs}"):
        desk.decide(decision(Verdict.RESOLVE, theirs))
    with pytest.raises(DecisionError, match="only some tenants are seen"):
        desk.decide(decision(Verdict.RESOLVE, ours, Reach.RULE_AND_AGENT))
    assert desk.decide(decision(Verdict.RESOLVE, ours)).alerts == 1
    assert happen.states() == [RESOLVED, NEW]
