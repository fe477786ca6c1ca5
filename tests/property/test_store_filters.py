"""Every question, over random events, filters and scopes, answers what plain Python works out."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from store.events import DENIAL, ERROR, NewEvent
from store.filters.clause import Clause, value_of
from store.filters.keys import FACET_KEYS, Key
from store.filters.matching import text_matches
from store.filters.model import Filter
from store.ids import first_id_at
from store.reader import StoreReader
from store.scope import Scope
from store.service import Page, Tally
from tests.evaluator import COLUMN, matches
from tests.events import BASE_US, MINUTE, SECOND, add_source, batch, line, open_store
from tests.property.examples import examples
from tests.reference import Kept, Reference

TIMES: Final = (
    *(BASE_US + step for step in (0, 1, 999, 1000, 1001, SECOND, MINUTE - 1, MINUTE, 61 * MINUTE, -MINUTE, -5)),
    *(-1, 0, 1, 59_999_999, 60_000_000, -62_135_596_800_000_000),
    *(4_102_444_800_000_000 + step for step in (-1, 0, 1, 999, 1000, 70 * MINUTE)),
)
TEXTS: Final = (None, "a", "b", "ab", "A", "a*b", "a%b", "a_b", "a-b", "ünï", "§y1", "x" * 70, "back\\slash", "")
"""Values of names and ids: wildcards of other languages, case, marks that the index uses itself."""
TYPES: Final = ("mcp.tool_call", "mcp.auth_check", "agent.error", "auth.failed", "permission.denied", "odd")
STATUSES: Final = (None, "success", "failure", "denied", "pending", "timeout")
TENANTS: Final = (None, "acme", "globex", "*")
GLOBS: Final = ("*", "a*", "*b", "*a*", r"a\*b", "*.*", "mcp.*", "*d*", "s*", r"\*", "zzz", "x*", "*\\*")

values = st.sampled_from((*TEXTS, *TYPES, *STATUSES, *TENANTS, *GLOBS))
texts = st.sampled_from(TEXTS)
times = st.sampled_from(TIMES)


@st.composite
def events(draw: st.DrawFn) -> NewEvent:
    """Return an event whose values come from few, so that filters find some."""
    fields: dict[str, Any] = {
        name: draw(texts)
        for by, name in COLUMN.items()
        if by not in (Key.TYPE, Key.STATUS, Key.TENANT) and draw(st.booleans())
    }
    fields["event_type"] = draw(st.sampled_from(TYPES))
    fields["status"] = draw(st.sampled_from(STATUSES))
    fields["tenant_id"] = draw(st.sampled_from(TENANTS))
    fields["counts"] = draw(st.sampled_from((1, 1, 1, 0)))
    fields["metadata"] = draw(st.sampled_from((None, {"k": "§y1 §a0"}, {"k": ["success", {"deep": "denied"}]})))
    return line("text", draw(times), **fields)


clauses = st.builds(
    Clause, st.sampled_from(FACET_KEYS), st.lists(values, min_size=1, max_size=3).map(tuple), negated=st.booleans()
)


def limited(chosen: list[Clause], since_us: int | None, before_us: int | None) -> Filter:
    """Return the filter of some clauses and times."""
    return Filter.of(*chosen, since_us=since_us, before_us=before_us)


filters = st.builds(limited, st.lists(clauses, max_size=2), st.none() | times, st.none() | times)
scopes = st.sampled_from((None, ("acme",), ("acme", "globex"), ("*",), ("nobody",), ()))


@contextmanager
def stored(given_events: list[NewEvent], tenants: tuple[str, ...] | None) -> Generator[StoreReader]:
    """Give a reader on a store that has these events, appended in two parts."""
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder)) as store:
        source = add_source(store)
        half = len(given_events) // 2
        store.append([batch(source, *given_events[:half])])
        store.append([batch(source, *given_events[half:])])
        reader = StoreReader.open(store.path, Scope(tenants))
        try:
            yield reader
        finally:
            reader.close()


def check_page(page: Page, expected: list[Kept], whole: list[Kept]) -> None:
    """Compare a page with what it should hold and what lies beyond."""
    assert [row.id for row in page.rows] == [one.id for one in expected]
    if expected:
        assert page.has_older == (whole[0].id < expected[0].id)
        assert page.has_newer == (whole[-1].id > expected[-1].id)


def check_lists(reader: StoreReader, reference: Reference, what: Filter, at_us: int, limit: int) -> None:
    """Compare all kinds of pages."""
    whole = reference.all(what)
    check_page(reader.newest(what, limit), whole[-limit:], whole)
    check_page(reader.oldest(what, limit), whole[:limit], whole)
    bits = {row.id: row.trouble for row in reader.oldest(what, 1000).rows}
    for at in {one.id for one in whole[1::6]} | {first_id_at(at_us), 1 << 62}:
        before = [one for one in whole if one.id < at]
        after = [one for one in whole if one.id > at]
        older, newer = reader.older(what, at, limit), reader.newer(what, at, limit)
        check_page(older, before[-limit:], whole)
        check_page(newer, after[:limit], whole)
        assert older.has_newer == any(one.id >= at for one in whole)
        assert newer.has_older == any(one.id <= at for one in whole)
        for bit in (ERROR, DENIAL):
            trouble = {row_id for row_id, both in bits.items() if both & bit}
            assert reader.next_trouble(what, at, bit, forward=True) == min((i for i in trouble if i > at), default=None)
            assert reader.next_trouble(what, at, bit, forward=False) == max(
                (i for i in trouble if i < at), default=None
            )
    first = first_id_at(at_us)
    before, after = [one for one in whole if one.id < first], [one for one in whole if one.id >= first]
    expected = [*before[max(len(before) - limit // 2, 0) :], *after[: limit - limit // 2]]
    check_page(reader.at_time(what, at_us, limit), expected, whole)


def check_numbers(
    reader: StoreReader, reference: Reference, what: Filter, window: tuple[int, int], fields: list[Key]
) -> None:
    """Compare tallies, histograms and facets of a window."""
    start_us, end_us = window
    expected = reference.tally(what, start_us, end_us)
    assert reader.tally(what, start_us, end_us) == expected
    if start_us < end_us:
        slices = reader.histogram(what, start_us, end_us, 7).slices
        assert len(slices) == 7
        assert summed(slices) == expected
    for by in fields:
        facet = reader.facet(by, what, start_us, end_us, 1000)
        assert {found.value: found.tally for found in facet} == reference.facet(by, what, start_us, end_us)
        assert [found.tally.events for found in facet] == sorted((f.tally.events for f in facet), reverse=True)


def summed(slices: tuple[Tally, ...]) -> Tally:
    """Return the sum of tallies."""
    return Tally(sum(t.events for t in slices), sum(t.errors for t in slices), sum(t.denials for t in slices))


def check_arrivals(reader: StoreReader, reference: Reference, what: Filter, after_seq: int, limit: int) -> None:
    """Compare what arrived after a number."""
    fresh = sorted((one for one in reference.all(what) if one.seq > after_seq), key=lambda one: one.seq)
    found = reader.arrivals(what, after_seq, limit)
    shown = fresh[max(len(fresh) - limit, 0) :]
    assert [row.seq for row in found.rows] == [one.seq for one in shown]
    assert (found.skipped, found.matched, found.last_seq) == (len(fresh) - len(shown), len(fresh), reference.last_seq)
    ids = {one.id for one in fresh}
    trouble = [row.trouble for row in reader.oldest(what, 1000).rows if row.id in ids]
    assert found.errors == sum(1 for bits in trouble if bits & ERROR)
    assert found.denials == sum(1 for bits in trouble if bits & DENIAL)


def check_exports(reader: StoreReader, reference: Reference, what: Filter, limit: int) -> None:
    """Compare JSON output, where rows with counts=0 are in."""
    whole = [one.seq for one in reference.all(what, counted=False)]
    assert [json.loads(found)["seq"] for found in reader.iter_json(what, limit=None)] == whole
    assert [json.loads(found)["seq"] for found in reader.iter_json(what, limit=limit)] == whole[-limit:]


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked of one store."""

    filters: list[Filter]
    window: tuple[int, int]
    fields: list[Key]
    limit: int
    after_seq: int


