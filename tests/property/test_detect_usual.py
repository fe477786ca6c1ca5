"""What an explanation says of the usual depends neither on batches and restarts nor on events that come late."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from store.observed import ObservedEvent
from tests.detection import SECOND, START_US, Alerts, engine_of, new_event, rules, seen

RULES = rules("""
title: Base
id: 00000000-0000-4000-8000-00000000000a
name: base
detection:
  hit: {status: denied}
  condition: hit
---
title: Count
id: 00000000-0000-4000-8000-000000000002
correlation: {type: event_count, rules: base, group-by: [agent_id, user_id], timespan: 20m, condition: {gte: 3}}
auditail: {explanation: "{count:denial}; the usual is {usual}"}
""")
MINUTE = 60


def denial(minute: int, user: str, seq: int, arrived_s: int) -> ObservedEvent:
    at_us = START_US + minute * MINUTE * SECOND
    event = new_event(event_type="x", status="denied", agent_id="bot", user_id=user)
    return seen(event, at_us, seq, arrived_us=START_US + arrived_s * SECOND, row_id=at_us + ord(user[0]))


@settings(max_examples=150)
@given(
    told=st.lists(
        st.tuples(st.integers(0, 24 * 60), st.sampled_from("ab"), st.integers(0, 5)),
        min_size=10,
        max_size=80,
        unique=True,
    ),
    size=st.integers(1, 30),
)
def test_late_events_and_restarts_change_nothing(told: list[tuple[int, str, int]], size: int) -> None:
    told = sorted({(minute, user): (minute, user, late) for minute, user, late in told}.values())
    clean = [denial(minute, user, seq, minute * MINUTE) for seq, (minute, user, _) in enumerate(told, 1)]
    whole = Alerts().run(engine_of(RULES), clean)
    order = sorted(told, key=lambda one: one[0] + one[2])
    events = [denial(minute, user, seq, (minute + late) * MINUTE) for seq, (minute, user, late) in enumerate(order, 1)]
    parts = Alerts()
    for low in range(0, len(events), size):
        parts.run(engine_of(RULES, parts.kept()), events[low : low + size])
    assert parts.essence() == whole.essence()


def test_the_usual_is_what_most_hours_had() -> None:
    steady = [hour * 60 for hour in range(12)] + [hour * 60 + 40 for hour in range(0, 12, 2)]
    minutes = [*sorted(steady), *(14 * 60 + n for n in range(7))]
    events = [denial(minute, "a", seq, minute * MINUTE) for seq, minute in enumerate(minutes, 1)]
    (alert,) = Alerts().run(engine_of(RULES), events).incidents()
    assert alert.explanation == "7 denials; the usual is 1 to 2 an hour"
    (first,) = Alerts().run(engine_of(RULES), events[-7:]).incidents()
    assert first.explanation == "7 denials; the usual is 0 as far as is known"
