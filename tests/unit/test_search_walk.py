"""A walk tells what it has found while it goes on, and ends when it is called off."""

from __future__ import annotations

from itertools import pairwise

from store.events import EventSummary
from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from store.searching import Progress
from tests.pilot.fake_service import FakeService
from tests.pilot.made_up_events import made_up
from tui.search_walk import Steps, Walk

FAILED = Filter.of(Clause(Key.STATUS, ("failure",)))


class Patience:
    """Tells seconds: one more each time it is asked."""

    now = 0.0

    def __call__(self) -> float:
        """Return the next second."""
        self.now += 1.0
        return self.now


def service() -> FakeService:
    made = FakeService(made_up(3000))
    made.search.streaming = True
    return made


def test_what_was_found_is_told_in_parts_without_gap_or_repetition() -> None:
    asked = service()
    told: list[tuple[EventSummary, ...]] = []
    heard: list[Progress] = []

    def progress(one: Progress) -> bool:
        heard.append(one)
        return True

    end = Walk(asked.search, progress, Patience()).go(Steps(FAILED, None, 200), told.append)
    rows = [row for part in reversed(told) for row in part]
    failed = [event for event in made_up(3000) if event.status == "failure"]
    assert end.complete
    assert [*end.page.rows, *rows] == failed
    assert len(told) > 1
    assert all(one.found <= other.found for one, other in pairwise(heard))


def test_a_walk_to_younger_events_goes_on_at_the_last_one() -> None:
    told: list[tuple[EventSummary, ...]] = []
    steps = Steps(FAILED, None, 200, older=False)
    end = Walk(service().search, lambda _: True, Patience()).go(steps, told.append)
    failed = [event for event in made_up(3000) if event.status == "failure"]
    assert [*(row for part in told for row in part), *end.page.rows] == failed


def test_nothing_is_told_before_its_end_where_nobody_listens() -> None:
    end = Walk(service().search, lambda _: True, Patience()).go(Steps(FAILED, None, 5))
    assert end.complete
    assert len(end.page.rows) == 5
    assert end.page.has_older


def test_a_walk_that_is_called_off_keeps_what_it_has() -> None:
    end = Walk(service().search, lambda one: one.found < 3, lambda: 0.0).go(Steps(FAILED, None, 200))
    assert not end.complete
    assert 3 <= len(end.page.rows) < 200
