"""Read a time as a producer wrote it: exact UTC microseconds since 1970, whatever the notation."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 (arithmetic on naive values cannot overflow near year 1 or 9999)
_EPOCH_UTC: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND_US: Final = 1_000_000
_FIRST_US: Final = -62_135_596_800 * _SECOND_US
"""0001-01-01T00:00:00Z."""
_LAST_US: Final = 253_402_300_800 * _SECOND_US - 1
"""9999-12-31T23:59:59.999999Z."""

_NUMBER: Final = re.compile(r"([+-]?)([0-9]{1,20})(?:\.([0-9]*))?")
_LEAP_SECOND: Final = re.compile(r"(.*[T ][0-9]{2}:[0-9]{2}:)60(.*)", re.DOTALL)
_BEYOND_UNIX: Final = 10**21
_UNIX_SCALES: Final = ((10**11, 6), (10**14, 3), (10**17, 0))
"""Below which magnitude a number means seconds, milliseconds, microseconds, and how many decimals make it the last."""


class UnreadableTime(ValueError):  # noqa: N818 (it names what the value is)
    """The value states no time that can be kept; the text says why."""


def parse_timestamp(value: Any) -> tuple[int, bool]:
    """Return UTC microseconds since 1970, and whether the text stated no zone (it is then taken as UTC).

    Understood are ISO 8601 with `Z`, with an offset or with neither, and Unix time in seconds, milliseconds,
    microseconds or nanoseconds as a number or as a text of digits; which of the four is told by magnitude (1e11, 1e14,
    1e17). Nothing is computed in floats: digits finer than a microsecond are cut off, the others are exact. A leap
    second is the first instant of the next minute. Any time in the years 1 to 9999 is kept.

    Raises:
        UnreadableTime: it is neither, or lies outside those years.
    """
    if type(value) is str:
        if value.endswith("Z"):  # as nearly all do
            try:
                span = datetime.fromisoformat(value) - _EPOCH_UTC
            except ValueError:
                return _parse_text(value)
            return (span.days * 86_400 + span.seconds) * _SECOND_US + span.microseconds, False
        return _parse_text(value)
    if type(value) is int and abs(value) < _BEYOND_UNIX:
        return _unix_us(str(value)), False
    if type(value) is float:
        return _unix_us(format(Decimal(repr(value)), "f")), False
    raise UnreadableTime("a time must be ISO 8601 or Unix time")


def _since_epoch_us(naive: datetime) -> int:
    span = naive - _EPOCH
    return (span.days * 86_400 + span.seconds) * _SECOND_US + span.microseconds


def _parse_text(text: str) -> tuple[int, bool]:
    text = text.strip()
    if _NUMBER.fullmatch(text):
        return _unix_us(text), False
    leap = _LEAP_SECOND.fullmatch(text)
    try:
        stated = datetime.fromisoformat(f"{leap[1]}59{leap[2]}" if leap else text)
    except ValueError:
        raise UnreadableTime("a time must be ISO 8601 or Unix time") from None
    offset = stated.utcoffset()
    ts_us = _since_epoch_us(stated.replace(tzinfo=None))
    if offset is not None:
        ts_us -= _since_epoch_us(_EPOCH + offset)
    if leap:
        ts_us = (ts_us // _SECOND_US + 1) * _SECOND_US
    return _within_years(ts_us), offset is None


def _unix_us(text: str) -> int:
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise UnreadableTime("a time must lie in the years 1 to 9999")
    sign, whole, decimals = match[1], int(match[2]), match[3] or ""
    for limit, places in _UNIX_SCALES:
        if whole < limit:
            micros = int(f"{whole}{decimals[:places].ljust(places, '0')}")
            break
    else:
        micros = whole // 1_000
    return _within_years(-micros if sign == "-" else micros)


def _within_years(ts_us: int) -> int:
    if not _FIRST_US <= ts_us <= _LAST_US:
        raise UnreadableTime("a time must lie in the years 1 to 9999")
    return ts_us
