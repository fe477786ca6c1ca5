"""Bytes that are no usable object get a reason; what can be mended is mended and said so."""

from __future__ import annotations

import orjson
import pytest

from ingest.decode import Undecodable, decode_strictly, has_long_integer, may_repeat_a_key


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'{"a":"\xc3("}', "not UTF-8 at byte 6 of the record"),
        (b'{"a":NaN}', "NaN is not JSON"),
        (b'{"a":-Infinity}', "-Infinity is not JSON"),
        (b'{"a":1e999}', "the number 1e999 is too large"),
        (b'{"a":1', "cut off"),
        (b'{"a":"tex', "cut off"),
        (b'{"a"}', "not JSON at byte 4 of the record"),
        ('{"ä":1}x'.encode(), "not JSON at byte 8 of the record"),
        (b'{"a":1}{"b":2}', "not JSON at byte 7 of the record"),
        (b"[1]", "not a JSON object but an array"),
        (b"42", "not a JSON object but a number"),
        (b'"text"', "not a JSON object but a string"),
        (b"null", "not a JSON object but null"),
        (b"true", "not a JSON object but true or false"),
        (b'{"a":' + b"[" * 64 + b"]" * 64 + b"}", "nested deeper than 64 levels"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "nested deeper than 64 levels"),
        (b'{"user_id":"a","user_id":"b"}', 'the key "user_id" is given twice'),
        (b'{"user_id":"a","user\\u005fid":"b"}', 'the key "user_id" is given twice'),
    ],
)
def test_unusable_bytes_are_refused_with_a_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(Undecodable) as refusal:
        decode_strictly(raw)
    assert str(refusal.value).startswith(reason)


@pytest.mark.parametrize(
    ("raw", "value", "repairs"),
    [
        (b'{"a":"x\\ud800y"}', "x\ufffdy", ("lone surrogate",)),
        (b'{"a":"x\\u0000y"}', "x\ufffdy", ("NUL",)),
        (b'\x00\x00{"a":1}\x00', 1, ("NUL",)),
        (b'{"a":"\\ud83d\\ude00"}', "\U0001f600", ()),
        (b'{"a":9223372036854775808}', "9223372036854775808", ()),
        (b'{"a":9223372036854775807}', 9223372036854775807, ()),
        (b'{"a":-9223372036854775809}', "-9223372036854775809", ()),
        (b'{"a":' + b"7" * 5000 + b"}", "7" * 5000, ()),
        (b'{"a":' + b"[" * 63 + b"]" * 63 + b"}", orjson.loads(b"[" * 63 + b"]" * 63), ()),
    ],
)
def test_odd_values_are_kept_in_a_storable_form(raw: bytes, value: object, repairs: tuple[str, ...]) -> None:
    decoded = decode_strictly(raw)
    assert decoded is not None
    assert decoded.record == {"a": value}
    assert decoded.repairs == repairs


def test_a_key_that_is_not_canonical_may_stand_twice() -> None:
    decoded = decode_strictly(b'{"x":1,"x":2,"metadata":{"user_id":1,"user_id":2}}')
    assert decoded is not None
    assert decoded.record == {"x": 2, "metadata": {"user_id": 2}}


@pytest.mark.parametrize("raw", [b"", b"  \t\r", b"\x00\x00"])
def test_blank_records_are_nothing(raw: bytes) -> None:
    assert decode_strictly(raw) is None


@pytest.mark.parametrize(
    ("raw", "may"),
    [
        (b'{"user_id":"a","tool":"b"}', False),
        (b'{"user_id":"a","user_id":"b"}', True),
        (b'{"user_id" :"a","user_id":"b"}', True),
        (b'{"user_id"\t: "a", "user_id" : "b"}', True),
        (b'{"a":"say \\"user_id\\":1","user_id":"b"}', False),
        (b'{"metadata":{"x":[{"y":1}]},"user_id":"b"}', False),
        (b'{"x\\\\":1,"agent_id":1,"agent_id":2}', True),
    ],
)
def test_a_repeated_key_is_suspected_from_the_bytes(raw: bytes, *, may: bool) -> None:
    assert may_repeat_a_key(raw, orjson.loads(raw)) is may


@pytest.mark.parametrize(
    ("raw", "has"),
    [
        (b'{"a":18446744073709551616}', True),
        (b'{"a":[1,-9223372036854775809]}', True),
        (b'{"a": 1234567890123456789}', True),
        (b'{"a":"18446744073709551616"}', False),
        (b'{"a":123456789012345678}', False),
    ],
)
def test_integers_that_the_fast_parser_would_round_are_noticed(raw: bytes, *, has: bool) -> None:
    assert has_long_integer(raw) is has
