"""Times as people type them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from store.filters.time_text import ACCEPTED, read_time

NOW = datetime(2026, 11, 22, 14, 2, 6, tzinfo=UTC)


def micros(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("text", "utc", "expected"),
    [
        ("now", True, "2026-11-22T14:02:06Z"),
        ("14:02", True, "2026-11-22T14:02:00Z"),
        ("9:30", True, "2026-11-22T09:30:00Z"),
        ("14:02", False, "2026-11-22T14:02:00+01:00"),
        ("yesterday 9:30", True, "2026-11-21T09:30:00Z"),
        ("Yesterday", False, "2026-11-21T00:00:00+01:00"),
        ("-15m", True, "2026-11-22T13:47:06Z"),
        ("2h", False, "2026-11-22T12:02:06Z"),
        ("2026-01-27", True, "2026-01-27T00:00:00Z"),
        ("2026-01-27 10:30", False, "2026-01-27T10:30:00+01:00"),
        ("2026-07-01 10:30", False, "2026-07-01T10:30:00+02:00"),
        ("2026-01-27T10:30:00Z", False, "2026-01-27T10:30:00Z"),
        ("2026-01-27t10:30:00+05:00", False, "2026-01-27T05:30:00Z"),
        ("1769509800", True, "2026-01-27T10:30:00Z"),
        ("1769509800000", True, "2026-01-27T10:30:00Z"),
        ("1769509800000000000", True, "2026-01-27T10:30:00Z"),
    ],
)
def test_every_form_is_read(text: str, utc: bool, expected: str) -> None:
    assert read_time(text, now=NOW, utc=utc) == micros(expected)


@pytest.mark.parametrize(
    "text", ["", "x", "25:00", "14", "yesterday x", "-999999999w", "2026-13-01", "99999999999999999999"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_time(text, now=NOW, utc=True)


def test_the_examples_are_all_accepted() -> None:
    for text in ACCEPTED.replace(" or ", ", ").split(", "):
        read_time(text, now=NOW, utc=True)
