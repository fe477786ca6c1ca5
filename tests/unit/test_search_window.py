"""The time over which a result reaches, in slices with names, and where a time stands in it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from store.service import Extent, Histogram, Tally
from tui.search_scale import ResultScale
from tui.search_window import Chosen, Window, folded, moments, narrowed, shifted, span_of, window_over

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
NOW = int(datetime(2026, 11, 22, 14, 2, 6, tzinfo=UTC).timestamp()) * SECOND
ACME = Filter.of(Clause(Key.TENANT, ("acme",)))


@pytest.mark.parametrize(
    ("length", "room", "words"),
    [(HOUR, 126, "30 s"), (HOUR, 60, "2 min"), (DAY, 126, "15 min"), (30 * DAY, 126, "6 h"), (30 * DAY, 31, "day"),
     (90 * DAY, 60, "2 days"), (2 * SECOND, 80, "second"), (20 * 365 * DAY, 80, "26 weeks")],
)  # fmt: skip
def test_slices_have_a_length_with_a_name(length: int, room: int, words: str) -> None:
    window = window_over(NOW - length, NOW, room)
    assert window.slices <= room
    assert window.start_us <= NOW - length < NOW <= window.end_us
    assert window.slice_words == words
    assert window.start_us % window.slice_us == 0


def test_days_begin_at_the_midnight_of_the_wall() -> None:
    window = window_over(NOW - 30 * DAY, NOW, 40, offset_us=HOUR)
    assert (window.start_us + HOUR) % DAY == 0


def test_any_length_has_a_window() -> None:
    assert window_over(0, 10_000 * 365 * DAY, 10).slices <= 10
    assert window_over(NOW, NOW, 0).slices == 1


def test_slices_are_joined_where_there_is_less_room() -> None:
    window = Window(0, 120 * 30 * SECOND, 120)
    tallies = [Tally(number, number % 2, 1) for number in range(120)]
    less, slices = folded(window, tallies, 50)
    assert less.slices == len(slices) <= 50
    assert less.slice_words == "2 min"
    assert sum(tally.events for tally in slices) == sum(range(120))
    assert slices[0] == Tally(0 + 1 + 2 + 3, 2, 4)
    assert folded(window, tallies, 120) == (window, tuple(tallies))
    assert folded(window, tallies, 1)[0].slices == 1


def test_chosen_bars_stay_within_what_there_is() -> None:
    assert Chosen.between(7, 3) == Chosen(3, 7)
    assert Chosen(3, 7).moved(-9, 20) == Chosen(0, 4)
    assert Chosen(3, 7).moved(90, 20) == Chosen(15, 19)


def test_a_filters_own_times_hold_its_window() -> None:
    what = ACME.also(Filter.parsed("since:-2h").operands[0])
    assert moments(what, NOW) == (NOW - 2 * HOUR, None)
    assert moments(ACME, NOW) == (None, None)
    extent = Extent(10, NOW - DAY, NOW - HOUR, 10)
    assert span_of(what, extent, NOW) == (NOW - 2 * HOUR, NOW - HOUR + 1)
    assert span_of(ACME, extent, NOW) == (NOW - DAY, NOW - HOUR + 1)
    assert span_of(ACME, Extent(0, None, None, 0), NOW) is None


def test_a_window_in_which_nothing_can_be_is_shown_all_the_same() -> None:
    extent = Extent(10, NOW - HOUR, NOW, 10)
    long_ago = Filter.of(since_us=NOW - 5 * DAY, before_us=NOW - 4 * DAY)
    assert span_of(long_ago, extent, NOW) == (NOW - 5 * DAY, NOW - 4 * DAY)


def test_narrowing_replaces_other_times() -> None:
    what = narrowed(ACME.also(Filter.parsed("since:-2h").operands[0]), NOW - HOUR, NOW)
    assert what.text == "tenant:acme since:2026-11-22T13:02:06Z before:2026-11-22T14:02:06Z"


def test_a_window_moves_by_its_own_length() -> None:
    assert shifted(ACME, -1, NOW) is None
    earlier = shifted(Filter.parsed("since:-1h"), -1, NOW)
    assert earlier is not None
    assert moments(earlier, NOW) == (NOW - 2 * HOUR, NOW - HOUR)


def test_a_scale_is_by_counts_not_by_time() -> None:
    histogram = Histogram(0, 100, tuple(Tally(events) for events in (80, 0, 0, 20)))
    scale = ResultScale.of(histogram)
    assert scale is not None
    assert scale.total == 100
    assert [scale.before(at) for at in (-5, 0, 25, 60, 75, 500)] == [0, 0, 80, 80, 80, 100]
    assert scale.time_at(0.4) == 12
    assert scale.time_at(0.9) == 88
    assert scale.time_at(2.0) == 100
    assert ResultScale.of(Histogram(0, 100, (Tally(),) * 4)) is None
