"""What becomes of matches: incidents, their limits, and the state that is kept."""

from __future__ import annotations

from typing import Any, Final

import pytest

from detect.engine import limits, memory
from detect.engine.engine import Engine
from store.observed import ObservedEvent
from tests.detection import SECOND, START_US, Alerts, alerts_of, engine_of, new_event, observed, rules, seen

HEAD: Final = "title: T\nid: 00000000-0000-4000-8000-000000000001\n"
DENIED: Final = HEAD + "detection:\n  hit: {status: denied}\n  condition: hit\n"
COUNT: Final = (
    DENIED.replace("T\n", "T\nname: base\n", 1)
    + "---\ntitle: C\nid: 00000000-0000-4000-8000-000000000002\n"
    + "correlation: {type: event_count, rules: base, group-by: user_id, timespan: 1m, condition: {gte: 3}}\n"
)


def denial(after_s: float, user: str = "alice", **fields: Any) -> tuple[float, dict[str, Any]]:
    return after_s, {"event_type": "permission.check", "status": "denied", "user_id": user, **fields}


def test_an_incident_grows_until_its_cool_down_has_passed() -> None:
    found = alerts_of(rules(DENIED), observed(denial(0), denial(3_600), denial(7_201)))
    assert [(alert.count, alert.last_us - alert.first_us) for alert in found] == [(2, 3_600 * SECOND), (1, 0)]


def test_who_is_meant_decides_about_incidents() -> None:
    found = alerts_of(rules(DENIED), observed(denial(0), denial(1, "bob"), denial(2), denial(3, None)))  # type: ignore[arg-type]
    assert [(dict(alert.key)["user_id"], alert.count) for alert in found] == [("alice", 2), ("bob", 1), (None, 1)]


def test_evidence_is_the_first_and_the_last_half() -> None:
    events = observed(*(denial(number) for number in range(20)))
    (alert,) = alerts_of(rules(DENIED + "auditail: {evidence: 6}\n"), events)
    assert alert.count == 20
    assert list(alert.evidence) == [event.row_id for event in (*events[:3], *events[-3:])]


def test_rows_that_are_no_new_occurrence_count_for_nothing_but_sums() -> None:
    (event,) = observed(denial(0, counts=0))
    assert alerts_of(rules(DENIED), [event]) == []


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "^(a*)*b$"])
def test_no_pattern_stalls_a_rule(pattern: str) -> None:
    rule = rules(HEAD + f"detection:\n  hit: {{message|re: '{pattern}'}}\n  condition: hit\n")
    texts = ("a" * 200_000 + "!", "a" * 20 + "b" if pattern.endswith("b$") else "a" * 20)
    (alert,) = alerts_of(rule, observed(*((place, {"message": text}) for place, text in enumerate(texts))))
    assert alert.count == 1


@pytest.mark.parametrize(("age_s", "historical"), [(3_599, False), (3_601, True)])
def test_what_was_old_when_it_arrived_is_historical(age_s: int, historical: bool) -> None:
    event = seen(new_event(**denial(0)[1]), START_US, 1, arrived_us=START_US + age_s * SECOND)
    (alert,) = alerts_of(rules(DENIED), [event])
    assert alert.historical is historical


def test_one_event_of_today_makes_it_no_longer_historical() -> None:
    old = seen(new_event(**denial(0)[1]), START_US, 1, arrived_us=START_US + 3_700 * SECOND)
    young = seen(new_event(**denial(0)[1]), START_US + 3_000 * SECOND, 2)
    (alert,) = alerts_of(rules(DENIED), [old, young])
    assert (alert.count, alert.historical) == (2, False)


def test_a_late_event_joins_two_incidents() -> None:
    found = rules(DENIED + "auditail: {cool-down: 2m}\n")
    engine, alerts = engine_of(found), Alerts()
    events = observed(denial(0), denial(200), denial(100))
    alerts.run(engine, events[:2])
    assert len(alerts.by_id) == 2
    findings = engine.observe(events[2:])
    (alert,) = findings.incidents
    assert alert.count == 3
    assert [(one.into, {one.gone, one.into}) for one in findings.absorbed] == [(alert.id, set(alerts.by_id))]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (0, 3, 1, 2), (2, 0, 3, 1)])
