"""Noticing arrivals: one answer a question, none without a change."""

from __future__ import annotations

from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from store.service import Arrivals
from tests.pilot.fake_service import FakeService
from tests.pilot.made_up_events import FROZEN_US, SHAPES, event_of, made_up
from tui.arrival_poller import ArrivalPoller, TailQuestion

AGENT = Filter.of(Clause(Key.AGENT, ("nobody",)))


class Heard:
    """Remembers answers."""

    def __init__(self) -> None:
        """Start with none."""
        self.answers: list[tuple[TailQuestion, Arrivals]] = []

    def __call__(self, question: TailQuestion, arrivals: Arrivals) -> None:
        """Remember one."""
        self.answers.append((question, arrivals))


def add(service: FakeService, seq: int) -> None:
    service.append([event_of(SHAPES[0], seq=seq, ts_us=FROZEN_US + seq)])


def test_without_a_question_nothing_is_asked() -> None:
    heard = Heard()
    assert not ArrivalPoller(FakeService(made_up(3)), heard).step()
    assert heard.answers == []


def test_a_fresh_question_is_asked_without_a_change() -> None:
    heard = Heard()
    poller = ArrivalPoller(FakeService(made_up(3)), heard)
    poller.put(TailQuestion(Filter(), 1, 10, fresh=True))
    assert poller.step()
    assert [row.seq for row in heard.answers[0][1].rows] == [2, 3]


def test_a_question_is_answered_once_until_the_next_is_put() -> None:
    heard = Heard()
    service = FakeService(made_up(3))
    poller = ArrivalPoller(service, heard)
    poller.put(TailQuestion(Filter(), 1, 10, fresh=True))
    assert poller.step()
    add(service, 4)
    assert not poller.step()
    poller.put(TailQuestion(Filter(), 3, 10))
    assert poller.step()
    assert [row.seq for row in heard.answers[1][1].rows] == [4]


def test_nothing_new_is_no_answer_and_is_not_asked_twice() -> None:
    heard = Heard()
    service = FakeService(made_up(3))
    poller = ArrivalPoller(service, heard)
    poller.put(TailQuestion(Filter(), 3, 10, fresh=True))
    assert not poller.step()
    assert not poller.step()
    assert heard.answers == []
    add(service, 4)
    assert poller.step()


def test_arrivals_that_do_not_match_still_move_the_tail() -> None:
    heard = Heard()
    service = FakeService(made_up(3))
    poller = ArrivalPoller(service, heard)
    poller.put(TailQuestion(AGENT, 1, 10, fresh=True))
    assert poller.step()
    answer = heard.answers[0][1]
    assert (answer.matched, answer.last_seq) == (0, 3)


def test_it_ends_when_told() -> None:
    turns = iter([False, False, True])
    ArrivalPoller(FakeService(), Heard()).run(lambda: next(turns))
    assert next(turns, None) is None
