"""Which stretch of time a report is about."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cli.analytics.window import Window, last_periods, windowed
from cli.filtering import filter_of
from cli.problems import UsageProblem
from store.analytics.periods import Period
from store.filters.model import Filter

NOW_US = 1_795_356_126_000_000  # 2026-11-22 14:02:06 UTC


def us(text: str) -> int:
    """Return a time of UTC in microseconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


def test_usually_it_is_the_last_thirty_days_up_to_the_end_of_the_running_hour() -> None:
    what, window = windowed(Filter.parsed("agent:a", utc=True), NOW_US)
    assert what == Filter.parsed("agent:a", utc=True)
    assert window == Window(us("2026-10-24"), us("2026-11-22 15:00"), utc=True, default="last 30 days")
    assert window.start_us - window.before_us == window.end_us - window.start_us
    _, local = windowed(Filter(), NOW_US)
    assert local.start_us == us("2026-10-23 22:00")  # midnight in summer time


def test_times_of_flags_and_of_the_query_are_the_window() -> None:
    what, window = windowed(
        filter_of(since="2026-11-01T00:00:00Z", query=["since:2026-11-10", "before:-1h", "has:error"], utc=True), NOW_US
    )
    assert what == Filter.parsed("has:error", utc=True)
    assert window == Window(us("2026-11-10"), NOW_US - 3_600_000_000, utc=True)


def test_with_a_beginning_it_ends_now_and_with_an_end_it_begins_thirty_days_before() -> None:
    assert windowed(Filter.parsed("since:-2h"), NOW_US)[1].end_us == NOW_US
    ended = windowed(Filter.parsed("before:2026-11-10", utc=True), NOW_US)[1]
    assert (ended.start_us, ended.end_us) == (us("2026-10-11"), us("2026-11-10"))


def test_times_within_alternatives_stay_in_the_filter() -> None:
    what, window = windowed(Filter.parsed("(since:-1h OR has:error)"), NOW_US)
    assert what.text == "since:-1h OR has:error"
    assert window.default is not None


@pytest.mark.parametrize("query", ["since:-1h before:-2h", "since:2030-01-01", "since:now"])
def test_a_window_that_ends_before_it_begins_is_refused(query: str) -> None:
    with pytest.raises(UsageProblem, match="ends before it begins"):
        windowed(Filter.parsed(query), NOW_US)


def test_a_time_that_no_calendar_knows_is_refused() -> None:
    with pytest.raises(UsageProblem, match="so far back"):
        windowed(Filter.parsed("before:0001-01-02T00:00:00Z", utc=True), NOW_US)


def test_the_last_periods_are_whole_but_for_the_running_one() -> None:
    end = us("2026-11-22 15:00")
    assert last_periods(Period.WEEK, 12)(end, utc=True) == us("2026-08-31")
    assert last_periods(Period.MONTH, 12)(end, utc=True) == us("2025-12-01")
    assert last_periods(Period.HOUR, 24)(end, utc=True) == us("2026-11-21 15:00")
