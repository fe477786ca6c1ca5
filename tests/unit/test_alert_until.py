"""Until when a decision holds: choices, and times ahead as people type them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from store.alerts.states import STANDING, Verdict
from tests.pilot.made_up_events import FROZEN_US
from tui.alert_until import Until, choices, end_us, read_ahead, usual

HOUR = 3_600_000_000
DAY = 24 * HOUR


def text(ts_us: int) -> str:
    return datetime.fromtimestamp(ts_us / 1_000_000, tz=UTC).strftime("%Y-%m-%d %H:%M")


def test_only_what_stands_has_an_end_and_a_mute_is_never_for_good() -> None:
    for verdict in Verdict:
        found = choices(verdict)
        assert bool(found) is (verdict in STANDING)
        assert (Until.EVER in found) is (verdict in (Verdict.FALSE_POSITIVE, Verdict.ACCEPT_RISK))
        if found:
            assert usual(verdict) in found


def test_a_chosen_end_is_so_long_from_now() -> None:
    spans = {Until.HOUR: HOUR, Until.DAY: DAY, Until.WEEK: 7 * DAY, Until.MONTH: 30 * DAY}
    for until, span in spans.items():
        assert end_us(until, "ignored", FROZEN_US, utc=True) == FROZEN_US + span
    assert end_us(Until.EVER, "", FROZEN_US, utc=True) is None
    assert end_us(Until.TYPED, "+2h", FROZEN_US, utc=True) == FROZEN_US + 2 * HOUR


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("18:00", "2026-11-22 18:00"),
        ("9:30", "2026-11-23 09:30"),
        ("14:02", "2026-11-23 14:02"),
        ("tomorrow", "2026-11-23 00:00"),
        ("Tomorrow 18:00", "2026-11-23 18:00"),
        ("2026-11-27", "2026-11-27 00:00"),
        ("2026-11-27 18:00", "2026-11-27 18:00"),
        ("2026-11-27T18:00:00+02:00", "2026-11-27 16:00"),
        (" +3d ", "2026-11-25 14:02"),
        ("+ 90 min", "2026-11-22 15:32"),
        ("12h", "2026-11-23 02:02"),
        ("+2 weeks", "2026-12-06 14:02"),
        ("1795800000", "2026-11-27 17:20"),
    ],
)
def test_times_ahead_in_utc(typed: str, found: str) -> None:
    assert text(read_ahead(typed, FROZEN_US, utc=True)) == found


@pytest.mark.parametrize(
    ("typed", "found"), [("18:00", "2026-11-22 17:00"), ("15:00", "2026-11-23 14:00"), ("tomorrow", "2026-11-22 23:00")]
)
def test_clock_times_are_local_where_the_dashboard_is(typed: str, found: str) -> None:
    assert text(read_ahead(typed, FROZEN_US, utc=False)) == found


def test_tomorrow_is_the_next_day_also_when_clocks_change() -> None:
    before = int(datetime(2026, 10, 24, 22, 30, tzinfo=UTC).timestamp()) * 1_000_000  # 00:30 of a day of 25 hours
    assert text(read_ahead("tomorrow 0:10", before, utc=False)) == "2026-10-25 23:10"
    assert text(read_ahead("0:10", before, utc=False)) == "2026-10-25 23:10"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "such as"),
        ("soon", "not a time: tomorrow"),
        ("tomorrow noon", "not a time: tomorrow"),
        ("25:00", "not a time: tomorrow"),
        ("2026-13-01", "not a time: tomorrow"),
        ("-2h", "is over"),
        ("yesterday 9:30", "is over"),
        ("now", "is over"),
        ("2026-11-22 14:02", "is over"),
        ("+0d", "is over"),
        ("3026-01-01", "too far ahead"),
        ("+999999w", "too far ahead"),
        ("9999999999999999999", "too far ahead"),
    ],
)
def test_what_is_no_time_ahead_says_why(typed: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_ahead(typed, FROZEN_US, utc=True)
