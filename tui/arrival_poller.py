"""Notices arrivals: asks the store for them whenever its change token differs. Runs in a thread; knows no screen."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.filters.model import Filter
    from store.service import Arrivals, QueryService

POLL_S: Final = 0.05
"""Seconds between two looks at the change token; also how often arrivals are painted at most."""


@dataclass(frozen=True, slots=True, eq=False)
class TailQuestion:
    """What arrived after `after_seq`? Compared by identity: an answer counts only for the question that is current.

    `fresh` questions are asked even where the token has not changed.
    """

    what: Filter
    after_seq: int
    limit: int
    fresh: bool = False


class ArrivalPoller:
    """Answers the current question once, then waits until the screen has put the next one: so answers never pile up."""

    def __init__(self, service: QueryService, answer: Callable[[TailQuestion, Arrivals], None]) -> None:
        """Call `answer` (from the polling thread) with every answer that says something."""
        self._service = service
        self._answer = answer
        self._question: TailQuestion | None = None
        self._asked: TailQuestion | None = None
        self._answered: TailQuestion | None = None
        self._token: int | None = None
        self._pause = threading.Event()

    def put(self, question: TailQuestion) -> None:
        """Ask this from now on. Safe from any thread."""
        self._question = question

    def step(self) -> bool:
        """Look once; return whether there was something to answer."""
        question = self._question
        if question is None or question is self._answered:
            return False
        token = self._service.change_token()
        if token == self._token and (not question.fresh or question is self._asked):
            return False
        self._token = token
        self._asked = question
        arrivals = self._service.arrivals(question.what, question.after_seq, question.limit)
        if arrivals.last_seq == question.after_seq and not arrivals.matched:
            return False
        self._answered = question
        self._answer(question, arrivals)
        return True

    def run(self, is_over: Callable[[], bool]) -> None:
        """Look every `POLL_S` until `is_over`; raises what the service raises."""
        while not is_over():
            self.step()
            self._pause.wait(POLL_S)