def test_files_read_one_after_the_other_make_one_incident_of_its_matches(order: tuple[int, ...]) -> None:
    told = [denial(at_s) for at_s in (0, 1_800, 3_400, 3 * 86_400)]
    alerts = Alerts()
    for event in observed(*(told[place] for place in order)):
        alerts.run(engine_of(rules(DENIED), alerts.kept()), [event])
    assert sorted((alert.count, alert.last_us - alert.first_us) for alert in alerts.incidents()) == [
        (1, 0),
        (3, 3_400 * SECOND),
    ]


def test_files_read_one_after_the_other_make_one_incident_of_what_correlates() -> None:
    told = [denial(at_s) for first in (0, 3_000, 1_500) for at_s in (first, first + 1, first + 2)]
    (alert,) = alerts_of(rules(COUNT), observed(*told))
    assert (alert.count, alert.last_us - alert.first_us) == (9, 3_002 * SECOND)


def test_old_files_and_the_present_are_looked_at_side_by_side() -> None:
    month = 30 * 86_400
    told = [denial(n // 2 * 10 + (month if n % 2 else 0), "alice") for n in range(8)]
    found = alerts_of(rules(COUNT), observed(*told))
    assert [(alert.count, alert.last_us - alert.first_us) for alert in found] == [(4, 30 * SECOND)] * 2


def test_rows_that_a_filter_found_are_matches() -> None:
    found = rules(HEAD + "auditail: {filter: 'refund -user:bob'}\n")
    engine = engine_of(found)
    assert engine.filters() == {found.rules[0].id: "refund -user:bob"}
    events = observed(denial(0), denial(1), denial(2))
    findings = engine.observe(events, {found.rules[0].id: {events[1].row_id}})
    assert [alert.evidence for alert in findings.incidents] == [(events[1].row_id,)]


def test_a_changed_rule_begins_anew_and_drops_what_was_kept() -> None:
    alerts = Alerts().run(engine_of(rules(COUNT)), observed(denial(0), denial(1)))
    kept = len(alerts.pieces)
    engine = engine_of(rules(COUNT.replace("gte: 3", "gte: 2")), alerts.kept())
    dropped = [piece for piece in engine.changes() if piece.data is None]
    assert len(dropped) == kept - 1
    same = engine_of(rules(COUNT.replace("title: C", "title: D")), alerts.kept())
    assert same.changes() == []


def test_keys_beyond_the_limit_are_one_incident() -> None:
    most = limits.MOST_NEW_AN_HOUR
    events = observed(*(denial(number / 10, f"user-{number}") for number in range(most + 50)))
    found = alerts_of(rules(DENIED), events)
    assert len(found) == most + 1
    assert [(alert.count, alert.explanation) for alert in found if not alert.key] == [(50, "50 events in 4 s")]


TOLD: Final = DENIED + (
    "auditail: {explanation: '{count} of {user_id} at {metadata.zone} ({keys})', group-by: [user_id, metadata.zone]}\n"
)


def test_words_of_an_incident_say_where_nobody_is_known() -> None:
    found = alerts_of(rules(TOLD), observed(denial(0, None)))  # type: ignore[arg-type]
    assert [alert.explanation for alert in found] == ["1 of no user at no zone (no user, no zone)"]


def test_words_of_one_incident_of_many_keys_speak_of_many() -> None:
    events = observed(*(denial(number / 10, f"user-{number}") for number in range(limits.MOST_NEW_AN_HOUR + 2)))
    found = [alert.explanation for alert in alerts_of(rules(TOLD), events) if not alert.key]
    assert found == ["2 of many users at many at once (many at once)"]


@pytest.mark.parametrize(
    ("users", "said"),
    [
        (3, "3 users: u0, u1, u2"),
        (10, "10 users: u0, u1, u2, u3, u4, u5, u6, u7, u8, u9"),
        (11, "11 users: u0, u1, u10,"),
    ],
)
def test_how_many_values_there_are_agrees_with_those_that_are_named(users: int, said: str) -> None:
    found = rules(
        COUNT.replace("group-by: user_id", "group-by: agent_id")
        .replace("event_count", "value_count")
        .replace("{gte: 3}", "{field: user_id, gte: 2}")
        + "auditail: {explanation: '{distinct} users: {values}'}\n"
    )
    # Forty seconds apart: never are more than two of them within the minute that the rule looks at.
    events = observed(*(denial(number * 40, f"u{number}", agent_id="bot") for number in range(users)))
    (alert,) = alerts_of(found, events)
    assert alert.explanation.startswith(said)
    assert alert.explanation.endswith(", …") is (users > limits.SHOWN_VALUES)


def test_memory_is_bounded_and_says_what_it_shed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST_KEYS", 100)
    engine = engine_of(rules(COUNT))
    findings = engine.observe(observed(*(denial(number / 100, f"user-{number}") for number in range(250))))
    assert [(shed.keys, shed.matches) for shed in findings.shed] == [(150, 0)]
    assert engine.observe([]).shed == []
    findings = engine.observe(stream(3_000, 251))
    assert [shed.matches for shed in findings.shed] == [3_000 - limits.MOST_OF_KEY]
    assert len([piece for piece in engine.changes() if piece.data is not None]) <= 103


def test_what_can_matter_no_more_is_no_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST_KEYS", 100)
    # A key a second: those that go are a hundred seconds old, a minute and five of lateness are what counts.
    apart = {1: 900, 10: 0}
    for every_s, lost in apart.items():
        engine = engine_of(rules(COUNT))
        findings = engine.observe(observed(*(denial(number * every_s, f"user-{number}") for number in range(1_000))))
        assert sum(shed.keys for shed in findings.shed) == lost


def stream(number: int, seq: int) -> list[ObservedEvent]:
    """Return denials of one user within seconds."""
    told = [denial(3 + number / 1_000) for number in range(number)]
    return [
        seen(new_event(**fields), START_US + round(after_s * SECOND), seq + place)
        for place, (after_s, fields) in enumerate(told)
    ]


def test_long_values_are_told_apart_and_kept_short() -> None:
    text = COUNT.replace("group-by: user_id", "group-by: metadata.arguments")
    told = [denial(n, metadata={"arguments": {"body": "x" * 100_000 + str(n % 2)}}) for n in range(7)]
    alerts = Alerts().run(engine_of(rules(text)), observed(*told))
    assert sorted(alert.count for alert in alerts.incidents()) == [3, 4]
    assert sum(map(len, alerts.pieces.values())) < 3_000


def test_an_invariant_counts_what_it_examined() -> None:
    text = HEAD + (
        "detection:\n  calls: {event_type: mcp.tool_call}\n  bad: {status: denied}\n  condition: calls and bad\n"
        "auditail: {kind: invariant, statement: No call is denied., examines: calls}\n"
    )
    engine = engine_of(rules(text))
    engine.observe(observed(*((n, {"event_type": "mcp.tool_call", "status": "success"}) for n in range(5)), denial(9)))
    kept = engine.changes()
    again = engine_of(rules(text), kept)
    for one in (engine, again):
        assert [tuple(state)[1:] for state in one.invariants()] == [("No call is denied.", 5, 0, START_US + 4 * SECOND)]


def test_time_in_which_nobody_listened_is_no_silence() -> None:
    text = HEAD + (
        "detection:\n  any: {agent_id|exists: true}\n  condition: any\n"
        "auditail: {kind: silence, group-by: agent_id, at-least: 10m, learn: 30m}\n"
    )
    now_us = START_US
    engine = Engine(rules(text), clock=lambda: now_us)
    for minute in range(40):
        now_us += limits.MINUTE_US
        engine.observe([seen(new_event(event_type="x", agent_id="bot"), now_us, minute + 1)])
    now_us += 8 * limits.HOUR_US
    assert engine.tick().incidents == []
    told: list[int] = []
    for minute in range(30):
        now_us += limits.MINUTE_US
        told += [minute for _ in engine.tick().incidents]
    assert told == [10]
