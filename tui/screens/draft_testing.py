"""What the dialog that drafts a rule asks of history, in a worker thread that can be called off."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.message import Message

from detect.backtest.running import back_test
from detect.rules.model import RuleSet
from store.errors import StoreError

if TYPE_CHECKING:
    from textual.screen import Screen

    from detect.backtest.model import BackTest, SoFar
    from detect.rules.model import Rule
    from store.service import QueryService


@dataclass
class TestedOn(Message):
    """A back-test has come so far."""

    testing: SoFar


@dataclass
class Tested(Message):
    """A back-test is over, or was called off."""

    test: BackTest


@dataclass
class NotTested(Message):
    """A back-test has failed."""

    reason: str


class HistoryTest:
    """One back-test for one screen, which gets messages."""

    def __init__(self, screen: Screen[Any], service: QueryService) -> None:
        """Ask `service` for `screen`."""
        self._screen = screen
        self._service = service
        self._stop = threading.Event()
        self._going = False

    @property
    def is_going(self) -> bool:
        """Whether it has begun and nothing was heard of its end."""
        return self._going

    def begin(self, rule: Rule, since_us: int) -> None:
        """Begin; events stated from `since_us` (UTC microseconds) on are looked at."""
        self._going = True
        work = lambda: self._run(rule, since_us)  # noqa: E731 (the worker takes no arguments)
        self._screen.run_worker(work, thread=True, exit_on_error=False, group="test")

    def call_off(self) -> None:
        """Have it stop within moments; what was found until then is told."""
        self._stop.set()

    def is_over(self) -> None:
        """Take note of its end."""
        self._going = False

    def _run(self, rule: Rule, since_us: int) -> None:
        def watch(testing: SoFar) -> bool:
            if not self._stop.is_set():
                self._screen.post_message(TestedOn(testing))
            return not self._stop.is_set()

        try:
            test = back_test(RuleSet((rule,)), rule, self._service, watch, since_us=since_us)
        except StoreError as error:
            self._screen.post_message(NotTested(str(error)))
        else:
            self._screen.post_message(Tested(test))
