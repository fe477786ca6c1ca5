"""Random expressions of the whole language, over random events: SQL answers what plain Python works out."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from store.events import NewEvent
from store.filters.keys import EVENT_KEYS, FACET_KEYS, HAS_VALUES, NUMBER_KEYS, STATUS_VALUES, Key
from store.filters.model import Filter
from store.filters.syntax import (
    Between,
    Comparison,
    Expression,
    Glob,
    Moment,
    Operator,
    Present,
    Regex,
    Term,
    Text,
    Value,
    Words,
    all_of,
    any_of,
    complement,
)
from store.reader import StoreReader
from store.search.questions import Search
from store.searching import CountQuestion, Sort, SortKey
from store.tokens import words
from tests.alerts_place import AlertsPlace
from tests.evaluator import COLUMN, NOW
from tests.events import BASE_US, MINUTE, SECOND, add_source, batch, line, open_store
from tests.expressions import expressions as any_expressions
from tests.made_up_prices import MadeUpPrices, made_up_cost
from tests.property.examples import examples
from tests.reference import Kept, Reference, tally_of
from tests.walking import walking_search

NOW_US: Final = round((NOW - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * SECOND
HOUR: Final = 60 * MINUTE
TIMES: Final = (
    BASE_US,
    BASE_US + 1,
    NOW_US - HOUR,
    NOW_US - 24 * HOUR,
    NOW_US - 25 * HOUR,
    NOW_US - 400 * 24 * HOUR,
    5,
)
MOMENTS: Final = ("-1h", "-24h", "yesterday 9:30", "2026-11-22T11:00:00Z", "2026-11-22 11:00", "14:02", "now")
TEXTS: Final = ("a", "ab", "A", "a*b", "a b", "x/y", 'say "a"', "back\\slash", "ünï", "\ufb01n", "50%", "a_b", "")
MESSAGES: Final = (
    None,
    "quota exceeded",
    "exceeded quota twice",
    "The QUOTA was Exceeded!",
    "stra\u00dfe \ufb01nal",
    "a-b a_b",
    "naïve § 5",
)
METADATA: Final[tuple[dict[str, Any] | None, ...]] = (
    None,
    {},
    {"k": "a"},
    {"k": ["a", {"k": "quota"}, None, 5]},
    {"k": {"k": 2.5, "x": True}, "x": None},
    {"k": 10**20, "a.b": "ab", 'q"': ["quota exceeded", "A"]},
    {"k": "ünï straße", "x": -0.0},
)
PATHS: Final = (("k",), ("k", "k"), ("x",), ("k", "x"), ("a.b",), ('q"',), ("none",))
PATTERNS: Final = ("a", "^a", "b$", "A|ü", "^$", "(a+)+$", r"\d", "x/y", "[a-b]{2}")
WORDS: Final = (
    "quota",
    "Exceeded",
    "quota exceeded",
    "exceeded quota",
    "STRASSE",
    "final",
    "a_b",
    "a-b",
    "5",
    "success",
)
NUMBERS: Final = (None, 0, 1, 250_000, 2_000_000, 10_000)
TYPES: Final = (
    "mcp.tool_call",
    "mcp.tool_result",
    "agent.error",
    "auth.failed",
    "permission.denied",
    "system.id_conflict",
)

texts = st.sampled_from(TEXTS)
numbers = st.sampled_from(NUMBERS)


@st.composite
def events(draw: st.DrawFn) -> NewEvent:
    """Return an event whose values come from few, so that expressions find some."""
    kind = draw(st.sampled_from(TYPES))
    keys = [by for by in COLUMN if by not in (Key.TYPE, Key.STATUS)]
    fields: dict[str, Any] = {COLUMN[by]: draw(texts) for by in draw(st.lists(st.sampled_from(keys), unique=True))}
    if kind.startswith("mcp.tool"):  # what settles a call is another test's affair
        fields.pop("call_id", None)
    for name in ("duration_us", "input_tokens", "cache_read_tokens", "cost_microusd"):
        fields[name] = draw(numbers)
    return line(
        "",
        draw(st.sampled_from(TIMES)),
        event_type=kind,
        status=draw(st.sampled_from((None, *STATUS_VALUES))),
        counts=draw(st.sampled_from((1, 1, 1, 0))),
        message=draw(st.sampled_from(MESSAGES)),
        metadata=draw(st.sampled_from(METADATA)),
        **fields,
    )


def numbered(some: list[NewEvent]) -> list[NewEvent]:
    """Give every third event an id of its producer's; no two have the same."""
    for place, event in enumerate(some):
        if place % 3 == 0:
            event.event_id = f"ev*{place}"
    return some


