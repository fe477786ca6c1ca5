"""Random filters over alerts of a real store: the list is what plain Python makes of the same alerts."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.alerts.states import LEVELS, STATES, AlertState
from store.filters.keys import Key
from store.filters.model import Filter
from store.filters.syntax import Between, Comparison, Expression, Glob, Moment, Present, Regex, Term, Text, Value
from store.reader import StoreReader
from tests.alert_reference import Known, listed
from tests.alerts_place import GUESSING, AlertsPlace
from tests.events import add_source, batch, open_store
from tests.made_up_prices import MadeUpPrices, made_up_cost
from tests.property.examples import examples
from tests.property.test_store_language import HOUR, MOMENTS, NOW_US, OPERATORS, joined, terms, various
from tests.reference import Reference

ALERTS: Final = 40
RULES: Final = tuple(
    replace(GUESSING, rule_id=f"{number:02x}", name=name, level=LEVELS[number % len(LEVELS)])
    for number, name in enumerate(("guessing", "guess-again", "exfil", "01", "silence", "loop"))
)


class Place:
    """A reader of a store with alerts, and what is known of them; shown in few words where a test fails."""

    def __init__(self, reader: StoreReader, alerts: list[Known]) -> None:
        """Keep both."""
        self.reader = reader
        self.alerts = alerts


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder), MadeUpPrices()) as store:
        source = add_source(store)
        for event in various():
            store.append([batch(source, event)])
        alerts = list(put_there(AlertsPlace(store)))
        reader = StoreReader.open(store.path, clock=lambda: NOW_US)
        yield Place(reader, alerts)
        reader.close()


def put_there(place: AlertsPlace) -> Iterator[Known]:
    """Put alerts there, and yield them as they stand; the last of them are parts of others, and so in no list."""
    rows = place.rows()
    reference = Reference(various(), price=made_up_cost, alerts=lambda _: frozenset({1}))
    seen = {one.id: one.seen for one in reference.kept}
    for number in range(1, ALERTS + 1):
        evidence = [row for at, row in enumerate(rows) if (at * 7 + number) % (5 + 6 * number) < 1 + number % 3]
        facts, state = RULES[number % len(RULES)], STATES[number % len(STATES)]
        until_us = NOW_US + (number // len(STATES) % 3 - 1) if state is AlertState.MUTED else None
        last_us = NOW_US - HOUR * (number % 26)
        assert place.alert(evidence, facts, state=state, until_us=until_us, last_us=last_us) == number
        is_over = until_us is not None and until_us <= NOW_US
        yield Known(
            number,
            facts.name,
            facts.rule_id,
            LEVELS.index(facts.level),
            AlertState.OPEN if is_over else state,
            last_us,
            tuple(replace(seen[row], alerts=frozenset({number})) for row in evidence if row in seen),
        )
    gone = place.alert(rows[:3])
    place.merge(gone, 1)


places: Final = st.integers(0, len(LEVELS) - 1).map(Decimal)
numbers: Final = st.sampled_from((0, 1, 2, 7, ALERTS, ALERTS + 9)).map(Decimal)


def compared(amounts: st.SearchStrategy[Decimal], *operators: str) -> st.SearchStrategy[Value]:
    """Return comparisons and ranges."""
    known = st.sampled_from([one for one in OPERATORS if one in operators])
    return st.builds(Comparison, known, amounts) | st.builds(Between, amounts, amounts)


globs: Final[st.SearchStrategy[Value]] = st.sampled_from((Glob(("", "e", "")), Glob(("g", "")), Present()))
VALUES: Final[dict[Key, st.SearchStrategy[Value]]] = {
    Key.STATE: st.sampled_from(STATES).map(lambda one: Text(one.value)) | globs,
    Key.LEVEL: st.sampled_from(LEVELS).map(lambda one: Text(one.value))
    | globs
    | compared(places, ">", ">=", "<", "<="),
    Key.RULE: st.sampled_from(("guessing", "01", "exfil", "none")).map(Text) | globs | st.just(Regex("^guess")),
    Key.ALERT: compared(numbers, *OPERATORS) | st.just(Present()),
}


@st.composite
def about_alerts(draw: st.DrawFn) -> Expression:
    """Return a term that is about the alert itself."""
    key = draw(st.sampled_from([*VALUES, Key.SINCE, Key.BEFORE]))
    if key not in VALUES:
        return Term(key, (Moment(draw(st.sampled_from(MOMENTS))),))
    found = draw(st.lists(VALUES[key], min_size=1, max_size=2))
    return Term(key, tuple(dict.fromkeys(found)))


filters = st.builds(Filter, st.recursive(about_alerts() | terms(), joined, max_leaves=6), st.booleans())


@settings(max_examples=examples(150))
@given(filters)
def test_a_list_is_what_plain_python_makes_of_the_same_alerts(place: Place, what: Filter) -> None:
    expected = listed(place.alerts, what)
    found = place.reader.alerts.list(what, ALERTS)
    assert [row.id for row in found.rows] == expected, what.text
    assert found.matched == len(expected)
    few = place.reader.alerts.list(what, 3)
    assert [row.id for row in few.rows] == expected[:3]
    assert few.matched == len(expected)


@given(st.integers(1, 9), st.integers(0, 30), st.integers(1, 40))
def test_the_slices_hold_the_alerts_of_the_window(place: Place, slices: int, from_h: int, hours: int) -> None:
    start_us = NOW_US - from_h * HOUR
    end_us = start_us + hours * HOUR
    found = place.reader.alerts.histogram(Filter(), start_us, end_us, slices)
    counted = [[0, 0] for _ in range(slices)]
    for one in place.alerts:
        if start_us <= one.last_us < end_us:
            at = (one.last_us - start_us) * slices // (end_us - start_us)
            counted[at][0] += 1
            counted[at][1] += LEVELS[one.level] in ("high", "critical")
    assert [[one.alerts, one.severe] for one in found] == counted
