"""The hour in slices: edges stand still, and only the last slices are asked for again."""

from __future__ import annotations

import random

from store.filters.model import Filter
from tests.pilot.fake_service import FakeService
from tests.pilot.made_up_events import FROZEN_US, MINUTE, SECOND, made_up
from tui.histogram_window import WINDOW_US, HistogramWindow


def update(window: HistogramWindow, service: FakeService, now_us: int) -> int:
    asked = window.ask(now_us)
    window.absorb(service.histogram(Filter(), asked.start_us, asked.end_us, asked.slices), now_us)
    return asked.slices


def test_the_window_is_an_hour_and_ends_with_the_present_slice() -> None:
    window = HistogramWindow(120)
    span = window.span(FROZEN_US)
    assert span.end_us - span.start_us == WINDOW_US
    assert span.start_us % window.slice_us == 0
    assert span.start_us <= FROZEN_US < span.end_us


def test_edges_stand_still_while_time_passes() -> None:
    window = HistogramWindow(120)
    edges = {window.span(FROZEN_US + second * SECOND).start_us % window.slice_us for second in range(300)}
    assert edges == {0}


def test_small_questions_give_what_a_whole_one_would() -> None:
    events = list(made_up(4000, end_us=FROZEN_US + 30 * MINUTE, step_us=SECOND))
    window = HistogramWindow(120)
    service = FakeService()
    dice = random.Random(5)
    now_us = FROZEN_US
    asked: list[int] = []
    while now_us < FROZEN_US + 90 * SECOND:
        service.append(event for event in events if event.ts_us <= now_us and service.extent().last_seq < event.seq)
        asked.append(update(window, service, now_us))
        now_us += dice.randrange(SECOND, 20 * SECOND)
        span = window.span(now_us)
        update(window, service, now_us)
        whole = service.histogram(Filter(), span.start_us, span.end_us, span.slices)
        assert window.tallies(now_us) == whole.slices
    assert asked[0] == 120
    assert max(asked[1:]) < 10


def test_late_arrivals_are_found_by_asking_for_everything_now_and_then() -> None:
    window = HistogramWindow(60)
    service = FakeService()
    assert update(window, service, FROZEN_US) == 60
    service.append(made_up(10, end_us=FROZEN_US - 20 * MINUTE))
    assert update(window, service, FROZEN_US + 5 * SECOND) < 60
    assert sum(tally.events for tally in window.tallies(FROZEN_US + 5 * SECOND)) == 0
    assert update(window, service, FROZEN_US + 121 * SECOND) == 60
    assert sum(tally.events for tally in window.tallies(FROZEN_US + 121 * SECOND)) == 10


def test_an_arrival_in_an_earlier_slice_has_all_asked_anew_and_one_beyond_the_hour_has_not() -> None:
    window = HistogramWindow(60)
    service = FakeService()
    update(window, service, FROZEN_US)
    window.note([FROZEN_US, FROZEN_US - WINDOW_US - MINUTE], FROZEN_US)
    assert window.ask(FROZEN_US).slices < 60
    window.note([FROZEN_US - 20 * MINUTE], FROZEN_US)
    assert window.ask(FROZEN_US).slices == 60


def test_after_a_long_sleep_everything_is_asked_again() -> None:
    window = HistogramWindow(60)
    service = FakeService()
    update(window, service, FROZEN_US)
    assert window.ask(FROZEN_US + 3 * WINDOW_US).slices == 60