AMOUNTS: Final = ("0", "1", "250000", "250000.5", "2000000", "5", "2.5", "20000")

amounts = st.sampled_from([Decimal(number) for number in AMOUNTS])
ALIKE: Final = (Key.USER, Key.TENANT, Key.HOST, Key.SERVER, Key.MODEL, Key.SESSION, Key.TRACE, Key.CALL)
"""Keys that are compiled as some other is."""
OPERATORS: Final[tuple[Operator, ...]] = (">", ">=", "<", "<=", "=")
GLOBS: Final = (("a", ""), ("", "b"), ("", "a", ""), ("a*", ""), ("", "%"), ("", "_b"), ("", "\\", ""))

ALERTS_ASKED: Final[tuple[Value, ...]] = (
    *(Comparison(operator, Decimal(number)) for operator in OPERATORS for number in (0, 1, 4)),
    Between(Decimal(1), Decimal(3)),
    Between(Decimal(2), Decimal(3)),
    Present(),
)
comparisons: st.SearchStrategy[Value] = st.builds(Comparison, st.sampled_from(OPERATORS), amounts) | st.builds(
    Between, amounts, amounts
)
globs: st.SearchStrategy[Value] = st.sampled_from(GLOBS).map(Glob)
plain: st.SearchStrategy[Value] = texts.map(Text) | globs | st.just(Present()) | st.sampled_from(PATTERNS).map(Regex)


def values(key: Key) -> st.SearchStrategy[Value]:
    """Return values of a key, most of which some event has."""
    if key is Key.ALERT:
        return st.sampled_from(ALERTS_ASKED)
    if key in NUMBER_KEYS:
        return comparisons | st.just(Present())
    if key in (Key.STATUS, Key.HAS):
        known = st.sampled_from(STATUS_VALUES if key is Key.STATUS else HAS_VALUES)
        return known.map(Text) | st.sampled_from((Glob(("", "e", "")), Present()))
    if key is Key.META:
        return plain | comparisons | st.sampled_from(("quota", "5", "true", "2.5", "quota exceeded")).map(Text)
    if key is Key.ID:
        return plain | st.sampled_from(("ev*0", "ev*3")).map(Text) | st.just(Glob(("ev*", "")))
    if key is Key.SOURCE:
        return plain | st.sampled_from(("native", "/logs/a.jsonl")).map(Text) | st.just(Glob(("/logs/", "")))
    return plain | (st.sampled_from(TYPES).map(Text) if key is Key.TYPE else texts.map(Text))


@st.composite
def terms(draw: st.DrawFn) -> Expression:
    """Return a term or words."""
    key = draw(st.sampled_from([*EVENT_KEYS, Key.META, Key.ALERT, None, None]))
    if key is None:
        text = draw(st.sampled_from(WORDS))
        return Words(text, prefix=draw(st.booleans()) and bool(words(text[-1])))
    if key in (Key.SINCE, Key.BEFORE):
        return Term(key, (Moment(draw(st.sampled_from(MOMENTS))),))
    path = draw(st.sampled_from(PATHS)) if key is Key.META else ()
    found = draw(st.lists(values(key), min_size=1, max_size=3))
    return Term(key, tuple(dict.fromkeys(found)), path)


def joined(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Return expressions put together of others."""
    several = st.lists(parts, min_size=2, max_size=3)
    return several.map(all_of).map(_there) | several.map(any_of).map(_there) | parts.map(complement)


def _there(found: Expression | None) -> Expression:
    assert found is not None
    return found


hitting = st.recursive(terms(), joined, max_leaves=5)
filters = st.builds(Filter, hitting | hitting | hitting | any_expressions, st.booleans())


@dataclass(frozen=True, slots=True)
class Asked:
    """A store's reader, and a search on it that never answers at once but goes through windows."""

    reader: StoreReader
    patient: Search


def add_alerts(place: AlertsPlace) -> None:
    """Put alerts there, the second and third of which turned out to be parts of the first and have no evidence."""
    rows = place.rows()
    for number in range(1, 5):
        place.alert([row for seq, row in enumerate(rows, 1) if seq % 5 == number])
    place.merge(2, 1)
    place.merge(3, 1)


def alerts_of(seq: int) -> frozenset[int]:
    """Return which alerts an event is evidence of."""
    return frozenset({seq % 5} & {1, 4})


@contextmanager
def stored(some: list[NewEvent]) -> Generator[Asked]:
    """Give what answers about a store that has these events."""
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder), MadeUpPrices()) as store:
        source = add_source(store)
        for event in some:
            store.append([batch(source, event)])
        add_alerts(AlertsPlace(store))
        reader = StoreReader.open(store.path, clock=lambda: NOW_US)
        try:
            with walking_search(store.path, NOW_US) as patient:
                yield Asked(reader, patient)
        finally:
            reader.close()


