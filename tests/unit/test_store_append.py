"""Appending: the order of arrival, places in time, equal lines, copies and conflicts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.batch import Rejected
from store.filters.model import Filter
from store.ids import LAST_SORT_MS, SEQ_BITS, parse_derived_id, time_of_id
from store.store import Store
from tests.events import (
    ARRIVED_US,
    BASE_US,
    MINUTE,
    SECOND,
    add_source,
    batch,
    call,
    line,
    open_reader,
    open_store,
    quarantine_entries,
    result,
    rows_of,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def column(store: Store, name: str) -> list[object]:
    return [row[0] for row in rows_of(store, name)]


def test_numbers_of_arrival_have_no_holes(store: Store) -> None:
    source = add_source(store)
    first = store.append([batch(source, line("a"), line("b")), batch(source, line("c"))])
    second = store.append([batch(source, line("d", event_id="id-1"), line("e", event_id="id-1"), line("f"))])
    assert (first.last_seq, second.last_seq) == (3, 6)
    assert column(store, "seq") == [1, 2, 3, 4, 5, 6]


def test_rows_lie_in_time_order_whatever_the_order_of_arrival(store: Store) -> None:
    times = [BASE_US + MINUTE, BASE_US, BASE_US + 2 * MINUTE, BASE_US - MINUTE]
    store.append([batch(add_source(store), *(line(str(ts_us), ts_us) for ts_us in times))])
    assert [row[0] for row in rows_of(store, "ts_us", "id")] == sorted(times)
    assert all(time_of_id(row_id) == ts_us for row_id, ts_us in rows_of(store, "id, ts_us"))


@pytest.mark.parametrize(
    ("ts_us", "sort_ms"),
    [(-62_135_596_800_000_000, 0), (-1, 0), (253_402_300_799_999_999, LAST_SORT_MS), (BASE_US, BASE_US // 1000)],
)
def test_a_time_out_of_range_is_kept_and_sorts_at_the_end(store: Store, ts_us: int, sort_ms: int) -> None:
    store.append([batch(add_source(store), line("x", ts_us))])
    assert rows_of(store, "ts_us, id >> 21") == [(ts_us, sort_ms)]


def test_equal_lines_are_events_of_their_own(store: Store) -> None:
    source = add_source(store)
    store.append([batch(source, line("x"), line("x"), line("y"), line("x"))])
    store.append([batch(source, line("x"))])
    assert column(store, "occurrence") == [0, 1, 0, 2, 3]


def test_equal_lines_are_counted_on_after_reopening(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        source = add_source(store)
        store.append([batch(source, line("x"), line("z", BASE_US + MINUTE))])
    with open_store(tmp_path) as store:
        store.append([batch(source, line("x"), line("new", BASE_US + 2 * MINUTE))])
        assert column(store, "occurrence") == [0, 0, 1, 0]


def test_a_late_equal_line_is_counted_within_its_own_batch(store: Store) -> None:
    """A file that repeats a long stretch: more moments lie between the copies than are remembered between batches."""
    stretch = [line(f"line {number}", BASE_US + number * SECOND) for number in range(1500)]
    store.append([batch(add_source(store), *stretch, *stretch)])
    assert column(store, "occurrence") == [0] * 1500 + [1] * 1500


def test_a_late_equal_line_is_counted_in_a_later_batch(store: Store) -> None:
    source = add_source(store)
    stretch = [line(f"line {number}", BASE_US + number * SECOND) for number in range(1500)]
    store.append([batch(source, *stretch)])
    store.append([batch(source, *stretch[:20])])
    store.append([batch(source, *stretch[:20], batchless := line("one more", BASE_US))])
    assert column(store, "occurrence") == [0] * 1500 + [1] * 20 + [2] * 20 + [0]
    assert batchless.occurrence == -1


def test_untimed_equal_lines_are_counted_too(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        source = add_source(store)
        store.append([batch(source, line("x", None), line("x", None), line("y", None))])
        store.append([batch(source, line("x", None))])
    with open_store(tmp_path) as store:
        later = line("x", None)
        later.ts_us = ARRIVED_US + MINUTE
        store.append([batch(source, later)])
        assert column(store, "occurrence") == [0, 1, 0, 2, 3]


def test_elements_of_a_document_are_added_once(store: Store) -> None:
    source = add_source(store)
    store.append([batch(source, line("x", occurrence=0), line("x", occurrence=1), line("y", occurrence=0))])
    rewritten = [line("x", occurrence=k) for k in range(3)]
    again = store.append([batch(source, *rewritten, line("y", occurrence=0))])
    assert (again.events, again.duplicates) == (1, 3)
    assert column(store, "occurrence") == [0, 1, 0, 2]


def test_a_producers_id_is_taken_once_even_in_one_batch_and_by_another_source(store: Store) -> None:
    first, second = add_source(store), add_source(store, b"/logs/b.jsonl")
    once = store.append([batch(first, line("x", event_id="id-1"), line("x", event_id="id-1"))])
    again = store.append([batch(second, line("x", event_id="id-1"))])
    assert (once.events, once.duplicates, again.events, again.duplicates) == (1, 1, 0, 1)
    assert (once.conflicts, again.conflicts) == (0, 0)


def test_other_content_under_one_id_is_a_conflict_written_down_once(store: Store) -> None:
    source = add_source(store)
    store.append([batch(source, line("first", event_id="id-1", tenant_id="acme"))])
    for expected in (1, 0):
        done = store.append([batch(source, line("other", event_id="id-1", tenant_id="acme", offset=77))])
        assert (done.events, done.conflicts, done.duplicates) == (expected, expected, 1)
    reader = open_reader(store.path.parent)
    kept, conflict = [reader.detail(row[0]) for row in rows_of(store, "id")]
    reader.close()
    assert kept is not None
    assert conflict is not None
    assert kept.message == "first"
    assert conflict.summary.event_type == "system.id_conflict"
    assert (conflict.summary.tenant_id, conflict.provenance.offset) == ("acme", 77)
    assert conflict.metadata == {
        "event_id": "id-1",
        "kept_seq": 1,
        "refused_type": "agent.message",
        "refused_message": "other",
    }


def test_a_conflict_within_one_batch_is_seen(store: Store) -> None:
    done = store.append([batch(add_source(store), line("first", event_id="id-1"), line("other", event_id="id-1"))])
    assert (done.events, done.conflicts) == (2, 1)
    assert column(store, "message")[0] == "first"


def test_copies_that_may_differ_are_no_conflict(store: Store) -> None:
    source = add_source(store)
    store.append([batch(source, line("first", event_id="id-1", copies_may_differ=True))])
    done = store.append([batch(source, line("other", event_id="id-1", copies_may_differ=True))])
    assert (done.events, done.duplicates, done.conflicts) == (0, 1, 0)


def test_another_inferred_time_is_no_conflict(store: Store) -> None:
    source = add_source(store)
    store.append([batch(source, line("same", None, event_id="id-1"))])
    copy = line("same", None, event_id="id-1")
    copy.ts_us = BASE_US
    assert store.append([batch(source, copy)]).conflicts == 0


def test_the_order_of_keys_in_metadata_is_no_conflict(store: Store) -> None:
    source = add_source(store)
    store.append([batch(source, line("x", event_id="id-1", metadata={"a": 1, "b": {"c": 2, "d": 3}}))])
    copy = line("x", event_id="id-1", metadata={"b": {"d": 3, "c": 2}, "a": 1})
    assert store.append([batch(source, copy)]).conflicts == 0


def test_an_append_leaves_its_events_as_they_were(store: Store) -> None:
    events = [line("x", event_id="id-1"), line("y", occurrence=-1), line("z", None), line("c", call_id="c-1")]
    before = [event.stated() for event in events]
    store.append([batch(add_source(store), *events)])
    assert [event.stated() for event in events] == before


def test_every_event_has_an_id_of_its_own(store: Store, tmp_path: Path) -> None:
    source, other = add_source(store), add_source(store, b"/logs/b.jsonl")
    events = [line("x"), line("x"), line("x", BASE_US + 1), line("x", None), line("x", None), line("y", event_id="y-1")]
    store.append([batch(source, *events), batch(other, line("z"))])
    reader = open_reader(tmp_path)
    ids = [found.event_id for row in rows_of(store, "id") if (found := reader.detail(row[0])) is not None]
    reader.close()
    assert len(set(ids)) == len(ids) == 7
    parsed = [parse_derived_id(text) for text in ids]
    assert [None if found is None else found[0] for found in parsed] == [
        None if producer_id is not None else ms for ms, producer_id in rows_of(store, "id >> 21, producer_id")
    ]


def test_what_was_rejected_is_quarantined_beside_the_events(store: Store, tmp_path: Path) -> None:
    source = add_source(store)
    refused = Rejected("not JSON", b"{" * 100_000, 100_000, 512, 7)
    done = store.append([batch(source, line("x"), rejected=[refused], redacted=3, uncounted=2)])
    assert (done.events, done.quarantined) == (1, 1)
    reader = open_reader(tmp_path)
    [entry] = quarantine_entries(reader)
    health = reader.health()
    reader.close()
    assert (entry.reason, entry.offset, entry.line, entry.size) == ("not JSON", 512, 7, 100_000)
    assert (entry.at_us, entry.path, len(entry.raw)) == (ARRIVED_US, "/logs/a.jsonl", 64 * 1024)
    assert (health.quarantined, health.redacted, health.sources[0].events) == (1, 3, 1)


def collide(store: Store) -> None:
    """Let the store arrive at where the low bits of `seq` are those of its first event again."""
    store.connection.execute("UPDATE counter SET value = value + ? WHERE name = 'seq'", ((1 << SEQ_BITS) - 1,))


def test_two_events_that_want_one_row_both_get_a_place(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        source = add_source(store)
        store.append([batch(source, line("first"))])
        collide(store)
    with open_store(tmp_path) as store:
        done = store.append([batch(source, line("second"), line("third"), line("first"))])
        assert (done.events, done.quarantined) == (3, 0)
        assert rows_of(store, "message, occurrence") == [("first", 0), ("second", 0), ("third", 0), ("first", 1)]
        assert len(set(column(store, "id"))) == 4
        assert set(column(store, "id >> 21")) == {BASE_US // 1000}


def test_a_full_millisecond_spills_into_the_next(tmp_path: Path) -> None:
    neighbours = 8
    with open_store(tmp_path) as store:
        source = add_source(store)
        store.append([batch(source, *(line(f"first {number}") for number in range(neighbours)))])
        store.connection.execute("UPDATE counter SET value = ? WHERE name = 'seq'", (1 << SEQ_BITS,))
    with open_store(tmp_path) as store:
        store.append([batch(source, line("late"))])
        reader = open_reader(tmp_path)
        rows = reader.newest(Filter.of(before_us=BASE_US + 1), 100).rows
        reader.close()
        assert [row.message for row in rows][-1] == "late"
        assert time_of_id(rows[-1].id) == BASE_US + 1000
        assert rows[-1].ts_us == BASE_US


def test_metadata_that_comes_as_text_is_kept_to_the_letter(store: Store) -> None:
    source = add_source(store)
    text = '{"b": 1,  "a":\t[2.50]}'
    store.append([
        batch(source, line("x", event_id="x", metadata_text=text)),
        batch(source, line("x", event_id="x", metadata={"a": [2.5], "b": 1})),
        batch(source, call("c"), result("c", metadata_text=text)),
    ])  # fmt: skip
    assert column(store, "metadata") == [text, None, '{"b":1,"a":[2.5],"duration_kind":"observed"}']
