"""Answers that are asked for every second but may cost more than that: found anew at most a twentieth of the time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final, Generic, TypeVar

Answer = TypeVar("Answer")

_SHARE: Final = 20
"""After an answer took so long, it holds for so many times as long."""
_FREE_S: Final = 0.02
"""What takes no longer than this is found anew each time."""


class Paced(Generic[Answer]):
    """One answer and how long it holds. Safe to use from any thread."""

    def __init__(self, find: Callable[[], Answer], now_s: Callable[[], float] = time.monotonic) -> None:
        """Find answers with `find`; `now_s` tells seconds."""
        self._find = find
        self._now_s = now_s
        self._lock = threading.Lock()
        self._held: tuple[Answer, float] | None = None

    def get(self) -> Answer:
        """Return the answer, found just now or a little earlier; whatever `find` raises."""
        with self._lock:
            started = self._now_s()
            if self._held is not None and started < self._held[1]:
                return self._held[0]
            answer = self._find()
            ended = self._now_s()
            cost = ended - started
            self._held = (answer, ended + (_SHARE * cost if cost > _FREE_S else 0.0))
            return answer
