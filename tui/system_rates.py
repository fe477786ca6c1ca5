"""What follows from comparing one answer about health with those before it: rates, processor share, usual lag."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.health import Health

SPAN_US: Final = 10_000_000
"""Rates are averages over so long."""
LAG_SAMPLES: Final = 600
LEAST_SAMPLES: Final = 20
"""Fewer lags than this have no 95th percentile worth the name."""
_LEAST_US: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Rates:
    """`cpu_percent` of one core. None: not known yet."""

    cpu_percent: float | None = None
    lag_p95_ms: int | None = None
    per_second: Mapping[int, float] = field(default_factory=dict[int, float])
    """Events a second by folder number; a folder that is not there: not known yet."""


def is_backlog(lag_ms: int, stored_us: int | None, started_us: int | None) -> bool:
    """Return whether a lag only says how old a file was: it had changed before there was a scanner to read it."""
    return stored_us is not None and started_us is not None and stored_us - lag_ms * 1000 < started_us


def last_stored_us(health: Health) -> int | None:
    """Return when something was last stored, UTC microseconds; None: never, or the scope may not know."""
    return max((one.last_event_us for one in health.sources if one.last_event_us is not None), default=None)


@dataclass(frozen=True, slots=True)
class _Sample:
    at_us: int
    pid: int | None
    cpu_us: int
    events: Mapping[int, int]


class RateKeeper:
    """Takes one answer after another."""

    def __init__(self) -> None:
        """Start with none."""
        self._samples: deque[_Sample] = deque()
        self._lags: deque[int] = deque(maxlen=LAG_SAMPLES)
        self._stored = -1

    def note(self, health: Health, now_us: int) -> Rates:
        """Return what is known with this answer."""
        scanner = health.scanner
        events = {source.folder_no: source.events for source in health.sources}
        self._samples.append(_Sample(now_us, scanner.pid, scanner.cpu_us, events))
        while len(self._samples) > 2 and self._samples[1].at_us <= now_us - SPAN_US:  # noqa: PLR2004 (one to compare with)
            self._samples.popleft()
        if scanner.lag_ms is not None and health.store.events != self._stored:
            self._stored = health.store.events
            if not is_backlog(scanner.lag_ms, last_stored_us(health), scanner.started_us):
                self._lags.append(scanner.lag_ms)
        return Rates(self._cpu(health, now_us), self._p95(), self._per_second())

    def _cpu(self, health: Health, now_us: int) -> float | None:
        scanner, first, last = health.scanner, self._samples[0], self._samples[-1]
        if not scanner.running:
            return None
        spent, span = last.cpu_us - first.cpu_us, last.at_us - first.at_us
        if span < _LEAST_US or spent < 0 or first.pid != last.pid:
            if scanner.started_us is None:
                return None
            spent, span = scanner.cpu_us, max(now_us - scanner.started_us, _LEAST_US)
        return 100 * spent / span

    def _p95(self) -> int | None:
        if len(self._lags) < LEAST_SAMPLES:
            return None
        return sorted(self._lags)[math.ceil(0.95 * len(self._lags)) - 1]

    def _per_second(self) -> Mapping[int, float]:
        first, last = self._samples[0], self._samples[-1]
        span = last.at_us - first.at_us
        if span < _LEAST_US:
            return {}
        return {
            number: max(events - first.events[number], 0) * 1_000_000 / span
            for number, events in last.events.items()
            if number in first.events
        }
