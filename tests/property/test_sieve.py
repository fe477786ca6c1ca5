"""What is ruled out before a back-test never matches: random rules on random events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml
from hypothesis import given
from hypothesis import strategies as st

from detect.backtest.choosing import choosing_of
from detect.backtest.possible import field_tests, outcome
from detect.backtest.sieve import KEYS, sieve_of
from detect.engine.engine import Engine
from detect.matching.matcher import Matcher
from store.events import NewEvent
from store.filters.keys import Key
from store.filters.matching import text_matches
from store.filters.syntax import And, Expression, Not, Or, Term
from store.observed import ObservedEvent
from tests.detection import START_US, rules
from tests.property.test_detect_sigma import CONDITIONS, EVENTS, SEARCH, rule_text, stream

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from detect.engine.findings import FoundIncident
    from detect.rules.model import RuleSet

_FIELDS: Final = {key: field for field, key in KEYS.items()}
EXTRA: Final = st.lists(st.sampled_from(["success", "denied", "failure", None]), min_size=20, max_size=20)


def passes(query: Expression | None, event: ObservedEvent) -> bool:
    """Return whether an event passes what a sieve is made of: names, absent ones, and how they are joined."""
    match query:
        case None:
            return True
        case And():
            return all(passes(one, event) for one in query.operands)
        case Or():
            return any(passes(one, event) for one in query.operands)
        case Not():
            return not passes(query.operand, event)
        case Term():
            value = getattr(event.event, _FIELDS[query.key])
            return value is not None and any(text_matches(one, value) for one in query.values)
        case _:
            raise AssertionError(query)


def names_of(events: Sequence[ObservedEvent]) -> Callable[[Key, int], Sequence[str] | None]:
    """Return what tells the names of these events, as their store would."""

    def names(key: Key, most: int) -> Sequence[str] | None:
        found = sorted({value for event in events if (value := getattr(event.event, _FIELDS[key])) is not None})
        return found if len(found) <= most else None

    return names


DETECTION: Final = st.fixed_dictionaries({"one": SEARCH, "two": SEARCH, "three": SEARCH, "condition": CONDITIONS})


@given(events=EVENTS, statuses=EXTRA, detection=DETECTION)
def test_no_match_is_lost(events: list[dict[str, Any]], statuses: list[str | None], detection: dict[str, Any]) -> None:
    told = [event | {"status": status} for event, status in zip(events, statuses, strict=False)]
    (rule,) = rules(yaml.safe_dump(rule_text(1, "rule", detection))).rules
    assert rule.expression is not None
    seen = stream(told, [1_000] * len(told))
    sieve = sieve_of([rule], names_of(seen))
    matcher = Matcher(rule.expression)
    for event in seen:
        if matcher.matches(event):
            assert not sieve or any(passes(what.expression, event) for what in sieve)


@given(detection=DETECTION, data=st.data())
def test_an_outcome_that_is_known_stays_whatever_the_other_answers_are(
    detection: dict[str, Any], data: st.DataObject
) -> None:
    (rule,) = rules(yaml.safe_dump(rule_text(1, "rule", detection))).rules
    assert rule.expression is not None
    tests = list(dict.fromkeys(field_tests(rule.expression)))
    every = {test: data.draw(st.booleans()) for test in tests}
    some = {test: answer for test, answer in every.items() if data.draw(st.booleans())}
    whole = outcome(rule.expression, every)
    assert whole is not None
    assert outcome(rule.expression, some) in (None, whole)


CALLS: Final = st.lists(
    st.tuples(
        st.integers(0, 90),
        st.sampled_from(["a.one", "a.two", "a.three"]),
        st.sampled_from(["s1", "s2", "s3", None]),
        st.sampled_from(["x", "X", "y", "z", None]),
    ),
    max_size=40,
)
CORRELATIONS: Final = st.sampled_from(
    [
        "type: temporal, rules: [one, two]",
        "type: temporal, rules: [one, two, three], condition: {gte: 2}",
        "type: temporal_ordered, rules: [two, one]",
        "type: temporal_ordered, rules: [one, two, three]",
        "type: value_count, rules: [one, two], condition: {field: tool, gte: 3}",
        "type: value_count, rules: [three], condition: {field: metadata.path, gte: 2}",
        "type: event_count, rules: [one, three], condition: {gte: 4}",
    ]
)
BASES: Final = "".join(
    f"title: {name}\nid: 00000000-0000-4000-8000-00000000000{number}\nname: {name}\n"
    f"detection: {{hit: {{event_type: a.{name}}}, condition: hit}}\n---\n"
    for number, name in enumerate(("one", "two", "three"), 1)
)


@given(calls=CALLS, what=CORRELATIONS, key=st.sampled_from(["session_id", "[session_id, metadata.path]"]))
def test_leaving_out_keys_that_have_not_enough_loses_nothing(
    calls: list[tuple[int, str, str | None, str | None]], what: str, key: str
) -> None:
    known = rules(
        f"{BASES}title: all\nid: 00000000-0000-4000-8000-000000000009\nname: all\n"
        f"correlation: {{{what}, group-by: {key}, timespan: 10m}}\n"
    )
    assert not known.problems
    rule = known.rules[-1]
    events = [_call(place, *one) for place, one in enumerate(calls, 1)]
    choosing = choosing_of(known, rule)
    assert choosing is not None
    choosing.look(sorted(events, key=lambda event: event.row_id))
    kept = {seq for some in choosing.chosen() for seq in some}
    assert found_in(known, [event for event in events if event.seq in kept]) == found_in(known, events)


def _call(place: int, minute: int, event_type: str, session: str | None, tool: str | None) -> ObservedEvent:
    at_us = START_US + minute * 60_000_000
    event = NewEvent(event_type=event_type, session_id=session, tool=tool, metadata={"path": tool}, ts_us=at_us)
    return ObservedEvent(minute * 1_000 + place, place, at_us, START_US + place, event)


def found_in(known: RuleSet, events: list[ObservedEvent]) -> list[FoundIncident]:
    """Return what an engine finds in these events by the last rule."""
    found = Engine(known, clock=lambda: START_US).observe(events).incidents
    return sorted((one for one in found if one.rule_id == known.rules[-1].id), key=lambda one: one.id)
