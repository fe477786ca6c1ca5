"""How far a replay is, told often enough for an eye and seldom enough for the processor."""

from __future__ import annotations

import time
from bisect import bisect_right
from itertools import accumulate
from typing import Final

from store.filters.model import Filter
from store.ids import end_id_at, first_id_at, time_of_id
from store.query.access import Access
from store.query.numbers import Numbers
from store.replay.model import Replayed, ReplayQuestion, Watch
from store.search.windows import extent

_BETWEEN_S: Final = 0.05
_SLICES: Final = 400
"""Parts of the time for which it is known beforehand how many events they have."""


class Pacing:
    """Counts what was done of one question, and asks its `watch` whether to go on."""

    def __init__(self, access: Access, numbers: Numbers, question: ReplayQuestion, watch: Watch) -> None:
        """Find out what lies before it."""
        oldest, newest = extent(access)
        first = oldest if question.since_us is None else max(oldest, first_id_at(question.since_us))
        end = newest if question.until_us is None else min(newest, end_id_at(question.until_us))
        self.within: Final = (first, max(first, end))
        """Row ids, half open, between which all of it lies."""
        self.found = 0
        self.replayed = 0
        self._watch: Final = watch
        self._access: Final = access
        self._examined = 0
        self._told_at: float | None = None
        self._is_off = False
        self._starts_us, self._sums = self._course(numbers)

    def _course(self, numbers: Numbers) -> tuple[list[int], list[int]]:
        """Return the beginnings of parts of the time, and how many events lie before each; the last is of all."""
        start_us, end_us = time_of_id(self.within[0]), time_of_id(self.within[1])
        if start_us >= end_us:
            return [start_us], [0]
        drawn = numbers.histogram(Filter(), start_us, end_us, _SLICES)
        starts = [start_us + (end_us - start_us) * place // _SLICES for place in range(_SLICES + 1)]
        return starts, list(accumulate((part.events for part in drawn.slices), initial=0))

    def now(self, *, complete: bool = False) -> Replayed:
        """Return how far it is."""
        events = self._sums[-1]
        return Replayed(events if complete else self._examined, events, self.found, self.replayed, complete)

    def reached(self, row_id: int, done: int, passes: int) -> None:
        """Take note that one more look, after `done` of so many, has come as far as a row id."""
        place = max(bisect_right(self._starts_us, time_of_id(row_id)) - 1, 0)
        self._examined = (done * self._sums[-1] + self._sums[place]) // passes

    def looked_through(self, places: int) -> None:
        """Take note that so many of the places that were found were looked at while they were handed on."""
        self._examined = round(self._sums[-1] * places / max(self.found, 1))

    def is_called_off(self) -> bool:
        """Tell how far it is, unless that was done just now; return whether to stop."""
        now = time.monotonic()
        if self._told_at is None or now - self._told_at > _BETWEEN_S:
            self._told_at = now
            self._is_off = self._is_off or not self._watch(self.now())
        return self._is_off or self._access.is_closing
