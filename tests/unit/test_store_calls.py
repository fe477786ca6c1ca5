"""Calls and their results: durations, outcomes, second sights, partners; and totals that grow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.events import NewEvent
from store.filters.model import Filter
from store.store import Store
from tests.events import BASE_US, SECOND, add_source, batch, call, line, open_reader, open_store, result, rows_of


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def test_a_result_gets_the_time_since_its_call(store: Store, tmp_path: Path) -> None:
    source = add_source(store)
    store.append([batch(source, call("a"), result("a", BASE_US + 3 * SECOND, metadata={"size": 1}))])
    store.append([batch(source, call("b", BASE_US + SECOND))])
    store.append([batch(source, result("b", BASE_US + 5 * SECOND))])
    assert rows_of(store, "duration_us") == [(None,), (3 * SECOND,), (None,), (4 * SECOND,)]
    reader = open_reader(tmp_path)
    found = reader.detail(rows_of(store, "id")[1][0])
    reader.close()
    assert found is not None
    assert found.metadata == {"size": 1, "duration_kind": "observed"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (call("a"), result("a", duration_us=5)),
        (result("a", BASE_US - SECOND, duration_us=5), call("a")),
        (call("a", call_scope="s:1"), result("a", call_scope="s:2", duration_us=5)),
    ],
    ids=["stated", "result first", "another scope"],
)
def test_a_stated_duration_is_kept(store: Store, first: NewEvent, second: NewEvent) -> None:
    store.append([batch(add_source(store), first, second)])
    assert rows_of(store, "duration_us, metadata", "duration_us") == [(None, None), (5, None)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (result("a", BASE_US - SECOND), call("a")),
        (call("a", call_scope="s:1"), result("a", call_scope="s:2")),
        (call("a", ts_inferred=True), result("a")),
        (call("a"), result("a", ts_inferred=True)),
        (call("a"), result("a", BASE_US - 1)),
    ],
    ids=["result first", "another scope", "inferred call", "inferred result", "result before its call"],
)
def test_what_cannot_be_observed_stays_unknown(store: Store, first: NewEvent, second: NewEvent) -> None:
    store.append([batch(add_source(store), first, second)])
    assert rows_of(store, "duration_us") == [(None,), (None,)]


@pytest.mark.parametrize(
    ("events", "outcomes"),
    [
        ([call(), result()], [0, 1]),
        ([call(status="denied"), result(status="failure")], [1, 0]),
        ([result(), call(status="success")], [1, 0]),
        ([call(), result(status="pending"), result(ts_us=BASE_US + 9)], [0, 0, 1]),
        ([call(), result(), result(ts_us=BASE_US + 9)], [0, 1, 0]),
        ([call(status=None), result(status=None)], [0, 0]),
        ([call(None, status="failure"), result(None)], [1, 0]),
        ([call(None), result(None, status="failure")], [0, 0]),
        ([call(call_scope="s:1"), result(call_scope="s:1"), call(call_scope="s:2", status="timeout")], [0, 1, 1]),
        ([line("x", call_id="call-1", status="failure"), result()], [0, 1]),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_one_row_settles_a_call(store: Store, events: list[NewEvent], outcomes: list[int], *, together: bool) -> None:
    source = add_source(store)
    for part in [events] if together else [[event] for event in events]:
        store.append([batch(source, *part)])
    assert [row[0] for row in rows_of(store, "outcome")] == outcomes


@pytest.mark.parametrize("together", [True, False])
def test_what_another_format_has_shown_is_no_new_occurrence(store: Store, tmp_path: Path, *, together: bool) -> None:
    first, second = add_source(store), add_source(store, b"/logs/b.jsonl")
    seen = batch(first, call(cost_microusd=7), result(status="failure"))
    again = batch(
        second,
        call(cost_microusd=9, input_tokens=3, metadata={"a": 1}),
        result(cost_microusd=5),
        call("other"),
        format="other",
    )
    for part in [[seen, again]] if together else [[seen], [again]]:
        store.append(part)
    assert rows_of(store, "counts, outcome") == [(1, 0), (1, 1), (0, 0), (0, 0), (1, 0)]
    assert rows_of(store, "sum(cost_microusd), sum(input_tokens)") == [(7, None)]
    reader = open_reader(tmp_path)
    assert [row.seq for row in reader.newest(Filter(), 10).rows] == [1, 5, 2]
    assert reader.extent().events == 3
    found = reader.detail(rows_of(store, "id")[2][0])
    reader.close()
    assert found is not None
    assert found.metadata == {"a": 1, "figures": {"cost_microusd": 9, "input_tokens": 3}}


def test_a_call_and_its_result_know_each_other(store: Store, tmp_path: Path) -> None:
    source = add_source(store)
    events = [
        call("1", BASE_US, session_id="s1"),
        call("1", BASE_US + 1000, session_id="s2"),
        result("1", BASE_US + 2000, session_id="s2"),
        result("1", BASE_US + 3000, session_id="s1"),
        call("1", BASE_US + 4000, request_id="r1"),
        call("1", BASE_US + 5000, request_id="r2"),
        result("1", BASE_US + 6000, request_id="r1"),
        result("1", BASE_US + 7000, request_id="r2", agent_id="x"),
        line("asked", BASE_US + 8000, event_type="permission.check", call_id="1", session_id="s2"),
        call("2", BASE_US + 9000),
        line("no call"),
    ]
    store.append([batch(source, *events)])
    reader = open_reader(tmp_path)
    partners: list[int | None] = []
    for (row_id,) in rows_of(store, "id"):
        found = reader.detail(row_id)
        assert found is not None
        partners.append(None if found.partner is None else found.partner.seq)
    reader.close()
    assert partners == [4, 3, 2, 1, 7, 8, 5, 6, 2, None, None]


def usage(key: str, tokens: tuple[int | None, int | None, int | None, int | None], **fields: Any) -> NewEvent:
    names = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
    return line(f"{key} {tokens}", usage_key=key, **dict(zip(names, tokens, strict=True)), **fields)


FIGURES = "input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cost_microusd, counts"


@pytest.mark.parametrize("together", [True, False])
def test_a_growing_total_is_kept_as_differences(store: Store, *, together: bool) -> None:
    source = add_source(store)
    events = [
        usage("m1", (10, 1, None, 100), cost_microusd=50),
        usage("m1", (10, 1, None, 100), cost_microusd=50),
        usage("m2", (5, 5, 5, 5)),
        usage("m1", (10, 7, 3, 100), cost_microusd=80),
        usage("m1", (4, 9, 3, 100), cost_microusd=80),
    ]
    for part in [events] if together else [[event] for event in events]:
        store.append([batch(source, *part)])
    assert rows_of(store, FIGURES) == [
        (10, 1, None, 100, 50, 1),
        (5, 5, 5, 5, None, 1),
        (0, 6, 3, 0, 30, 0),
        (0, 2, 0, 0, 0, 0),
    ]


def test_a_total_that_is_seen_again_adds_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        source = add_source(store)
        store.append([batch(source, usage("m1", (10, 1, 0, 0), event_id="a"))])
    with open_store(tmp_path) as store:
        source = add_source(store, b"/logs/copy.jsonl")
        done = store.append([batch(source, usage("m1", (10, 1, 0, 0), event_id="a"), usage("m1", (8, 1, 0, 0)))])
        assert (done.events, done.last_seq) == (0, 1)
        store.append([batch(source, usage("m1", (10, 4, 0, 0)))])
        assert rows_of(store, "sum(input_tokens), sum(output_tokens), sum(counts)") == [(10, 4, 1)]


def test_another_writers_totals_and_calls_are_seen(tmp_path: Path) -> None:
    with open_store(tmp_path) as one, open_store(tmp_path) as two:
        first, second = add_source(one), add_source(two, b"/logs/b.jsonl")
        one.append([batch(first, usage("m1", (10, 1, 0, 0)), call())])
        two.append([batch(second, usage("m1", (12, 1, 0, 0)), result())])
        one.append([batch(first, usage("m1", (12, 5, 0, 0)), result(ts_us=BASE_US + 9))])
        assert rows_of(one, "sum(input_tokens), sum(output_tokens)") == [(12, 5)]
        assert rows_of(one, "outcome") == [(0,), (0,), (0,), (1,), (0,), (0,)]
