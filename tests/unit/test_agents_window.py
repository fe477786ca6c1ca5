"""Which time the Agents tab is about, and how it is cut into small bars."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from store.filters.model import Filter
from store.service import Extent
from tui.agents_window import (
    DAY_US,
    HOUR_US,
    LENGTHS_US,
    MINUTE_US,
    MOST_SLICES,
    AgentsWindow,
    WindowChoice,
    heights,
    length_words,
    other_length,
    slice_edges,
    title,
    window_of,
)

NOW_US = 1_795_356_126_204_000
END_US = (NOW_US // MINUTE_US + 1) * MINUTE_US
OLD = Extent(9, NOW_US - 400 * DAY_US, NOW_US, 9)


def shown(
    what: str = "", choice: WindowChoice | None = None, extent: Extent = OLD, newest: int | None = NOW_US
) -> AgentsWindow:
    """Return the window for a query as of `NOW_US`."""
    return window_of(Filter.parsed(what, utc=True), choice or WindowChoice(), extent, NOW_US, newest_us=newest)


def test_it_is_the_last_day_to_the_end_of_the_present_minute() -> None:
    assert shown() == AgentsWindow(END_US - DAY_US, END_US)


def test_a_young_store_is_shown_in_the_least_window_that_holds_it() -> None:
    for age, length in ((10 * MINUTE_US, HOUR_US), (3 * HOUR_US, 6 * HOUR_US), (20 * HOUR_US, DAY_US)):
        extent = Extent(9, NOW_US - age, NOW_US, 9)
        window = shown(extent=extent)
        assert (window.length_us, window.compared) == (length, False)
        assert shown(choice=WindowChoice(7 * DAY_US), extent=extent).length_us == 7 * DAY_US


def test_what_has_no_time_before_it_is_not_compared() -> None:
    assert not shown(extent=Extent(9, NOW_US - 30 * HOUR_US, NOW_US, 9)).compared
    assert shown(extent=Extent(9, NOW_US - 50 * HOUR_US, NOW_US, 9)).compared
    assert not shown(extent=Extent(0, None, None, 0), newest=None).compared


def test_it_ends_with_the_newest_call_where_there_was_none_lately() -> None:
    newest = NOW_US - 90 * DAY_US
    window = shown(newest=newest)
    assert window.kind == "newest"
    assert window.start_us < newest < window.end_us <= newest + MINUTE_US
    assert shown(newest=newest, choice=WindowChoice(present=True)).kind == "now"


def test_the_filters_times_come_first() -> None:
    chosen = WindowChoice(end_us=NOW_US - 5 * DAY_US)
    window = shown("since:2026-11-20T10:00:00Z before:2026-11-20T12:00:00Z", chosen)
    assert (window.length_us, window.kind, window.follows) == (2 * HOUR_US, "filter", False)
    assert shown("since:-3h").follows
    assert shown("before:2026-11-20T12:00:00Z").length_us == DAY_US
    assert shown(choice=chosen).end_us == chosen.end_us


def test_times_at_the_edge_of_the_calendar_do_no_harm() -> None:
    window = shown("since:0001-01-01T00:00:00Z")
    assert not window.compared
    assert window.usual[0] < window.usual[1]
    assert len(slice_edges(window)) <= MOST_SLICES + 2
    backwards = shown("since:2026-11-20T12:00:00Z before:2026-11-20T10:00:00Z")
    assert backwards.end_us == backwards.start_us + 1


def test_lengths_go_up_and_down() -> None:
    walked = [HOUR_US]
    while (longer := other_length(walked[-1], 1)) != walked[-1]:
        walked.append(longer)
    assert tuple(walked) == LENGTHS_US
    assert [other_length(one, -1) for one in LENGTHS_US] == [LENGTHS_US[0], *LENGTHS_US[:-1]]
    assert (other_length(2 * HOUR_US, 1), other_length(2 * HOUR_US, -1)) == (6 * HOUR_US, HOUR_US)
    assert other_length(400 * DAY_US, 1) == 400 * DAY_US


def test_lengths_are_said_as_people_say_them() -> None:
    assert [length_words(one) for one in LENGTHS_US] == ["1 h", "6 h", "24 h", "7 days", "30 days"]
    assert length_words(90 * MINUTE_US) == "90 min"


def test_the_window_is_said() -> None:
    def said(window: AgentsWindow, *, narrow: bool = False) -> str:
        return "".join(text for text, _ in title(window, utc=True, narrow=narrow))

    assert said(shown()) == "window last 24 h · compared with the 24 h before"
    assert said(shown(), narrow=True) == "last 24 h"
    moved = shown(choice=WindowChoice(end_us=NOW_US - DAY_US))
    assert said(moved) == "window 24 h to 2026-11-21 14:02 · compared with the 24 h before"
    assert said(shown("since:-90m")).startswith("window of the filter 90 min")


@given(st.integers(0, 2**51), st.integers(1, 10**16))
def test_slices_cover_the_window_without_a_gap(start: int, length: int) -> None:
    window = AgentsWindow(start, start + length)
    edges = slice_edges(window)
    assert (edges[0], edges[-1]) == (window.start_us, window.end_us)
    assert list(edges) == sorted(set(edges))
    assert len(edges) - 1 <= MOST_SLICES + 1


def test_a_day_is_cut_at_whole_hours() -> None:
    inner = slice_edges(shown())[1:-1]
    assert {edge % HOUR_US for edge in inner} == {0}
    assert len(inner) in (23, 24)


def test_heights_are_events_per_time() -> None:
    edges = (0, 50, 150, 250, 400)
    assert heights(edges, (10, 20, 0, 30), 8) == [80, 80, 80, 0, 0, 80, 80, 80]
    assert heights((0, 10), (0,), 3) == [0, 0, 0]
