"""Times as producers write them become exact microseconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.formats.timestamps import UnreadableTime, parse_timestamp

TEN_THIRTY = 1_769_509_800_000_000
MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "ts_us"),
    [
        ("2026-01-27T10:30:00Z", TEN_THIRTY),
        ("2026-01-27T10:30:00.123Z", TEN_THIRTY + 123_000),
        ("2026-01-27T10:30:00.123456Z", TEN_THIRTY + 123_456),
        ("2026-01-27T10:30:00.5Z", TEN_THIRTY + 500_000),
        ("2026-01-27T10:30:00.123456789Z", TEN_THIRTY + 123_456),
        ("2026-01-27 10:30:00+00:00", TEN_THIRTY),
        ("2026-01-27T12:30:00+02:00", TEN_THIRTY),
        ("2026-01-27T05:00:00.000001-05:30", TEN_THIRTY + 1),
        ("  2026-01-27T10:30:00Z\n", TEN_THIRTY),
        ("20260127T103000Z", TEN_THIRTY),
        ("2026-01-27T10:29:60Z", TEN_THIRTY),
        ("2026-01-27T10:29:60.900Z", TEN_THIRTY),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
        ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
        ("1969-12-31T23:59:59.999999Z", -1),
    ],
)
def test_iso_with_a_zone(value: str, ts_us: int) -> None:
    assert parse_timestamp(value) == (ts_us, False)


@pytest.mark.parametrize("value", ["2026-01-27T10:30:00", "2026-01-27 10:30", "2026-01-27T10:30:00.000"])
def test_a_text_without_a_zone_is_utc_and_says_so(value: str) -> None:
    assert parse_timestamp(value) == (TEN_THIRTY, True)


@pytest.mark.parametrize(
    ("value", "ts_us"),
    [
        (1_769_509_800, TEN_THIRTY),
        (1_769_509_800_123, TEN_THIRTY + 123_000),
        (1_769_509_800_123_456, TEN_THIRTY + 123_456),
        (1_769_509_800_123_456_789, TEN_THIRTY + 123_456),
        (1_769_509_800.123456, TEN_THIRTY + 123_456),
        (1_769_509_800_123.456, TEN_THIRTY + 123_456),
        (1.7695098e9, TEN_THIRTY),
        ("1769509800", TEN_THIRTY),
        ("1769509800.000001", TEN_THIRTY + 1),
        ("1769509800.99999999999999999999999999", TEN_THIRTY + 999_999),
        ("1769509800123", TEN_THIRTY + 123_000),
        (0, 0),
        (-1.5, -1_500_000),
    ],
)
def test_unix_time_is_told_by_its_size_and_never_rounded(value: float | str, ts_us: int) -> None:
    assert parse_timestamp(value) == (ts_us, False)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "yesterday",
        "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-01-27T10:30: 1Z",
        "2026-01-27T10:30:61Z",
        "2026-01-27T10:30:00.１２３Z",  # noqa: RUF001 (digits of another script are the point)
        "2026-01-27T10:30:00.12345٣Z",
        "2026-01-27T10:30+05Z",
        "2026-01-27T10+05:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:60Z",
        "1e999999999",
        "nan",
        "999999999999999999999",
        10**21,
        1e300,
        float("nan"),
        float("inf"),
        None,
        True,
        [],
        {"seconds": 1},
    ],
)
def test_anything_else_is_refused_with_a_reason(value: Any) -> None:
    with pytest.raises(UnreadableTime, match="a time must"):
        parse_timestamp(value)


ZONES = st.builds(timezone, st.timedeltas(min_value=timedelta(hours=-14), max_value=timedelta(hours=14)))
MOMENTS = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30))  # noqa: DTZ001


@given(moment=MOMENTS, zone=ZONES)
@example(moment=datetime(1969, 12, 31, 23, 59, 59, 999_999), zone=UTC)  # noqa: DTZ001
def test_every_moment_comes_back_exactly(moment: datetime, zone: timezone) -> None:
    stated = moment.replace(tzinfo=zone)
    expected = (stated - EPOCH) // MICROSECOND
    assert parse_timestamp(stated.isoformat()) == (expected, False)
    in_utc = stated.astimezone(UTC).replace(tzinfo=None)
    for spec in ("auto", "microseconds"):
        assert parse_timestamp(in_utc.isoformat(timespec=spec) + "Z") == (expected, False)
    cut = expected // 1_000 * 1_000
    assert parse_timestamp(in_utc.isoformat(timespec="milliseconds") + "Z") == (cut, False)


def test_a_number_of_thousands_of_digits_is_refused_quickly() -> None:
    with pytest.raises(UnreadableTime):
        parse_timestamp(10**5_000)


@given(text=st.text())
def test_no_text_breaks_it(text: str) -> None:
    try:
        ts_us, naive = parse_timestamp(text)
    except UnreadableTime:
        return
    assert isinstance(ts_us, int)
    assert isinstance(naive, bool)
