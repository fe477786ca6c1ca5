"""What is asked about an agent, and what the numbers of its panel stand for."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from store.analytics.model import Dimension
from store.events import ERROR
from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from store.rollups.durations import BUCKETS, bucket_of
from tests.pilot.fake_service import FakeService
from tests.pilot.made_up_events import FROZEN_US, MINUTE, SHAPES, event_of, made_up
from tui.agent_behind import behind, named, without_times
from tui.agent_facts import AgentFacts, number
from tui.agent_questions import agent_facts
from tui.widgets.panel_durations import bars_of, span_of

HOUR = 60 * MINUTE


@pytest.fixture(scope="module")
def service() -> FakeService:
    """Return a service that has some hours of events."""
    return FakeService(made_up(3_000))


def asked(service: FakeService, by: Dimension, value: str | None, what: str = "", minutes: int = 60) -> AgentFacts:
    """Return the facts of the last minutes."""
    return agent_facts(
        service,
        by,
        value,
        Filter.parsed(what),
        start_us=FROZEN_US - minutes * MINUTE,
        end_us=FROZEN_US,
        now_us=FROZEN_US,
        utc=True,
    )


@pytest.mark.parametrize(
    ("by", "value", "others"),
    [
        (Dimension.AGENT, "support-bot", ("tool server", "model", "user")),
        (Dimension.USER, "alice", ("agent", "agent", "tenant")),
        (Dimension.TENANT, "acme", ("agent", "model", "user")),
        (Dimension.TOOL, "read_file", ("agent", "agent", "tenant")),
        (Dimension.SERVER, "fs", ("tool", "tool", "agent")),
        (Dimension.MODEL, "claude", ("agent", "agent", "tenant")),
    ],
)
def test_each_dimension_is_told_apart_by_others(
    service: FakeService, by: Dimension, value: str, others: tuple[str, str, str]
) -> None:
    facts = asked(service, by, value)
    assert tuple(" ".join(one.by) for one in (facts.parts, facts.costs, facts.partners)) == others


def test_the_parts_add_up_to_the_whole(service: FakeService) -> None:
    facts = asked(service, Dimension.AGENT, "support-bot")
    events = service.matching(facts.what)
    passing = [event for event in events if facts.start_us <= event.ts_us < facts.end_us]
    assert facts.total.events == len(passing) > 10
    for parts in (facts.parts, facts.costs, facts.partners):
        assert sum(part.figures.events for part in parts.parts) == len(passing)
        sizes = [number(part.figures, facts.measure) for part in parts.parts]
        assert sizes == sorted(sizes, reverse=True)
    assert sum(one.events for one in facts.timeline.figures) == len(passing)
    users = Counter(event.user_id for event in passing)
    assert {part.names[0]: part.figures.events for part in facts.partners.parts} == users
    assert set(facts.tenants) == {event.tenant_id for event in passing}
    assert sum(cell.figures.events for cell in facts.week.cells.values()) == sum(
        one.ts_us < FROZEN_US for one in events
    )


def test_times_of_the_filter_give_way_to_the_window(service: FakeService) -> None:
    facts = asked(service, Dimension.AGENT, "support-bot", "since:-5m agent:support-bot,other user:alice before:now")
    assert facts.what == Filter.parsed("user:alice agent:support-bot")
    assert facts.total == asked(service, Dimension.AGENT, "support-bot", "user:alice").total


def test_only_a_handful_of_questions_is_asked(service: FakeService) -> None:
    service.analytics.questions.clear()
    asked(service, Dimension.AGENT, "support-bot")
    assert len(service.analytics.questions) <= 6


def test_nothing_more_is_asked_when_it_is_called_off(service: FakeService) -> None:
    service.analytics.questions.clear()
    window = (FROZEN_US - HOUR, FROZEN_US)
    facts = agent_facts(
        service,
        Dimension.AGENT,
        "support-bot",
        Filter(),
        start_us=window[0],
        end_us=window[1],
        now_us=FROZEN_US,
        wanted=lambda: not service.analytics.questions,
    )
    assert not facts.complete
    assert len(service.analytics.questions) == 1


def test_first_uses_are_marked_only_where_there_was_something_before(service: FakeService) -> None:
    new = asked(service, Dimension.AGENT, "support-bot", minutes=60 * 24 * 365)
    assert new.is_new
    assert all(part.first_us is None for part in new.parts.parts)
    known = asked(service, Dimension.AGENT, "support-bot", minutes=2)
    assert not known.is_new
    first = {(tool, server) for tool, server, _ in service.analytics.first_uses("support-bot", known.start_us)}
    assert {part.names for part in known.parts.parts if part.first_us is not None} == first


def a_week(*, burst: int) -> FakeService:
    """Return a service in which every hour of three days has two calls, and the last whole hour more, which failed."""
    shape = next(shape for shape in SHAPES if shape.event_type == "mcp.tool_call" and shape.status == "success")
    last = FROZEN_US // HOUR * HOUR - HOUR
    usual = [
        event_of(shape, seq=hour * 2 + odd, ts_us=last - hour * HOUR + odd) for hour in range(72) for odd in (1, 2)
    ]
    more = [event_of(shape, seq=1_000 + one, ts_us=last + MINUTE + one) for one in range(burst)]
    failed = [replace(event, status="timeout", trouble=ERROR) for event in more]
    return FakeService(sorted([*usual, *failed], key=lambda event: event.ts_us))


def test_a_burst_in_the_last_hour_is_told() -> None:
    agent = a_week(burst=0).newest(Filter(), 1).rows[0].agent_id
    facts = asked(a_week(burst=41), Dimension.AGENT, agent)
    failures, calls = facts.unusual
    assert (failures.measure, failures.number, failures.low, failures.high) == ("failures", 41, 0, 0)
    assert failures.hour[1] - failures.hour[0] == HOUR
    assert (calls.measure, calls.number) == ("calls", 43)
    assert asked(a_week(burst=0), Dimension.AGENT, agent).unusual == ()


def test_what_stands_behind_a_number_has_its_names_and_times() -> None:
    facts = asked(FakeService(), Dimension.AGENT, "a,b")
    found = behind(facts, ("x",), "failures", 3, names={Dimension.TOOL: "say *", Dimension.SERVER: None})
    start, end = "2026-11-22T13:02:06.204000Z", "2026-11-22T14:02:06.204000Z"
    words = r'agent:"a,b" tool:"say *" -server:* has:outcome has:error'
    assert found.query == f"{words} since:{start} before:{end}"
    assert Filter.parsed(found.query) == found.find()


def test_hours_of_several_weeks_are_alternatives() -> None:
    facts = asked(FakeService(), Dimension.AGENT, None)
    found = behind(facts, ("x",), "events", 3, stretches=[(0, 1_000_000), (2_000_000, 3_000_000)])
    assert found.query.startswith("-agent:* (since:1970-01-01T00:00:00Z before:1970-01-01T00:00:01Z OR since:")
    assert Filter.parsed(found.query) == found.find()


def test_names_replace_those_that_the_filter_has() -> None:
    what = Filter.of(Clause(Key.TOOL, ("a", "b")), Clause(Key.USER, ("u",)))
    assert named(what, {Dimension.TOOL: "a"}) == Filter.parsed("user:u tool:a")
    assert without_times(Filter.parsed("since:-1h user:u before:now")) == Filter.parsed("user:u")


@pytest.mark.parametrize("room", [1, 10, 40, 300])
def test_bars_have_all_calls_and_say_which_durations_are_theirs(room: int) -> None:
    counts = {0: 3, 1: 1, 40: 7, 41: 2, 150: 9, BUCKETS - 1: 1}
    bars = bars_of(counts, room)
    assert len(bars) <= room
    assert sum(bar.calls for bar in bars) == sum(counts.values())
    for bar in bars:
        low, high = span_of(bar.first, bar.last)
        assert low is None or (bucket_of(low) == bar.first and bucket_of(low - 1) == bar.first - 1)
        assert high is None or (bucket_of(high) == bar.last and bucket_of(high + 1) == bar.last + 1)
        assert (low is None) == (bar.first == 0)
        assert (high is None) == (bar.last >= BUCKETS - 1)
