"""Telling one target what waits for it: a try at a time, and when the next one is worth it."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from detect.notify.command import running
from store.clock import now_us

if TYPE_CHECKING:
    from config.alerts import NotifyTarget
    from detect.notify.outcome import Outcome, Send
    from store.alerts.notice_queue import NoticeQueue, Taken

FIRST_PAUSE_S: Final = 5.0
LONGEST_PAUSE_S: Final = 900.0
"""After a failure a target is left alone, each time for twice as long."""
GIVE_UP_S: Final = 86_400.0
"""What could not be told for so long is not told any more."""
LOOK_EVERY_S: Final = 1.0
_MARGIN_S: Final = 60.0
"""For so much longer than a try may take a notice stays taken: names may be slow to look up."""
_SECOND_US: Final = 1_000_000


def sender_of(target: NotifyTarget, environ: Mapping[str, str] = os.environ, clock: Callable[[], int] = now_us) -> Send:
    """Return what tells a target something."""
    if target.webhook is None:
        return running(target, environ)
    from detect.notify.webhook import posting  # noqa: PLC0415 (what HTTP and TLS take is loaded where it is needed)

    return posting(target, clock)


class Delivery:
    """Tells one target. `clock` gives UTC microseconds, `chance` numbers from 0 to 1."""

    def __init__(
        self,
        target: NotifyTarget,
        queue: NoticeQueue,
        send: Send,
        *,
        clock: Callable[[], int] = now_us,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Prepare; nothing is told yet."""
        self._identity = target.identity
        self._held_us = int((target.timeout_s + _MARGIN_S) * _SECOND_US)
        self._queue = queue
        self._send = send
        self._clock = clock
        self._chance = chance
        self._failures = 0
        self._rests_until_us = 0
        self._unwritten: Callable[[], None] | None = None
        """What came of the last try, where the store could not be told."""

    def step(self) -> float:
        """Tell one notice that is due, if one is; return for how many seconds nothing more has to be done.

        Raises:
            StoreError: the store cannot be used now. What came of the last try is written down in the next step.
        """
        self._write_down()
        now = self._clock()
        rest_s = (self._rests_until_us - now) / _SECOND_US
        if 0 < rest_s <= GIVE_UP_S:  # more than it can be: the clock was set back
            return min(LOOK_EVERY_S, rest_s)
        taken = self._queue.take(self._identity, now, now + self._held_us)
        if taken is None:
            return LOOK_EVERY_S
        began_ns = time.monotonic_ns()
        outcome = self._send(taken.payload)
        took_ms = (time.monotonic_ns() - began_ns) // 1_000_000
        self._unwritten = self._consequence(taken, outcome, took_ms)
        self._write_down()
        return 0.0

    def _write_down(self) -> None:
        if self._unwritten is not None:
            self._unwritten()
            self._unwritten = None

    def _consequence(self, taken: Taken, outcome: Outcome, took_ms: int) -> Callable[[], None]:
        """Decide when this target is tried next, and return what has to be written down."""
        now, error = self._clock(), outcome.error
        if error is None:
            self._failures = 0
            return lambda: self._queue.told(taken, now, took_ms)
        if outcome.for_good:
            # About this one notice, or about the settings: the next one need not wait for it.
            self._rests_until_us = now + _SECOND_US
            return lambda: self._queue.give_up(taken, now, took_ms, error)
        self._failures += 1
        asked_s = min(outcome.wait_s or 0.0, GIVE_UP_S)
        next_us = now + int(max(self._pause_s(self._failures), asked_s) * _SECOND_US)
        self._rests_until_us = next_us
        oldest_us = next_us - int(GIVE_UP_S * _SECOND_US)

        def put_off() -> None:
            self._queue.put_off(taken, next_us, took_ms, error)
            self._queue.give_up_older(self._identity, oldest_us, now, f"{error}; given up after a day")

        return put_off

    def _pause_s(self, failures: int) -> float:
        """Return the pause after so many failures in a row: half of it by chance, so that many do not come at once."""
        whole = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(failures - 1, 30))
        return whole * (0.5 + self._chance() / 2)
