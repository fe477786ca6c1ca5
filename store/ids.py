"""Row ids that lie in time order, hashes that find things, and the text form of derived event ids."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Final

SEQ_BITS: Final = 21
SEQ_MASK: Final = (1 << SEQ_BITS) - 1
LAST_SORT_MS: Final = 4_102_444_800_000
"""2100-01-01. Sort times are clamped to 1970..2100 so that a row id fits 63 bits; the stated time is kept beside it."""

FOLDER_BITS: Final = 31
"""A row of `ingest_minute` is found by minutes since 1970, shifted by so many bits, and the folder's number."""
MINUTE_US: Final = 60_000_000

OVERFLOW_MS: Final = 64
"""Milliseconds by which an id may lie behind its event: each holds two million events of one and the same time."""

DIGEST_SIZE: Final = 10
_KEY_MASK: Final = (1 << 63) - 1
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_COUNT: Final = re.compile(r"[1-9][0-9]{0,18}")
_TIME_CHARS: Final = 10
_DIGEST_CHARS: Final = 16
_CHAR_BITS: Final = 5


def sort_ms(ts_us: int) -> int:
    """Return the milliseconds since 1970 by which an event is sorted."""
    ms = ts_us // 1000
    return 0 if ms < 0 else min(ms, LAST_SORT_MS)


def first_id_at(ts_us: int) -> int:
    """Return the smallest row id that an event at `ts_us` or later can have; exact to the millisecond."""
    return sort_ms(ts_us) << SEQ_BITS


def end_id_at(ts_us: int) -> int:
    """Return the row id from which on no event before `ts_us` lies; exact to the millisecond.

    An event may stand a few milliseconds behind its own: where a millisecond is full, the next one takes it.
    """
    return (sort_ms(ts_us - 1) + 1 + OVERFLOW_MS) << SEQ_BITS


def time_of_id(row_id: int) -> int:
    """Return the sort time of a row id in UTC microseconds."""
    return (row_id >> SEQ_BITS) * 1000


def key_of(kind: bytes, *parts: bytes) -> int:
    """Return 63 bits of a hash over length-prefixed parts: a primary key that a value finds without an index."""
    state = blake2b(kind, digest_size=8)
    for part in parts:
        state.update(len(part).to_bytes(4, "big"))
        state.update(part)
    return int.from_bytes(state.digest(), "big") & _KEY_MASK


def _base32(number: int, chars: int) -> str:
    shifts = range((chars - 1) * _CHAR_BITS, -1, -_CHAR_BITS)
    return "".join(_ALPHABET[number >> shift & 31] for shift in shifts)


def _number(text: str) -> int:
    number = 0
    for char in text:
        number = number << _CHAR_BITS | _ALPHABET.index(char)
    return number


def derived_id(row_id: int, digest: bytes, occurrence: int) -> str:
    """Return the text form of a derived id: where to look (the sort time), 80 bits of hash, and k if it is not 0."""
    text = _base32(row_id >> SEQ_BITS, _TIME_CHARS) + _base32(int.from_bytes(digest, "big"), _DIGEST_CHARS)
    return f"{text}.{occurrence}" if occurrence else text


def parse_derived_id(text: str) -> tuple[int, bytes, int] | None:
    """Return sort milliseconds, digest and k of a derived id's text form; None where it is not one."""
    body, dot, tail = text.partition(".")
    if len(body) != _TIME_CHARS + _DIGEST_CHARS or (dot and not _COUNT.fullmatch(tail)):
        return None
    if any(char not in _ALPHABET for char in body):
        return None
    digest = _number(body[_TIME_CHARS:]).to_bytes(DIGEST_SIZE, "big")
    ms, occurrence = _number(body[:_TIME_CHARS]), int(tail or 0)
    return ms, digest, occurrence
