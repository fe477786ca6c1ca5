"""The simulated platform: the same dice give the same events, and the events are what they should be."""

from __future__ import annotations

from collections import Counter
from itertools import islice, pairwise
from typing import Any, Final

import orjson
import pytest

from ingest.simulate.cast import AGENTS, TENANTS, USERS
from ingest.simulate.platform import Platform
from ingest.simulate.stage import SECOND
from store.events import STATUS_CODES, trouble_of

START: Final = 1_769_510_000_000_000
VOCABULARY: Final = frozenset(
    {
        *("agent.message", "agent.response", "agent.error"),
        *("mcp.tool_call", "mcp.tool_result", "mcp.auth_check"),
        *("auth.login", "auth.logout", "auth.token_issued", "auth.failed"),
        *("permission.check", "permission.granted", "permission.denied"),
        *("file.read", "file.write", "file.edit", "file.delete"),
        *("content.read", "content.create", "content.update", "content.delete", "content.publish"),
        "api.request",
    }
)
FIELDS: Final = frozenset(
    (
        "timestamp event_type agent_id user_id tenant_id host tool server status duration_ms call_id request_id "
        "session_id trace_id span_id parent_id model input_tokens output_tokens cache_read_tokens cache_write_tokens "
        "cost_microusd resource_tenant_id message metadata event_id"
    ).split()
)


@pytest.fixture(scope="module")
def told() -> list[tuple[int, dict[str, Any]]]:
    return list(islice(Platform(7, START, 5.0), 20_000))


@pytest.fixture(scope="module")
def events(told: list[tuple[int, dict[str, Any]]]) -> list[dict[str, Any]]:
    return [event for _, event in told]


def first_bytes(seed: int, start_us: int, rate: float) -> bytes:
    return orjson.dumps(list(islice(Platform(seed, start_us, rate), 2_000)))


def test_same_seed_start_and_rate_give_the_same_bytes() -> None:
    assert first_bytes(1, START, 5.0) == first_bytes(1, START, 5.0)


@pytest.mark.parametrize(("seed", "start_us", "rate"), [(2, START, 5.0), (1, START + SECOND, 5.0), (1, START, 6.0)])
def test_anything_else_gives_others(seed: int, start_us: int, rate: float) -> None:
    assert first_bytes(seed, start_us, rate) != first_bytes(1, START, 5.0)


def test_a_platform_tells_the_same_each_time_it_is_iterated() -> None:
    platform = Platform(1, START, 5.0)
    assert list(islice(platform, 500)) == list(islice(platform, 500))


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan")])
def test_a_rate_that_is_none_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="greater than 0"):
        Platform(1, START, rate)


def test_every_event_keeps_to_the_vocabulary(events: list[dict[str, Any]]) -> None:
    types = Counter(event["event_type"] for event in events)
    assert set(types) == VOCABULARY
    assert {name for event in events for name in event} == FIELDS
    assert {event.get("status") for event in events} == set(STATUS_CODES)


def test_types_of_values(events: list[dict[str, Any]]) -> None:
    numbers = ("duration_ms", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
    for event in events:
        assert all(isinstance(event.get(name, 0), int) and event.get(name, 0) >= 0 for name in numbers)
        assert isinstance(event["message"], str)
        assert event["message"]
        assert isinstance(event.get("metadata", {}), dict)
        assert None not in event.values()


def test_stamps_are_the_given_times_in_utc(told: list[tuple[int, dict[str, Any]]]) -> None:
    assert told[0][0] == START
    assert told[0][1]["timestamp"] == "2026-01-27T10:33:20.000Z"
    second = {at_us // SECOND: event["timestamp"][:19] for at_us, event in told}
    assert second[START // SECOND + 3600] == "2026-01-27T11:33:20"


def test_a_few_events_are_late(told: list[tuple[int, dict[str, Any]]]) -> None:
    late = sum(earlier[0] > later[0] for earlier, later in pairwise(told))
    assert 5 < late < 100


def test_the_rate_is_about_what_was_asked(told: list[tuple[int, dict[str, Any]]]) -> None:
    seconds = (told[-1][0] - told[0][0]) / SECOND
    assert 4.0 < len(told) / seconds < 6.0


def test_trouble_is_rare_but_there(events: list[dict[str, Any]]) -> None:
    trouble = Counter(trouble_of(event["event_type"], event.get("status")) for event in events)
    assert 0.008 < trouble[1] / len(events) < 0.025
    assert 0.002 < trouble[2] / len(events) < 0.01


def test_everybody_plays(events: list[dict[str, Any]]) -> None:
    assert {event["agent_id"] for event in events if "agent_id" in event} == {agent.name for agent in AGENTS}
    assert {user.name for user in USERS} <= {event["user_id"] for event in events}
    assert {event["tenant_id"] for event in events} == set(TENANTS)


def test_a_request_belongs_to_one_session_user_and_trace(events: list[dict[str, Any]]) -> None:
    seen: dict[str, tuple[str, ...]] = {}
    for event in events:
        if "request_id" in event:
            belongs = tuple(event[name] for name in ("session_id", "trace_id", "agent_id", "user_id", "tenant_id"))
            assert seen.setdefault(event["request_id"], belongs) == belongs
    sessions = {belongs[0] for belongs in seen.values()}
    assert len(sessions) < len(seen) / 2


def test_parents_are_spans_of_the_same_trace(events: list[dict[str, Any]]) -> None:
    spans = {(event["trace_id"], event["span_id"]) for event in events if "span_id" in event}
    children = [event for event in events if "parent_id" in event]
    assert children
    assert all((event["trace_id"], event["parent_id"]) in spans for event in children[:-200])


def test_calls_come_alone_or_with_their_result(events: list[dict[str, Any]]) -> None:
    calls = [event for event in events if event["event_type"] == "mcp.tool_call"]
    results = {event["call_id"]: event for event in events if event["event_type"] == "mcp.tool_result"}
    paired = [event for event in calls if "call_id" in event][:-50]
    alone = [event for event in calls if "call_id" not in event]
    assert len(paired) > 500
    assert len(alone) > 500
    assert all(results[event["call_id"]]["tool"] == event["tool"] for event in paired)
    assert all(event["status"] in STATUS_CODES and "duration_ms" in event for event in alone)


def test_most_events_have_no_id_of_their_own(events: list[dict[str, Any]]) -> None:
    ids = [event["event_id"] for event in events if "event_id" in event]
    assert 0 < len(ids) < len(events) / 20
    assert len(set(ids)) == len(ids)


def test_unpriced_models_report_no_cost(events: list[dict[str, Any]]) -> None:
    requests = [event for event in events if event["event_type"] == "api.request"]
    assert {event["model"] for event in requests if "cost_microusd" not in event} == {"local-llama-8b"}
    assert all(event["cost_microusd"] > 0 for event in requests if "cost_microusd" in event)
