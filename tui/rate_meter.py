"""How many events a second arrived of late."""

from __future__ import annotations

from collections import deque
from typing import Final

_SPAN_US: Final = 10_000_000
_LEAST_US: Final = 1_000_000


class RateMeter:
    """Averages over the last ten seconds, or over the time since it was started where that is less."""

    def __init__(self, now_us: int) -> None:
        """Start counting."""
        self._started_us = now_us
        self._noted: deque[tuple[int, int]] = deque()

    def note(self, events: int, now_us: int) -> None:
        """Count events that arrived just now."""
        self._noted.append((now_us, events))
        self._forget(now_us)

    def _forget(self, now_us: int) -> None:
        while self._noted and self._noted[0][0] < now_us - _SPAN_US:
            self._noted.popleft()

    def per_second(self, now_us: int) -> float:
        """Return the average."""
        self._forget(now_us)
        span_us = min(max(now_us - self._started_us, _LEAST_US), _SPAN_US)
        return sum(events for _, events in self._noted) * 1_000_000 / span_us
