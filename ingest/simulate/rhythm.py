"""How busy the platform is: by day and week over a long history, in small waves while it is watched."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from math import sin, tau
from random import Random
from typing import Final

from ingest.simulate.stage import MS, SECOND

_HOUR_WEIGHTS: Final = (
    *(0.18, 0.14, 0.12, 0.12, 0.14, 0.22, 0.42, 0.85, 1.55, 2.05, 2.2, 2.1),
    *(1.7, 1.95, 2.15, 2.05, 1.8, 1.4, 0.9, 0.62, 0.5, 0.42, 0.32, 0.24),
)
_WEEKDAY_WEIGHTS: Final = (1.1, 1.15, 1.2, 1.15, 1.0, 0.3, 0.25)
_SLICE_US: Final = 15 * 60 * SECOND
_HOUR_US: Final = 3_600 * SECOND
_DAY_US: Final = 24 * _HOUR_US
_EPOCH_WEEKDAY: Final = 3
"""1 January 1970 was a Thursday, counted from Monday = 0."""

_RUSH_US: Final = 600 * SECOND
_RUSH_LENGTH_US: Final = 170 * SECOND
_RUSH_SHARE: Final = 0.4
_RUSH_GAIN: Final = 0.8
_CALM: Final = 0.9
"""Keeps the mean near 1 with the rushes counted in."""


def office_weight(at_us: int) -> float:
    """Return how busy this hour of the week is in UTC; about 1 on average."""
    weekday = (at_us // _DAY_US + _EPOCH_WEEKDAY) % 7
    return _HOUR_WEIGHTS[at_us % _DAY_US // _HOUR_US] * _WEEKDAY_WEIGHTS[weekday]


class Calendar:
    """Turns a share of all work (0 to 1) into the time by which that share is done, along the office rhythm."""

    def __init__(self, start_us: int, end_us: int, seed: int) -> None:
        """Cover [start_us, end_us), beginning at a whole millisecond; a seed makes no two days quite alike."""
        dice = Random(f"{seed}:{start_us}:calendar")
        slices = max(1, -(-(end_us - start_us) // _SLICE_US))
        self._start_us: Final = start_us
        self._end_us: Final = end_us
        self._slice_us: Final = (end_us - start_us) / slices
        weights = (
            office_weight(start_us + int((index + 0.5) * self._slice_us)) * dice.uniform(0.75, 1.25)
            for index in range(slices)
        )
        self._done: Final = list(accumulate(weights))

    def time_at(self, share: float) -> int:
        """Return when `share` of the work is done: UTC microseconds, whole milliseconds, before the end."""
        wanted = share * self._done[-1]
        index = min(bisect_left(self._done, wanted), len(self._done) - 1)
        before = self._done[index - 1] if index else 0.0
        part = (wanted - before) / (self._done[index] - before)
        at_us = self._start_us + int((index + part) * self._slice_us)
        return max(min(at_us, self._end_us - MS) // MS * MS, self._start_us)


class Waves:
    """The rhythm of a platform that is watched live: slow waves, and a rush of three minutes now and then."""

    def __init__(self, seed: int) -> None:
        """Place the waves by a seed; they depend on the clock alone, not on when somebody begins to watch."""
        self._seed: Final = seed
        self._phase: Final = Random(seed).random() * tau
        self._rush_slot = -1
        self._rush_from_us: int | None = None

    def weight(self, at_us: int) -> float:
        """Return how busy this moment is; about 1 on average."""
        minutes = at_us / (60 * SECOND)
        waves = 0.16 * sin(minutes / 7 * tau + self._phase) + 0.09 * sin(minutes / 2.3 * tau)
        return _CALM + waves + (_RUSH_GAIN if self._in_rush(at_us) else 0.0)

    def _in_rush(self, at_us: int) -> bool:
        slot = at_us // _RUSH_US
        if slot != self._rush_slot:
            dice = Random(f"{self._seed}:{slot}:rush")
            offset = int(dice.random() * (_RUSH_US - _RUSH_LENGTH_US))
            self._rush_slot = slot
            self._rush_from_us = slot * _RUSH_US + offset if dice.random() < _RUSH_SHARE else None
        return self._rush_from_us is not None and 0 <= at_us - self._rush_from_us < _RUSH_LENGTH_US
