"""What of an append is made before its transaction: the order of events, k, and what needs a look-up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.writer.frames import pack_batches, unpack_batches
from store.append.prepared import prepare
from store.store import Store
from tests.events import BASE_US, SECOND, add_source, batch, call, line, open_store, result, rows_of


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def test_only_what_needs_a_look_up_is_kept_as_an_event() -> None:
    plain = line("plain", agent_id="a")
    unusual = [line("untimed", None), call(), result(), line("own id", event_id="p-1"), line("sum", usage_key="u")]
    elements = [line("element", occurrence=0), line("no occurrence", counts=0)]
    prepared = prepare(batch(1, plain, *unusual, line("plain too", agent_id="a"), *elements))
    assert prepared.batch.events == [*unusual, *elements]
    assert [event is None for event in prepared.events] == [False, *[True] * 5, False, True, True]
    assert len(prepared.names) == 1


def test_events_arrive_in_the_order_in_which_they_were_read(store: Store) -> None:
    events = [line("one"), call(), line("two"), line("own", event_id="p-1"), line("three"), result()]
    store.append([batch(add_source(store), *events)])
    assert rows_of(store, "message") == [(event.message,) for event in events]
    assert rows_of(store, "seq") == [(number,) for number in range(1, 7)]


def test_equal_lines_are_counted_over_all_batches_of_an_append(store: Store) -> None:
    source = add_source(store)
    store.append([batch(source, line("first", BASE_US))])
    late, equal = line("late", BASE_US - SECOND), line("equal", BASE_US + SECOND)
    store.append([batch(source, equal, late), batch(source, equal, late, equal), batch(source, late)])
    store.append([batch(source, equal, late)])
    found = rows_of(store, "message, occurrence")
    assert [k for message, k in found if message == "equal"] == [0, 1, 2, 3]
    assert [k for message, k in found if message == "late"] == [0, 1, 2, 3]


def test_equal_lines_of_two_sources_are_counted_apart(store: Store) -> None:
    one, other = add_source(store, b"/logs/a.jsonl"), add_source(store, b"/logs/b.jsonl")
    first, second = line("a"), line("b")
    store.append([batch(one, first), batch(other, second)])
    store.append([batch(one, first), batch(other, second)])
    assert rows_of(store, "source_no, occurrence") == [(one, 0), (other, 0), (one, 1), (other, 1)]


def test_what_was_packed_for_another_process_is_stored_the_same(store: Store, tmp_path: Path) -> None:
    events = [line("one", metadata={"key": ["value", 1]}), call(), line("two", agent_id="a", cost_microusd=7), result()]
    with Store.open(tmp_path / "other.db", clock=store.clock) as other:
        other.append_prepared(unpack_batches(pack_batches([batch(add_source(other), *events)])))
        there = rows_of(other, "*")
    store.append([batch(add_source(store), *events)])
    assert rows_of(store, "*") == there
