"""The quarantine as the store keeps it: lists, requests, discards that are recorded, numbers that never come again."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson
import pytest

from store.batch import Rejected
from store.fault_kind import fault_kind
from store.quarantine import DISCARDED, EmptyReasonError, QuarantineDesk
from store.query.quarantined import Wanted
from store.store import Store
from tests.events import ARRIVED_US, add_source, batch, checkpoint, line, open_reader, open_store

REASONS = ["not UTF-8 at byte 7 of the record", "not UTF-8 at byte 9 of the record", "cut off: the record ends"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def refuse(store: Store, source: int, *reasons: str) -> None:
    """Put a record into the quarantine for each reason."""
    rejected = [Rejected(reason, b"raw %d" % at, 9, 100 * at, at + 1) for at, reason in enumerate(reasons)]
    store.append([batch(source, rejected=rejected, checkpoint=checkpoint(9))])


def held(store: Store) -> list[Any]:
    """Return the numbers of everything in quarantine."""
    return [row[0] for row in store.connection.execute("SELECT id FROM quarantine ORDER BY id")]


def counted(store: Store) -> int:
    """Return how many records the source says are in quarantine."""
    return store.connection.execute("SELECT sum(quarantined) FROM source").fetchone()[0]


def test_reasons_are_counted_without_the_places_they_name(store: Store, tmp_path: Path) -> None:
    refuse(store, add_source(store), *REASONS)
    QuarantineDesk(store).request_retry([1])
    reader = open_reader(tmp_path)
    everything = [("not UTF-8", 2, 1), ("cut off: the record ends", 1, 0)]
    for wanted, expected in (
        (Wanted(), everything),
        (Wanted(source="a.jsonl"), everything),
        (Wanted(source="b.jsonl"), []),
        (Wanted(reason="UTF"), everything[:1]),
        (Wanted(kind="not UTF-8"), everything[:1]),
    ):
        assert [(one.kind, one.records, one.waiting) for one in reader.quarantined.reasons(wanted)] == expected
    reader.close()


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("not JSON at byte 12 of the record: Expecting value", "not JSON: Expecting value"),
        ("not JSON at character 4 of the file: Expecting ','", "not JSON: Expecting ','"),
        ("nested deeper than 64 levels", "nested deeper than 64 levels"),
        ("the number 12345678901 is too large", "the number … is too large"),
    ],
)
def test_a_kind_of_reason_has_no_place(reason: str, kind: str) -> None:
    assert fault_kind(reason) == kind


def test_pages_go_on_where_the_last_one_ended(store: Store, tmp_path: Path) -> None:
    refuse(store, add_source(store), *["bad"] * 2_500)
    reader = open_reader(tmp_path)
    seen: list[int] = []
    while page := reader.quarantined.rows(Wanted(), 700, before_id=seen[-1] if seen else None):
        seen += [row.id for row in page]
    reader.close()
    assert seen == list(range(2_500, 0, -1))


def test_lists_are_narrowed_by_reason_and_file(store: Store, tmp_path: Path) -> None:
    refuse(store, add_source(store, b"/logs/a.jsonl"), *REASONS)
    refuse(store, add_source(store, b"/logs/b.jsonl"), "not 100% JSON_")
    reader = open_reader(tmp_path)
    lists = reader.quarantined
    assert lists.ids(Wanted(reason="UTF-8")) == [1, 2]
    assert lists.ids(Wanted(reason="% JSON_")) == [4]
    assert lists.ids(Wanted(reason="100_")) == []
    assert lists.ids(Wanted(source="b.json")) == [4]
    assert lists.ids(Wanted(kind="not UTF-8", source="/a.")) == [1, 2]
    assert lists.which_of([1, 4, 5]) == {1, 4}
    reader.close()


def test_a_limited_scope_sees_nothing_of_it(store: Store, tmp_path: Path) -> None:
    refuse(store, add_source(store), *REASONS)
    reader = open_reader(tmp_path, "acme")
    lists = reader.quarantined
    assert (lists.reasons(), lists.rows(), lists.ids(), lists.entry(1), lists.which_of([1])) == (
        [],
        [],
        [],
        None,
        set(),
    )
    reader.close()


def test_discarding_leaves_an_event_in_place_of_each_record(store: Store) -> None:
    source = add_source(store)
    refuse(store, source, *REASONS)
    assert QuarantineDesk(store).discard([1, 3, 3, 77], "  seen and known ") == 2
    assert held(store) == [2]
    assert counted(store) == 1
    asked = "SELECT metadata, message, byte_offset, ts_us, source_no FROM event ORDER BY seq"
    first, second = store.connection.execute(asked).fetchall()
    told = orjson.loads(first[0])
    assert told["why"] == "seen and known"
    assert (told["file"], told["line"], told["offset"], told["size"]) == ("/logs/a.jsonl", 1, 0, 9)
    assert told["fault"] == REASONS[0]
    assert told["kept_blake2b"] == blake2b(b"raw 0", digest_size=32).hexdigest()
    assert "/logs/a.jsonl" in first[1]
    assert first[2:] == (0, ARRIVED_US, source)
    assert second[2] == 200
    [(kind, number)] = store.connection.execute(
        "SELECT t.text, count(*) FROM event e JOIN name t ON t.id = e.type_no GROUP BY t.text"
    ).fetchall()
    assert (kind, number) == (DISCARDED, 2)
    assert store.connection.execute("SELECT count(*) FROM event WHERE user_no > 0").fetchone() == (2,)


def plans(store: Store, said: list[str]) -> list[str]:
    """Return how the database finds the rows of each statement about the quarantine."""
    asked = [one for one in said if one.startswith(("SELECT", "UPDATE")) and "quarantine" in one]
    return [store.connection.execute(f"EXPLAIN QUERY PLAN {one}").fetchone()[3] for one in asked]


def test_what_waits_for_a_retry_is_found_without_looking_at_the_rest(store: Store) -> None:
    refuse(store, add_source(store), *REASONS)
    desk = QuarantineDesk(store)
    desk.request_retry([2])
    said: list[str] = []
    store.connection.set_trace_callback(said.append)
    assert [record.id for record in desk.waiting(10)] == [2]
    store.connection.set_trace_callback(None)
    [plan] = plans(store, said)
    assert "INDEX quarantine_waiting" in plan  # which holds nothing but what waits, in this order


def test_a_source_that_is_read_anew_finds_its_whole_document_without_looking_at_the_rest(store: Store) -> None:
    source = add_source(store)
    store.append([batch(source, rejected=[Rejected("cut off", b"[", 1, 0, None)], checkpoint=checkpoint(9))])
    said: list[str] = []
    store.connection.set_trace_callback(said.append)
    store.append([batch(source, checkpoint=checkpoint(9), again=True)])
    store.connection.set_trace_callback(None)
    assert [record.id for record in QuarantineDesk(store).waiting(10)] == [1]
    assert any("INDEX quarantine_whole (source_no=?)" in plan for plan in plans(store, said))


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_nothing_is_discarded_without_a_reason(store: Store, reason: str) -> None:
    refuse(store, add_source(store), *REASONS)
    with pytest.raises(EmptyReasonError):
        QuarantineDesk(store).discard([1], reason)
    assert held(store) == [1, 2, 3]


def test_many_are_discarded_in_parts(store: Store) -> None:
    refuse(store, add_source(store), *["bad"] * 1_200)
    assert QuarantineDesk(store).discard(held(store), "all the same") == 1_200
    assert store.connection.execute("SELECT count(*) FROM event").fetchone() == (1_200,)
    assert counted(store) == 0


def test_a_number_never_comes_again(store: Store) -> None:
    source = add_source(store)
    refuse(store, source, *REASONS)
    QuarantineDesk(store).discard([3], "the newest")
    refuse(store, source, "another")
    assert held(store) == [1, 2, 4]


def test_what_is_released_leaves_with_the_append(store: Store) -> None:
    source = add_source(store)
    refuse(store, source, *REASONS)
    [at_us] = {row[0] for row in store.connection.execute("SELECT at_us FROM quarantine")}
    store.append([batch(source, line("mended"), released=[(2, at_us)])])
    assert held(store) == [1, 3]
    assert counted(store) == 2


def test_requests_are_seen_by_their_number(store: Store) -> None:
    refuse(store, add_source(store), *REASONS)
    desk = QuarantineDesk(store)
    before = desk.requests()
    assert desk.request_retry([2, 9]) == 1
    assert desk.requests() > before
    [record] = desk.waiting(10)
    assert (record.id, record.raw, record.offset) == (2, b"raw 1", 100)
    assert desk.still_waiting([1, 2, 3]) == 1
    desk.note_tried(record, "no better")
    assert desk.waiting(10) == []
    assert desk.reasons_of_failure([1, 2, 9]) == {1: REASONS[0], 2: "no better"}
    assert desk.request_retry(None) == 3


def test_a_document_that_is_read_anew_asks_for_its_own_retry(store: Store) -> None:
    document, other = add_source(store, b"/logs/a.json"), add_source(store, b"/logs/b.json")
    for source in (document, other):
        whole = Rejected("cut off", b"{", 1, 0, None)
        record = Rejected("no event", b"{}", 2, 1, None)
        store.append([batch(source, rejected=[whole, record])])
    store.append([batch(document, line("mended"), again=True)])
    assert [record.id for record in QuarantineDesk(store).waiting(10)] == [1]
