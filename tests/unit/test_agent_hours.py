"""Hours of the week and stretches of a window: whole ones, odd ones, and days on which clocks change."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest

from store.analytics.model import Figures
from tui.agent_facts import Week
from tui.agent_hours import DAY_US, HOUR_US, joined, timeline_edges, week_edges, week_of

MINUTE_US = 60_000_000


def us(text: str) -> int:
    """Return a time as UTC microseconds."""
    return int(datetime.fromisoformat(text).timestamp()) * 1_000_000


def counted(edges: tuple[int, ...]) -> Week:
    """Return the week in which every hour has as many events as it has minutes."""
    figures = [Figures(events=(end - start) // MINUTE_US) for start, end in pairwise(edges)]
    return week_of(edges, figures, utc=False)


@pytest.fixture
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Let local time be that of another zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def test_a_day_is_seen_in_its_week() -> None:
    end = us("2026-11-22T14:02:00+00:00")
    edges = week_edges(end - DAY_US, end, utc=True)
    assert edges[0] == us("2026-11-16T00:00:00+00:00")
    assert edges[-1] == end
    week = week_of(edges, [Figures(events=1)] * (len(edges) - 1), utc=True)
    assert week.today == 6
    assert len(week.cells) == 6 * 24 + 15
    assert week.cells[6, 14].stretches == ((us("2026-11-22T14:00:00+00:00"), end),)
    assert (6, 15) not in week.cells


def test_a_window_that_ends_at_midnight_has_seven_whole_days() -> None:
    end = us("2026-11-23T00:00:00+00:00")
    edges = week_edges(end - 7 * DAY_US, end, utc=True)
    assert edges == tuple(range(end - 7 * DAY_US, end + 1, HOUR_US))


def test_weeks_lie_over_each_other_but_not_for_ever() -> None:
    end = us("2026-11-23T00:00:00+00:00")
    edges = week_edges(end - 10 * DAY_US, end, utc=True)
    assert edges[0] == end - 14 * DAY_US
    week = week_of(edges, [Figures(events=1)] * (len(edges) - 1), utc=True)
    assert {cell.figures.events for cell in week.cells.values()} == {2}
    assert {len(cell.stretches) for cell in week.cells.values()} == {2}
    assert week_edges(end - 400 * DAY_US, end, utc=True)[0] == end - 35 * DAY_US


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Europe/Berlin", "Australia/Lord_Howe"], indirect=True)
@pytest.mark.parametrize("day", ["2026-03-30T12:00:00+00:00", "2026-10-26T12:00:00+00:00", "2026-10-05T11:00:00+00:00"])
def test_every_moment_of_the_days_is_in_one_hour(zone: str, day: str) -> None:
    end = us(day)
    edges = week_edges(end - DAY_US, end, utc=False)
    at = time.localtime(edges[0] // 1_000_000)
    assert (at.tm_hour, at.tm_min) == (0, 0), zone
    assert edges == tuple(sorted(set(edges)))
    week = counted(edges)
    assert sum(cell.figures.events for cell in week.cells.values()) == (end - edges[0]) // MINUTE_US
    spans = [span for cell in week.cells.values() for span in cell.stretches]
    assert sum(end - start for start, end in spans) == end - edges[0]


@pytest.mark.parametrize("zone", ["Europe/Berlin"], indirect=True)
def test_the_hour_that_comes_twice_is_one_cell(zone: str) -> None:
    week = counted(week_edges(us("2026-10-25T12:00:00+00:00"), us("2026-10-26T00:00:00+00:00"), utc=False))
    assert week.cells[6, 2].figures.events == 120, zone
    assert len(week.cells[6, 2].stretches) == 1
    spring = counted(week_edges(us("2026-03-29T12:00:00+00:00"), us("2026-03-30T00:00:00+00:00"), utc=False))
    assert (6, 2) not in spring.cells


def test_stretches_without_a_gap_are_one() -> None:
    assert joined([(0, 1), (1, 2), (3, 4)]) == ((0, 2), (3, 4))
    assert joined([]) == ()


@pytest.mark.parametrize("hours", [0.01, 0.5, 2, 6, 24, 24.5, 168, 24 * 400])
@pytest.mark.parametrize("room", [1, 7, 54])
def test_a_timeline_has_all_of_its_window_and_fits(hours: float, room: int) -> None:
    start = us("2026-11-21T14:02:06+00:00")
    end = start + int(hours * HOUR_US)
    edges = timeline_edges(start, end, room, utc=True)
    assert (edges[0], edges[-1]) == (start, end)
    assert len(edges) - 1 <= room
    assert edges == tuple(sorted(set(edges)))
    inner = edges[1:-1]
    if hours >= 12:
        assert all(edge % HOUR_US == 0 for edge in inner)
    assert len({later - earlier for earlier, later in pairwise(inner)}) <= 1


@pytest.mark.parametrize("zone", ["Asia/Kolkata"], indirect=True)
def test_hours_of_a_timeline_are_those_of_the_clock_on_the_wall(zone: str) -> None:
    start = us("2026-11-21T14:02:06+00:00")
    edges = timeline_edges(start, start + DAY_US, 54, utc=False)
    india = timezone(timedelta(hours=5, minutes=30), zone)
    assert {datetime.fromtimestamp(edge / 1_000_000, tz=india).minute for edge in edges[1:-1]} == {0}
