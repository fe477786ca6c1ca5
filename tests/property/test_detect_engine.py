"""However events are batched, restarted between, or come late: the incidents are those of one clean pass."""

from __future__ import annotations

import json
from itertools import pairwise
from random import Random
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detect.engine.limits import LATENESS_US
from detect.rules.model import RuleSet
from store.observed import ObservedEvent
from tests.detection import START_US, Alerts, engine_of, new_event, rules, seen
from tests.detection_material import shipped

RULES: Final = """
title: Plain
id: 00000000-0000-4000-8000-000000000001
detection:
  hit: {status: denied}
  condition: hit
auditail: {cool-down: 90s, evidence: 4}
---
title: Base a
id: 00000000-0000-4000-8000-00000000000a
name: a
detection:
  hit: {tool: a}
  condition: hit
---
title: Base b
id: 00000000-0000-4000-8000-00000000000b
name: b
detection:
  hit: {tool: [b, c]}
  condition: hit
---
title: Count
id: 00000000-0000-4000-8000-000000000002
name: many
correlation: {type: event_count, rules: [a, b], group-by: [user_id], timespan: 1m, condition: {gte: 3}}
auditail: {cool-down: 2m, evidence: 6}
---
title: Values
id: 00000000-0000-4000-8000-000000000003
correlation: {type: value_count, rules: b, group-by: [user_id], timespan: 2m, condition: {field: host, gt: 2}}
auditail: {cool-down: 2m}
---
title: Together
id: 00000000-0000-4000-8000-000000000004
correlation: {type: temporal, rules: [a, b], group-by: [user_id], timespan: 20s}
auditail: {cool-down: 1m}
---
title: In order
id: 00000000-0000-4000-8000-000000000005
correlation: {type: temporal_ordered, rules: [a, b], group-by: [user_id], timespan: 40s}
auditail: {cool-down: 1m}
---
title: Many, then a
id: 00000000-0000-4000-8000-000000000006
correlation: {type: temporal_ordered, rules: [many, a], group-by: [user_id], timespan: 2m, generate: true}
"""

SHIPPED: Final = shipped()

Told = tuple[int, str, str, str, str]


@pytest.fixture(scope="module")
def known() -> RuleSet:
    return rules(RULES)


TOLD: Final = st.lists(
    st.tuples(
        st.integers(0, 300).map(lambda step: step * 3),
        st.sampled_from("abcd"),
        st.sampled_from(["alice", "bob"]),
        st.sampled_from("xyzw"),
        st.sampled_from(["success", "success", "denied"]),
    ),
    min_size=8,
    max_size=60,
)


def event_of(told: Told, number: int) -> tuple[int, int, dict[str, Any]]:
    """Return time, row id and fields; the row id does not depend on the order of arrival."""
    after_s, tool, user, host, status = told
    at_us = START_US + after_s * 1_000_000
    return at_us, at_us // 1000 << 21 | number, {"tool": tool, "user_id": user, "host": host, "status": status}


def stream(told: list[Told], order: list[int]) -> list[ObservedEvent]:
    """Return the events in an order of arrival; each arrives when the newest before it has happened."""
    arrived_us = 0
    found: list[ObservedEvent] = []
    for seq, number in enumerate(order, 1):
        at_us, row_id, fields = event_of(told[number], number)
        arrived_us = max(arrived_us, at_us)
        event = new_event(event_type="mcp.tool_call", **fields)
        found.append(seen(event, at_us, seq, arrived_us=arrived_us, row_id=row_id))
    return found


def in_time(told: list[Told]) -> list[int]:
    """Return the order of a clean pass."""
    return sorted(range(len(told)), key=lambda number: (told[number][0], number))


def late(told: list[Told], seed: int) -> list[int]:
    """Return an order in which events come up to the allowed lateness too late."""
    dice = Random(seed)
    most = LATENESS_US // 1_000_000
    delays = [dice.choice([0, dice.randint(0, most)]) for _ in told]
    return sorted(range(len(told)), key=lambda number: (told[number][0] + delays[number], number))


@given(told=TOLD, cuts=st.lists(st.integers(0, 60), max_size=6))
def test_batches_and_restarts_change_nothing(known: RuleSet, told: list[Told], cuts: list[int]) -> None:
    events = stream(told, in_time(told))
    whole = Alerts().run(engine_of(known), events)
    parts = Alerts()
    edges = [0, *sorted(min(cut, len(events)) for cut in cuts), len(events)]
    for low, high in pairwise(edges):
        parts.run(engine_of(known, parts.kept()), events[low:high])
    assert parts.essence() == whole.essence()
    assert set(parts.by_id) == set(whole.by_id)
    assert parts.remembered() == whole.remembered()


@settings(max_examples=200)
@given(told=TOLD, seed=st.integers(0, 2**32), size=st.integers(1, 20))
def test_late_events_count_as_if_they_had_come_in_time(known: RuleSet, told: list[Told], seed: int, size: int) -> None:
    clean = Alerts().run(engine_of(known), stream(told, in_time(told)))
    events = stream(told, late(told, seed))
    parts = Alerts()
    for low in range(0, len(events), size):
        parts.run(engine_of(known, parts.kept()), events[low : low + size])
    assert parts.essence() == clean.essence()


@given(told=TOLD, back=st.integers(1, 20))
def test_what_was_observed_is_not_observed_again(known: RuleSet, told: list[Told], back: int) -> None:
    events = stream(told, in_time(told))
    alerts = Alerts()
    engine = engine_of(known)
    alerts.run(engine, events)
    once = alerts.essence()
    alerts.run(engine, events[-back:])
    alerts.run(engine_of(known, alerts.kept()), events)
    assert alerts.essence() == once


JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["command", "query", "x"]), inner),
    max_leaves=6,
)
NAMES: Final = st.sampled_from("path ip mode input arguments reason decider".split())
METADATA: Final = st.dictionaries(NAMES, JSON)
TYPES: Final = st.sampled_from(
    "mcp.tool_call file.read file.write auth.failed permission.denied agent.message system.ingest_gap".split()
)


@given(
    told=st.lists(
        st.tuples(TYPES, METADATA, st.text(st.characters(exclude_categories=["Cs"]), max_size=20)),
        max_size=12,
    )
)
def test_no_event_stops_the_shipped_rules(told: list[tuple[str, dict[str, Any], str]]) -> None:
    alerts = Alerts()
    engine = engine_of(SHIPPED)
    for seq, (event_type, metadata, text) in enumerate(told, 1):
        names = {"user_id": text, "session_id": "s", "trace_id": text, "tool": "Bash"}
        event = new_event(event_type=event_type, status="success", message=text, **names)
        event.metadata_text = json.dumps(metadata)
        alerts.run(engine, [seen(event, START_US + seq, seq)])
    again = Alerts()
    again.pieces = dict(alerts.pieces)
    assert engine_of(SHIPPED, again.kept()).changes() == []
