"""Hours, days, weeks and months: local ones, also where clocks change, and those of UTC."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from store.analytics.calendar_spans import edges_of, end_of, start_of
from store.analytics.periods import Period, equal_edges, hour_edges, window_before

if TYPE_CHECKING:
    from collections.abc import Generator

HOUR_US = 3_600_000_000
ZONES = {
    "India": "IST-5:30",
    "Lord Howe, whose clocks change by half an hour": "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
    "clocks that change at midnight": "<-03>3<-02>,M11.3.0/0,M2.3.0/0",
}


def us(text: str) -> int:
    """Return a time of UTC in microseconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


@pytest.fixture
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Let local time be that of a zone."""
    monkeypatch.setenv("TZ", ZONES[request.param])
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("period", "utc", "start"),
    [
        (Period.HOUR, True, "2026-11-22 14:00"),
        (Period.DAY, True, "2026-11-22"),
        (Period.WEEK, True, "2026-11-16"),
        (Period.MONTH, True, "2026-11-01"),
        (Period.HOUR, False, "2026-11-22 14:00"),
        (Period.DAY, False, "2026-11-21 23:00"),
        (Period.WEEK, False, "2026-11-15 23:00"),
        (Period.MONTH, False, "2026-10-31 23:00"),
    ],
)
def test_a_period_begins(period: Period, utc: bool, start: str) -> None:
    assert start_of(period, us("2026-11-22 14:02:06"), utc=utc) == us(start)
    assert start_of(period, us(start), utc=utc) == us(start)


def test_a_local_day_may_be_longer_or_shorter() -> None:
    for noon, hours in (("2026-10-25 12:00", 25), ("2026-03-29 12:00", 23), ("2026-03-30 12:00", 24)):
        start = start_of(Period.DAY, us(noon), utc=False)
        assert end_of(Period.DAY, us(noon), utc=False) - start == hours * HOUR_US


def test_periods_end_where_the_next_begin() -> None:
    assert end_of(Period.MONTH, us("2026-12-31 23:59"), utc=True) == us("2027-01-01")
    assert end_of(Period.MONTH, us("2028-02-01"), utc=True) == us("2028-03-01")
    assert end_of(Period.WEEK, us("2026-11-22 14:02"), utc=True) == us("2026-11-23")
    assert end_of(Period.HOUR, us("2026-11-22 14:00"), utc=True) == us("2026-11-22 15:00")


def test_edges_are_those_of_the_calendar_between_the_ends_of_the_window() -> None:
    edges = edges_of(Period.DAY, us("2026-11-20 06:00"), us("2026-11-22 08:00"), utc=True)
    assert edges == tuple(map(us, ("2026-11-20 06:00", "2026-11-21", "2026-11-22", "2026-11-22 08:00")))
    whole = edges_of(Period.DAY, us("2026-11-20"), us("2026-11-21"), utc=True)
    assert whole == (us("2026-11-20"), us("2026-11-21"))


@pytest.mark.parametrize("zone", ["India"], indirect=True)
@pytest.mark.usefixtures("zone")
def test_a_zone_with_half_hours_has_hours_and_days_of_its_own() -> None:
    assert start_of(Period.HOUR, us("2026-11-22 14:02"), utc=False) == us("2026-11-22 13:30")
    edges = edges_of(Period.DAY, us("2026-11-20 18:30"), us("2026-11-22 18:30"), utc=False)
    assert edges == tuple(map(us, ("2026-11-20 18:30", "2026-11-21 18:30", "2026-11-22 18:30")))


@pytest.mark.parametrize("zone", list(ZONES), indirect=True)
@pytest.mark.parametrize("period", list(Period))
@pytest.mark.usefixtures("zone")
def test_edges_ascend_and_lie_at_the_clock_s_full_hours(period: Period) -> None:
    edges = edges_of(period, us("2026-01-01"), us("2027-01-01"), utc=False)[1:-1]
    assert all(before < after for before, after in pairwise(edges))
    assert all(start_of(period, after - 1, utc=False) == before for before, after in pairwise(edges))
    moments = [datetime.fromtimestamp(edge / 1e6, UTC).astimezone() for edge in edges]
    assert {moment.second for moment in moments} == {0}
    full = sum(moment.minute == 0 for moment in moments)
    assert len(moments) - full <= 2  # where clocks go on, or back, by half an hour


def test_equal_stretches_cover_the_window() -> None:
    assert equal_edges(0, 10, 3) == (0, 3, 6, 10)
    assert equal_edges(5, 7, 60) == (5, 6, 7)
    with pytest.raises(ValueError, match="at least one"):
        equal_edges(0, 10, 0)


def test_the_last_whole_hours_end_before_the_running_one() -> None:
    assert hour_edges(us("2026-11-22 14:02"), 2) == tuple(map(us, ("2026-11-22 12:00", "2026-11-22 13:00", "2026-11-22 14:00")))  # fmt: skip  # noqa: E501


def test_the_window_before_is_as_long() -> None:
    assert window_before(100, 130) == (70, 100)
