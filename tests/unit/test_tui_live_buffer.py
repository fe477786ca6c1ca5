"""The rows in hand: base and arrivals, late marks, trimming, and what lies beyond the edges."""

from __future__ import annotations

from dataclasses import replace

from store.events import ERROR, EventSummary
from store.service import Page
from tests.pilot.made_up_events import FROZEN_US, SECOND, SHAPES, event_of, made_up
from tui.live_buffer import KEPT_READING, LATE_AFTER_US, LiveBuffer

FAILED = next(shape for shape in SHAPES if shape.status == "failure")


def event(seq: int, *, second: float | None = None) -> EventSummary:
    at = seq if second is None else second
    return event_of(SHAPES[0], seq=seq, ts_us=FROZEN_US + int(at * SECOND))


def page(*rows: EventSummary, older: bool = False, newer: bool = False) -> Page:
    return Page(rows, has_older=older, has_newer=newer)


def seqs(buffer: LiveBuffer) -> list[int]:
    return [buffer[index].seq for index in range(len(buffer))]


def following(*rows: EventSummary, older: bool = True) -> LiveBuffer:
    buffer = LiveBuffer()
    buffer.load(page(*rows, older=older), tail_seq=max((row.seq for row in rows), default=0))
    return buffer


def test_arrivals_are_appended_in_order_of_arrival() -> None:
    buffer = following(event(1), event(2))
    assert buffer.arrived([event(3, second=9), event(4, second=8)], 4) == 2
    assert seqs(buffer) == [1, 2, 3, 4]
    assert buffer.tail_seq == 4


def test_an_arrival_well_before_the_newest_is_late_and_one_just_before_is_not() -> None:
    buffer = following(event(10))
    edge = event(11, second=10 - LATE_AFTER_US / SECOND)
    close = event(12, second=10.001 - LATE_AFTER_US / SECOND)
    buffer.arrived([edge, close], 12)
    assert buffer.is_late(edge.id)
    assert not buffer.is_late(close.id)


def test_lateness_is_measured_against_arrivals_too() -> None:
    buffer = following(event(1))
    late = event(3, second=5)
    buffer.arrived([event(2, second=50), late], 3)
    assert buffer.is_late(late.id)


def test_an_arrival_that_the_page_has_already_is_not_shown_twice() -> None:
    buffer = following(event(1), event(2))
    assert buffer.arrived([event(2), event(3)], 3) == 1
    assert seqs(buffer) == [1, 2, 3]


def test_trimming_lets_go_of_the_oldest_and_remembers_that_there_are_more() -> None:
    buffer = following(*(event(n) for n in range(1, 6)), older=False)
    assert buffer.top_edge(10) == "end"
    assert buffer.trim(3) == 2
    assert seqs(buffer) == [3, 4, 5]
    assert buffer.top_edge(10) == "older"
    assert buffer.index_of(event(1).id) is None


def test_what_was_trimmed_can_be_read_again() -> None:
    buffer = following(*(event(n) for n in range(1, 6)))
    buffer.trim(3)
    assert buffer.older(page(event(1), event(2))) == 2
    assert seqs(buffer) == [1, 2, 3, 4, 5]
    assert buffer.top_edge(10) == "end"


def test_older_rows_that_are_among_the_arrivals_stay_there() -> None:
    buffer = following(event(5))
    buffer.arrived([event(6, second=2)], 6)
    assert buffer.older(page(event(1), event(6, second=2), event(3))) == 2
    assert seqs(buffer) == [1, 3, 5, 6]


def test_where_only_arrivals_are_left_the_top_needs_an_anchor() -> None:
    buffer = following(event(1))
    buffer.arrived([event(2), event(3)], 3)
    buffer.trim(2)
    assert buffer.top_edge(10) == "anchor"


def test_too_many_rows_before_arrivals_need_an_anchor() -> None:
    buffer = LiveBuffer()
    buffer.load(Page(tuple(made_up(KEPT_READING - 5)), has_older=True, has_newer=False), KEPT_READING)
    assert buffer.top_edge(10) == "older"
    buffer.arrived([event(KEPT_READING, second=1)], KEPT_READING)
    assert buffer.top_edge(10) == "anchor"
    assert buffer.top_edge(2) == "older"


def test_reading_back_lets_go_of_the_far_end_and_knows_that_it_is_there() -> None:
    rows = tuple(made_up(KEPT_READING + 10))
    buffer = LiveBuffer()
    buffer.load(Page(rows[10:], has_older=True, has_newer=False), KEPT_READING + 10)
    assert buffer.bottom_edge() == "arrivals"
    buffer.older(Page(rows[:10], has_older=False, has_newer=True))
    assert len(buffer) == KEPT_READING
    assert buffer[0].seq == 1
    assert buffer.bottom_edge() == "newer"


def test_reading_on_lets_go_of_the_near_end() -> None:
    rows = tuple(made_up(KEPT_READING + 10))
    buffer = LiveBuffer()
    buffer.load(Page(rows[:KEPT_READING], has_older=False, has_newer=True), None)
    assert buffer.newer(Page(rows[KEPT_READING:], has_older=True, has_newer=False)) == 10
    assert buffer[0].seq == 11
    assert buffer.top_edge(1) == "older"
    assert buffer.bottom_edge() == "end"


def test_in_history_something_new_lies_below_once_something_arrived() -> None:
    buffer = LiveBuffer()
    buffer.load(page(event(1)), None)
    assert buffer.bottom_edge() == "end"
    buffer.note_arrivals()
    assert buffer.bottom_edge() == "newer"


def test_an_empty_buffer_has_nothing_beyond_it_but_arrivals() -> None:
    buffer = following()
    assert (buffer.first, buffer.last) == (None, None)
    assert buffer.top_edge(10) == "end"
    assert buffer.bottom_edge() == "arrivals"


def test_trouble_is_found_in_both_directions() -> None:
    failed = [event_of(FAILED, seq=n, ts_us=FROZEN_US + n) for n in (2, 4)]
    rows = [replace(event(n), id=FROZEN_US * 4096 + n) for n in (1, 3, 5)]
    buffer = following(*sorted((*failed, *rows), key=lambda row: row.seq))
    assert buffer.find_trouble(0, ERROR, forward=True) == 1
    assert buffer.find_trouble(1, ERROR, forward=True) == 3
    assert buffer.find_trouble(3, ERROR, forward=True) is None
    assert buffer.find_trouble(3, ERROR, forward=False) == 1