def check_pages(asked: Asked, what: Filter, whole: list[Kept]) -> None:
    """Compare pages, looked up and walked."""
    ids = [one.id for one in whole]
    middle = ids[len(ids) // 2] if ids else 1 << 60
    for search in (asked.reader.search, asked.patient):
        for older in (True, False):
            found = search.page(what, None, 4, older=older, watch=lambda _: True)
            assert [row.id for row in found.page.rows] == (ids[-4:] if older else ids[:4])
            assert found.complete
            assert (found.page.has_older if older else found.page.has_newer) == (len(ids) > 4)
            beside = search.page(what, middle, 3, older=older, watch=lambda _: True).page
            expected = [i for i in ids if i < middle][-3:] if older else [i for i in ids if i > middle][:3]
            assert [row.id for row in beside.rows] == expected
            assert (beside.has_newer if older else beside.has_older) == bool(ids)


def check_counts(asked: Asked, what: Filter, whole: list[Kept], window: tuple[int, int], by: Key) -> None:
    """Compare numbers, at once and in parts."""
    start_us, end_us = window
    within = [one for one in whole if start_us <= (one.event.ts_us or 0) < end_us]
    groups: dict[str | None, list[Kept]] = {}
    for one in within:
        groups.setdefault(getattr(one.event, COLUMN[by]), []).append(one)
    facet = {value: tally_of(found) for value, found in groups.items()}
    for search in (asked.reader.search, asked.patient):
        question = CountQuestion(what, start_us, end_us, (by,), values=1000, slices=5)
        found = search.count(question, lambda _: True)
        assert found.complete
        assert found.tally == tally_of(within)
        assert {one.value: one.tally for one in found.facets[by]} == facet
        if start_us < end_us:
            assert found.histogram == asked.reader.histogram(what, start_us, end_us, 5)
            assert found.histogram is not None
            assert sum(part.events for part in found.histogram.slices) == len(within)
        assert search.count(CountQuestion(what, start_us, end_us), lambda _: True).tally == tally_of(within)


def check_orders(asked: Asked, what: Filter, whole: list[Kept], sort: Sort) -> None:
    """Compare another order than that of time, and the rows that it leads to."""
    event = {"duration": "duration_us", "agent": "agent_id", "type": "event_type"}
    known: dict[int, Any] = {
        one.id: one.seen.cost_microusd if sort.key == "cost" else getattr(one.event, event[sort.key]) for one in whole
    }
    times = sorted(known, reverse=sort.descending)
    stated = sorted((i for i in times if known[i] is not None), key=lambda i: known[i], reverse=sort.descending)
    for search in (asked.reader.search, asked.patient):
        found = search.sorted_ids(what, sort, lambda _: True)
        assert found.complete
        assert list(found.ids) == [*stated, *(i for i in times if known[i] is None)]
    assert [row.id for row in asked.reader.search.rows(found.ids)] == list(found.ids)


def check_found(asked: Asked, what: Filter, reference: Reference) -> None:
    """Compare what passes, whichever way it is looked for: by full text, in windows, on the rows, and streamed."""
    ids = [one.id for one in reference.all(what)]
    for search in (asked.reader.search, asked.patient):
        found = search.page(what, None, 1000, older=True, watch=lambda _: True)
        assert [row.id for row in found.page.rows] == ids, what.text
    assert sorted(row.id for row in asked.reader.arrivals(what, 0, 1000).rows) == ids, what.text
    streamed = [json.loads(found)["seq"] for found in asked.reader.iter_json(what, limit=None)]
    assert streamed == [one.seq for one in reference.all(what, counted=False)], what.text


def various() -> list[NewEvent]:
    """Return events that between them have every value of the pools, each beside others."""
    found: list[NewEvent] = []
    keys = [by for by in COLUMN if by not in (Key.TYPE, Key.STATUS)]
    for place in range(78):
        kind = TYPES[place % len(TYPES)]
        fields: dict[str, Any] = {
            COLUMN[by]: TEXTS[(place + 2 * step) % len(TEXTS)]
            for step, by in enumerate(keys)
            if (place + step) % 3 and not (by is Key.CALL and kind.startswith("mcp.tool"))
        }
        for step, name in enumerate(("duration_us", "input_tokens", "cache_read_tokens", "cost_microusd")):
            fields[name] = NUMBERS[(place // (step + 1)) % len(NUMBERS)]
        status = (None, *STATUS_VALUES)[place // 2 % 6]
        message, metadata = MESSAGES[place % len(MESSAGES)], METADATA[place // 3 % len(METADATA)]
        at_us = TIMES[place // 5 % len(TIMES)]
        found.append(line("", at_us, event_type=kind, status=status, message=message, metadata=metadata, **fields))
        found[-1].counts = int(place % 7 != 0)
    return numbered(found)


def single_terms() -> list[Expression]:
    """Return every kind of value of every key, alone."""
    compared: list[Value] = [
        *(Comparison(operator, Decimal(amount)) for operator in OPERATORS for amount in AMOUNTS),
        *(Between(Decimal(low), Decimal(high)) for low, high in zip(AMOUNTS, AMOUNTS[2:6], strict=False)),
        Present(),
    ]
    common: list[Value] = [*map(Text, TEXTS), *map(Glob, GLOBS), *map(Regex, PATTERNS), Present()]
    more: dict[Key, list[Value]] = {
        Key.TYPE: [*map(Text, TYPES), Glob(("mcp.", ""))],
        Key.ID: [Text("ev*0"), Text("ev*3"), Glob(("ev*", ""))],
        Key.SOURCE: [Text("native"), Text("/logs/a.jsonl"), Glob(("/logs/", ""))],
        Key.STATUS: [*map(Text, STATUS_VALUES), Glob(("", "e", "")), Present()],
        Key.HAS: [*map(Text, HAS_VALUES), Glob(("", "e", "")), Present()],
        Key.META: [*map(Text, ("quota", "5", "true", "2.5", "quota exceeded")), *compared],
    }
    found: list[Expression] = [Words(text, prefix) for text in WORDS for prefix in (False, True)]
    found += [Term(key, (Moment(text),)) for key in (Key.SINCE, Key.BEFORE) for text in MOMENTS]
    for key in EVENT_KEYS:
        alone = more.get(key, []) if key in (Key.STATUS, Key.HAS) else [*common, *more.get(key, [])]
        if key not in (Key.SINCE, Key.BEFORE):
            several = ALERTS_ASKED if key is Key.ALERT else compared
            values_alone = (several if key in NUMBER_KEYS else alone)[:: 4 if key in ALIKE else 1]
            paths = [PATHS[place % len(PATHS)] if key is Key.META else () for place in range(len(values_alone))]
            found += [Term(key, (one,), path) for one, path in zip(values_alone, paths, strict=True)]
    found += [Term(Key.META, (one,), ("k",)) for one in more[Key.META]]
    return found


def test_every_kind_of_value_of_every_key_finds_what_plain_python_finds() -> None:
    reference = Reference(various(), price=made_up_cost, alerts=alerts_of)
    terms_alone = single_terms()
    found_some = 0
    with stored(various()) as asked:
        for number, one in enumerate(terms_alone):
            # Alone, left out, beside a word or with one: other ways lead to it each time.
            what = Filter((one, complement(one), any_of((one, Words("5"))), all_of((one, Words("quota"))))[number % 4])
            check_found(asked, what, reference)
            found_some += 0 < len(reference.all(Filter(one))) < len(reference.all(Filter()))
    assert found_some > len(terms_alone) // 3


sort_keys: st.SearchStrategy[SortKey] = st.sampled_from(("duration", "cost", "agent", "type"))


@settings(max_examples=examples(15))
@given(
    st.lists(events(), min_size=5, max_size=14).map(numbered),
    st.lists(filters, min_size=8, max_size=8),
    st.tuples(st.sampled_from(TIMES), st.sampled_from((NOW_US + HOUR, BASE_US, BASE_US + 1))),
    st.sampled_from(FACET_KEYS),
    st.builds(Sort, sort_keys, st.booleans()),
)
def test_whatever_is_asked_is_answered_as_plain_python_does(
    some: list[NewEvent], asked_for: list[Filter], window: tuple[int, int], by: Key, sort: Sort
) -> None:
    reference = Reference(some, price=made_up_cost, alerts=alerts_of)
    with stored(some) as asked:
        for what in asked_for:
            check_found(asked, what, reference)
        whole = reference.all(asked_for[0])
        check_pages(asked, asked_for[0], whole)
        check_counts(asked, asked_for[0], whole, window, by)
        check_orders(asked, asked_for[0], whole, sort)
