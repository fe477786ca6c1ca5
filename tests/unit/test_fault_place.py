"""The place in a record's bytes that is marked when they are shown."""

from __future__ import annotations

import pytest

from ingest.decode import Undecodable, decode_strictly
from store.fault_place import fault_place


def found(raw: bytes) -> str | None:
    """Return what stands from the marked place on; None: nothing is marked."""
    with pytest.raises(Undecodable) as error:
        decode_strictly(raw)
    place = fault_place(str(error.value), raw)
    return None if place is None else raw[place:].decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("raw", "rest"),
    [
        (b'{"a": 1,, "b": 2}', ', "b": 2}'),
        (b'{"a": oh}', "oh}"),
        (b'  {"a": oh}', "oh}"),
        ('{"ä": oh}'.encode(), "oh}"),
        (b'{"a": "\xff"}', '�"}'),
        (b'{"a": "cut', "t"),
        (b'{"message": "message", "x": {"message": 1}, "message": 2}', '"message": 2}'),
        (b'{"message": 1, "message" : 2}', '"message" : 2}'),
        (b'{"a": "NaN", "b": NaN}', "NaN}"),
        (b'{"a": -Infinity}', "-Infinity}"),
        (b'{"a": 1e999}', "1e999}"),
        (b'{"a": "[[["' + b', "b": ' + b"[" * 70 + b"]" * 70 + b"}", "[" * 7 + "]" * 70 + "}"),
    ],
)
def test_what_the_parser_found_is_where_it_is_marked(raw: bytes, rest: str) -> None:
    assert found(raw) == rest


def test_a_record_that_is_wrong_as_a_whole_has_no_mark() -> None:
    assert fault_place("no event_type and no known format", b'{"a": 1}') is None
    assert fault_place("not JSON at byte 3 of the record", b"") is None


def test_else_the_first_byte_is_marked_that_no_text_has() -> None:
    assert fault_place("no event_type", b'{"a": "\x1b[2J"}') == 7
    assert fault_place("no event_type", b"\xc3\xa4\xff\x00") == 2


def test_a_place_behind_what_is_kept_is_its_end() -> None:
    assert fault_place("not JSON at byte 70000 of the record: Expecting value", b"abc") == 2


def test_a_place_in_the_file_is_turned_into_one_of_the_record() -> None:
    raw = '["ä", oh]'.encode()
    assert fault_place("not JSON at character 6 of the file: Expecting value", raw) == raw.index(b"oh")
    assert fault_place("not UTF-8 at byte 12 of the file", b"ab\xff", offset=10) == 2