questions = st.builds(
    Questions,
    filters=st.lists(filters, min_size=2, max_size=2),
    window=st.tuples(times, times),
    fields=st.lists(st.sampled_from(FACET_KEYS), min_size=1, max_size=2),
    limit=st.integers(1, 5),
    after_seq=st.integers(0, 10),
)


@settings(max_examples=examples(12))
@given(st.lists(events(), max_size=14), scopes, questions)
def test_every_answer_is_what_plain_python_works_out(
    some: list[NewEvent], tenants: tuple[str, ...] | None, asked: Questions
) -> None:
    reference = Reference(some, tenants)
    with stored(some, tenants) as reader:
        for what in (Filter(), *asked.filters):
            check_lists(reader, reference, what, asked.window[0], asked.limit)
            check_numbers(reader, reference, what, asked.window, asked.fields)
            check_arrivals(reader, reference, what, min(asked.after_seq, reference.last_seq), asked.limit)
            check_exports(reader, reference, what, asked.limit)
        extent = reader.extent()
        whole = reference.all(Filter())
        assert (extent.events, extent.last_seq) == (len(whole), reference.last_seq)
        assert extent.oldest_us == (whole[0].event.ts_us if whole else None)
        assert extent.newest_us == (whole[-1].event.ts_us if whole else None)
        seen = {one.id for one in reference.kept}
        for one in Reference(some).kept:
            assert (reader.detail(one.id) is not None) == (one.id in seen)
            assert (reader.canonical_json(one.id) is not None) == (one.id in seen)


