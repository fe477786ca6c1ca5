"""What is ruled out before a back-test never matches: random rules on random events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml
from hypothesis import given
from hypothesis import strategies as st

from detect.backtest.possible import field_tests, outcome
from detect.backtest.sieve import KEYS, sieve_of
from detect.matching.matcher import Matcher
from store.filters.keys import Key
from store.filters.matching import text_matches
from store.filters.syntax import And, Expression, Not, Or, Term
from tests.detection import rules
from tests.property.test_detect_sigma import CONDITIONS, EVENTS, SEARCH, rule_text, stream

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.observed import ObservedEvent

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
