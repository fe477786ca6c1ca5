"""Times as people type them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cli.filtering import ACCEPTED, filter_of
from cli.problems import UsageProblem
from store.filters.time_text import read_time

NOW = datetime(2026, 11, 22, 21, 30, 15, 250_000, tzinfo=UTC)
"""22:30 in the tests' zone, CET: an hour before the day ends in UTC it has 90 minutes left there."""


def parsed(text: str, *, utc: bool = False, now: datetime = NOW) -> str:
    micros = read_time(text, now=now, utc=utc)
    seconds, rest = divmod(micros, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest).isoformat().removesuffix("+00:00")


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("2026-01-27T00:00:00Z", "2026-01-27T00:00:00"),
        ("2026-01-27t10:35:00z", "2026-01-27T10:35:00"),
        ("2026-01-27T10:35:00.123456789+02:00", "2026-01-27T08:35:00.123456"),
        ("2026-01-27 10:35", "2026-01-27T09:35:00"),
        ("2026-07-27 10:35", "2026-07-27T08:35:00"),
        ("2026-01-27", "2026-01-26T23:00:00"),
        ("20260127", "2026-01-26T23:00:00"),
        ("now", "2026-11-22T21:30:15.250000"),
        ("today", "2026-11-21T23:00:00"),
        ("Yesterday", "2026-11-20T23:00:00"),
        ("10:30", "2026-11-22T09:30:00"),
        ("9:30:05", "2026-11-22T08:30:05"),
        ("-24h", "2026-11-21T21:30:15.250000"),
        ("-15m", "2026-11-22T21:15:15.250000"),
        ("15min", "2026-11-22T21:15:15.250000"),
        ("-30s", "2026-11-22T21:29:45.250000"),
        ("-7d", "2026-11-15T21:30:15.250000"),
        ("-2w", "2026-11-08T21:30:15.250000"),
        ("1769509800", "2026-01-27T10:30:00"),
        ("1769509800.25", "2026-01-27T10:30:00.250000"),
        ("1769509800123", "2026-01-27T10:30:00.123000"),
        ("1769509800123456", "2026-01-27T10:30:00.123456"),
        ("1769509800123456789", "2026-01-27T10:30:00.123456"),
        (" -1h ", "2026-11-22T20:30:15.250000"),
    ],
)
def test_every_accepted_form(text: str, meaning: str) -> None:
    assert parsed(text) == meaning


def test_in_utc_names_and_naive_times_are_utc() -> None:
    assert parsed("2026-01-27 10:35", utc=True) == "2026-01-27T10:35:00"
    assert parsed("today", utc=True) == "2026-11-22T00:00:00"
    assert parsed("10:30", utc=True) == "2026-11-22T10:30:00"


def test_yesterday_begins_at_midnight_also_when_clocks_changed() -> None:
    after_the_change = datetime(2026, 10, 26, 12, 0, tzinfo=UTC)
    assert parsed("yesterday", now=after_the_change) == "2026-10-24T22:00:00"
    assert parsed("today", now=after_the_change) == "2026-10-25T23:00:00"


@pytest.mark.parametrize(
    "text",
    ["", "whenever", "24", "-24", "-24y", "2026-13-01", "25:00", "0001-01-01", "9" * 30, "-999999999w", "\x1b[2J"],
)
def test_anything_else_is_one_line_with_the_accepted_forms(text: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        filter_of(since=text)
    assert ACCEPTED in str(caught.value)
    assert "\n" not in str(caught.value)
