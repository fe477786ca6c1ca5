"""The row ids of a search, cut into windows that take about as long as an eye takes to notice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Executable, select
from sqlmodel import col

from store.ids import SEQ_BITS
from store.query.access import Access
from store.tables import Event

AIM_S: Final = 0.03
"""What a window should take."""
_LIMIT_S: Final = 0.08
"""What a window may take before it is given up and cut smaller."""
_ASKED_S: Final = 0.04
"""So often it is asked whether all was called off while one window takes long."""
_FIRST: Final = 3_600_000 << SEQ_BITS
"""An hour: the first window."""
_LEAST: Final = 1 << SEQ_BITS
"""A millisecond: it is not cut any smaller."""
_GROWTH: Final = 8.0

_TRIED_AGAIN: Final = 16
"""After so many windows the slower way is tried once more: what lies there may be of another kind."""

Ask = Callable[[int, int], Executable]
"""Makes the statement for the row ids in [first, end)."""


@dataclass(frozen=True, slots=True)
class Window:
    """What was asked of the row ids in [first, end), and the answer's rows."""

    first: int
    end: int
    rows: list[tuple[Any, ...]]


def extent(access: Access) -> tuple[int, int]:
    """Return between which row ids, half open, events lie, to the end of the newest's millisecond.

    An empty store has none: both are 0.
    """
    ends = [access.fetch(select(col(Event.id)).order_by(by).limit(1)) for by in (col(Event.id), col(Event.id).desc())]
    return (ends[0][0][0], (ends[1][0][0] >> SEQ_BITS) + 1 << SEQ_BITS) if ends[0] and ends[1] else (0, 0)


def windows(
    access: Access, ways: Sequence[Ask], within: tuple[int, int], called_off: Callable[[], bool], *, back: bool
) -> Iterator[Window]:
    """Yield windows of row ids in [first, end) with what was found there, one beside the other, the newest first.

    Without `back` the oldest first. All `ways` of asking have the same answer; the fastest is found out on the way.
    `called_off` is asked while one window takes long; then no more are yielded.
    """
    first, end = within
    paces = [_Pace(way) for way in ways]
    stop = _Stop(called_off)
    number = 0
    while first < end:
        pace = _next_pace(paces, number)
        cut = max(first, end - int(pace.size)) if back else min(end, first + int(pace.size))
        window = (cut, end) if back else (first, cut)
        begun = time.monotonic()
        stop.until = begun + _LIMIT_S if pace.size > _LEAST else None
        rows = access.fetch_unless(pace.ask(*window), stop)
        if stop.is_off or access.is_closing:
            return
        pace.learn(window[1] - window[0], time.monotonic() - begun, given_up=rows is None)
        if rows is not None:
            yield Window(*window, rows)
            first, end = (first, cut) if back else (cut, end)
            number += 1


def _next_pace(paces: Sequence[_Pace], number: int) -> _Pace:
    """Return the way to ask next: each once, then the cheapest, and now and then the dearest."""
    known = sorted(paces, key=lambda pace: pace.cost)
    return known[-1] if number % _TRIED_AGAIN == _TRIED_AGAIN - 1 and not known[-1].gave_up else known[0]


class _Pace:
    """How large the windows of one way of asking may be."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.size = float(_FIRST)
        self.cost = 0.0
        """Seconds for each row id; 0: not tried yet."""
        self.gave_up = False

    def learn(self, asked: int, taken_s: float, *, given_up: bool) -> None:
        """Take note of a window of `asked` row ids."""
        taken_s = max(taken_s, 1e-4)
        self.cost = taken_s / asked * (_GROWTH if given_up else 1)
        self.gave_up = given_up
        if given_up:
            self.size = max(self.size / _GROWTH, _LEAST)
        elif asked >= self.size / 2 or taken_s > AIM_S:  # the last one, which is cut short, tells little
            self.size = max(self.size * min(max(AIM_S / taken_s, 1 / _GROWTH), _GROWTH), _LEAST)


class _Stop:
    """Whether a statement has to stop: its time is over, or all was called off."""

    def __init__(self, called_off: Callable[[], bool]) -> None:
        self.until: float | None = None
        self.is_off = False
        self._called_off = called_off
        self._asked = time.monotonic()

    def __call__(self) -> bool:
        now = time.monotonic()
        if now - self._asked > _ASKED_S:
            self._asked = now
            self.is_off = self._called_off()
        return self.is_off or (self.until is not None and now > self.until)
