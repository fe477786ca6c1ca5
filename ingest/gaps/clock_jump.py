"""Notices that the wall clock was set, by a clock that cannot be."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ingest.gaps.event import CLOCK_JUMP, gap_event, iso, lasting
from store.events import NewEvent

LEAST_US: Final = 5_000_000
"""Less is what clocks are slewed by now and then."""
_US: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class ClockJump:
    """The wall clock went from one time to another at once. Both in UTC microseconds."""

    from_us: int
    to_us: int

    def event(self) -> NewEvent:
        """Return it as an event; its time is what the clock says since then."""
        by_s = (self.to_us - self.from_us) / _US
        way = "forward" if by_s > 0 else "back"
        return gap_event(
            CLOCK_JUMP,
            self.to_us,
            f"the clock was set {way} by {lasting(abs(by_s))}, from {iso(self.from_us)} to {iso(self.to_us)}",
            {"from": iso(self.from_us), "to": iso(self.to_us), "seconds": round(by_s, 3)},
            (self.from_us, self.to_us),
        )


class ClockWatch:
    """Compares two clocks from look to look."""

    def __init__(self, wall_us: Callable[[], int], steady_s: Callable[[], float]) -> None:
        """`wall_us` is the one that people see; `steady_s` only ever goes on, also while the machine sleeps."""
        self._wall_us = wall_us
        self._steady_s = steady_s
        self._last = (wall_us(), steady_s())

    def look(self) -> ClockJump | None:
        """Return what happened to the wall clock since the last look; None: nothing."""
        wall_us, steady_s = self._wall_us(), self._steady_s()
        before_us, before_s = self._last
        self._last = (wall_us, steady_s)
        expected_us = before_us + round((steady_s - before_s) * _US)
        return ClockJump(expected_us, wall_us) if abs(wall_us - expected_us) >= LEAST_US else None


def steady_seconds() -> float:
    """Return seconds of a clock that nobody can set and that goes on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
