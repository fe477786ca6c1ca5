"""Bytes that no program should write and some do: each costs its own record at most."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from ingest.containers.stream import read_stream
from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from store.reader import StoreReader
from tests.ingest_place import Place, line

BOM = b"\xef\xbb\xbf"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def in_lines(odd: bytes) -> tuple[str, bytes]:
    return "a.jsonl", line("before") + odd + b"\n" + line("after")


def in_array(odd: bytes) -> tuple[str, bytes]:
    return "a.json", b"[" + line("before") + b"," + odd + b"," + line("after") + b"]"


@pytest.mark.parametrize("container", [in_lines, in_array])
@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (b'{"event_type":"a.b","x":NaN}', "NaN is not JSON"),
        (b'{"event_type":"a.b","x":-Infinity}', "-Infinity is not JSON"),
        (b'{"event_type":"a.b","x":1e999}', "the number 1e999 is too large"),
        (b'{"event_type":"a.b","x":' + b"[" * 65 + b"]" * 65 + b"}", "nested deeper than 64"),
        (b'{"event_type":"a.b","x":' + b"[" * 300 + b"]" * 300 + b"}", "nested deeper than 64"),
        (b'{"event_type":"a.b","user_id":"x","user\\u005fid":"y"}', 'the key "user_id" is given twice'),
    ],
    ids=["NaN", "infinity", "too large", "65 levels", "300 levels", "a key twice"],
)
def test_what_is_not_quite_json_costs_one_record(
    place: Place, container: Callable[[bytes], tuple[str, bytes]], odd: bytes, reason: str
) -> None:
    place.write(*container(odd))
    place.ingest()
    assert place.messages() == ["after", "before"]
    [found] = place.reasons()
    assert found.startswith(reason)


def test_brackets_beyond_the_limit_are_refused_and_the_rest_is_read(place: Place) -> None:
    nested = b'{"event_type":"a.b","timestamp":"2026-01-27T10:30:00Z","metadata":%s1%s}'
    closed = [nested % (b'{"a":' * depth, b"}" * depth) for depth in (65, 300, 2_000, 100_000)]
    for number, brackets in enumerate((b"[" * 100_000, b'{"a":' * 100_000, b"[" * 1_000_000, *closed)):
        place.write(f"{number}.jsonl", line("before") + brackets + b"\n" + line("after"))
        place.write(f"{number}.json", brackets)
    place.ingest()
    assert place.messages() == ["after"] * 7 + ["before"] * 7
    assert len(place.reasons()) == 14


def test_a_byte_order_mark_is_dropped_at_the_beginning_only(place: Place) -> None:
    place.write("a.jsonl", BOM + line("first") + BOM + line("second") + line("third"))
    place.write("b.json", BOM + line("document"))
    place.write("c.jsonl", BOM)
    place.ingest()
    assert place.messages() == ["document", "first", "third"]
    assert len(place.reasons()) == 1


def test_a_hole_that_a_crash_left_hides_no_record(place: Place) -> None:
    path = place.write("a.jsonl", line("before"))
    with path.open("r+b") as file:
        file.seek(700_000)
        file.write(line("after") + line("last"))
    place.ingest()
    assert place.messages() == ["after", "before", "last"]
    assert place.reasons() == []


@pytest.mark.parametrize(
    "odd", ['"', "-x", "col:x", "NEAR(a b)", "a* OR b", "'; DROP TABLE event; --", "%", "§y1", "\\"]
)
def test_a_value_is_looked_for_as_it_stands_whatever_it_means_to_a_database(place: Place, odd: str) -> None:
    place.write("a.jsonl", line("other", agent_id="other") + line("meant", agent_id=odd, request_id=odd))
    place.ingest()
    reader = StoreReader.open(place.store)
    try:
        for field in (Key.AGENT, Key.REQUEST):
            text = odd.replace("*", "\\*")
            page = reader.newest(Filter.of(Clause(field, (text,))), 10)
            assert [row.message for row in page.rows] == ["meant"]
    finally:
        reader.close()


def test_a_wrong_sum_at_the_end_of_a_compressed_file_costs_none_of_its_lines(place: Place) -> None:
    data = bytearray(gzip.compress(line("first") + line("second") + line("third")[:30]))
    data[-5] ^= 1
    place.write("a.jsonl.gz", bytes(data))
    place.ingest()
    assert place.messages() == ["first", "second"]
    [reason] = place.reasons()
    assert reason.startswith("the compressed file is damaged")


def test_a_first_line_that_was_cut_off_does_not_hold_up_the_lines_of_a_stream() -> None:
    reading, writing = os.pipe()
    try:
        os.write(writing, b'{"event_type":"a.b","mess\n')
        os.write(writing, line("whole"))  # the stream stays open: nothing may wait for its end
        given = [part.body for part in islice(read_stream(reading, 0.001), 20) if part.body is not None]
    finally:
        os.close(reading)
        os.close(writing)
    assert line("whole").rstrip() in b"\n".join(given).split(b"\n")