@given(st.lists(events(), max_size=25), filters, st.integers(1, 4))
@settings(max_examples=examples(15))
def test_paging_through_everything_loses_nothing_and_repeats_nothing(
    some: list[NewEvent], what: Filter, limit: int
) -> None:
    whole = [one.id for one in Reference(some).all(what)]
    with stored(some, None) as reader:
        page = reader.oldest(what, limit)
        forward = [row.id for row in page.rows]
        while page.has_newer:
            page = reader.newer(what, forward[-1], limit)
            forward += [row.id for row in page.rows]
        page = reader.newest(what, limit)
        back = [row.id for row in reversed(page.rows)]
        while page.has_older:
            page = reader.older(what, back[-1], limit)
            back += [row.id for row in reversed(page.rows)]
    assert forward == whole
    assert back == whole[::-1]


@given(st.lists(st.lists(events(), max_size=8), max_size=4))
@settings(max_examples=examples(20))
def test_minutes_are_what_counting_finds(parts: list[list[NewEvent]]) -> None:
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder)) as store:
        source = add_source(store)
        for part in parts:
            store.append([batch(source, *part)])
        found = store.connection.execute(
            "SELECT m.id >> 36, name.text, events, errors, denials FROM minute_count m"
            " LEFT JOIN name ON name.id = m.id & ((1 << 36) - 1)"
        ).fetchall()
    expected = Reference([event for part in parts for event in part]).minutes()
    assert {(minute, tenant): Tally(*tally) for minute, tenant, *tally in found} == expected


@given(st.sampled_from((*TEXTS[1:], *TYPES)).map(str), st.sampled_from(GLOBS))
def test_the_reference_knows_what_a_star_is(text: str, glob: str) -> None:
    """Stars are tried one by one there; this is the other way to say it."""
    assert matches(value_of(glob), text) == text_matches(value_of(glob), text)
