"""The numbers around the list: when they are asked for, and that void answers are dropped."""

from __future__ import annotations

from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import FrozenClock
from tests.pilot.made_up_events import SECOND, made_up
from tui.live_figures import LiveFigures, answer_figures
from tui.rate_meter import RateMeter

ACME = Filter.of(Clause(Key.TENANT, ("acme",)))


def test_one_question_at_a_time_and_one_a_second() -> None:
    clock, service = FrozenClock(), FakeService(made_up(100))
    figures = LiveFigures(clock, 60)
    question = figures.due(utc=True)
    assert question is not None
    assert figures.due(utc=True) is None
    assert figures.absorb(answer_figures(service, question))
    assert figures.due(utc=True) is None
    clock.now_us += SECOND
    assert figures.due(utc=True) is not None


def test_a_slow_store_is_asked_more_rarely() -> None:
    clock, service = FrozenClock(), FakeService(made_up(100))
    figures = LiveFigures(clock, 60)
    question = figures.due(utc=True)
    assert question is not None
    answer = answer_figures(service, question)
    clock.now_us += SECOND
    figures.absorb(answer)
    clock.now_us += 19 * SECOND
    assert figures.due(utc=True) is None
    clock.now_us += SECOND
    assert figures.due(utc=True) is not None


def test_counts_are_of_the_filter_and_of_everything() -> None:
    service = FakeService(made_up(400))
    figures = LiveFigures(FrozenClock(), 60)
    figures.reset(ACME)
    question = figures.due(utc=True)
    assert question is not None
    figures.absorb(answer_figures(service, question))
    acme = sum(event.tenant_id == "acme" for event in made_up(400))
    assert figures.counts() == (acme, 400)
    assert figures.today is not None
    assert figures.today.events == acme


def test_an_answer_to_another_filter_is_void() -> None:
    service = FakeService(made_up(400))
    figures = LiveFigures(FrozenClock(), 60)
    question = figures.due(utc=True)
    assert question is not None
    figures.reset(ACME)
    assert not figures.absorb(answer_figures(service, question))
    assert not figures.known


def test_after_a_failure_the_same_is_asked_again_a_second_later() -> None:
    clock = FrozenClock()
    figures = LiveFigures(clock, 60)
    assert figures.due(utc=True) is not None
    figures.give_up()
    assert figures.due(utc=True) is None
    clock.now_us += SECOND
    assert figures.due(utc=True) is not None


def test_the_rate_is_an_average_of_the_last_ten_seconds() -> None:
    start = 1_000 * SECOND
    meter = RateMeter(start)
    assert meter.per_second(start) == 0
    meter.note(20, start + SECOND)
    assert meter.per_second(start + 2 * SECOND) == 10
    meter.note(80, start + 10 * SECOND)
    assert meter.per_second(start + 10 * SECOND) == 10
    assert meter.per_second(start + 15 * SECOND) == 8
    assert meter.per_second(start + 21 * SECOND) == 0
