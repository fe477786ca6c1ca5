"""How stretches of time are put together out of whole days, whole hours, and what is left over at their edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from store.rollups.ids import DAY_US, HOUR_US, Level, period_of

_END_US = 1 << 62
_END_HOUR = period_of(Level.HOUR, _END_US)
_END_DAY = period_of(Level.DAY, _END_US)
"""The last period, like the first, also holds what lies outside of it, so neither is ever taken as a whole."""


@dataclass(frozen=True, slots=True)
class Piece:
    """[first, end) of a stretch: numbers of periods, or UTC microseconds."""

    stretch: int
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The pieces of all stretches: periods of each level, and odd pieces in microseconds, each in order of time."""

    days: list[Piece] = field(default_factory=list[Piece])
    hours: list[Piece] = field(default_factory=list[Piece])
    odd: list[Piece] = field(default_factory=list[Piece])


def clipped(edges: Sequence[int], since_us: int | None, before_us: int | None) -> list[Piece]:
    """Return the stretches between edges, within [since_us, before_us); those of which nothing is left are missing."""
    pieces: list[Piece] = []
    for stretch, (start_us, end_us) in enumerate(pairwise(edges)):
        first = start_us if since_us is None else max(start_us, since_us)
        end = end_us if before_us is None else min(end_us, before_us)
        if first < end:
            pieces.append(Piece(stretch, first, end))
    return pieces


def plan(stretches: Sequence[Piece]) -> Plan:
    """Return which days, hours and odd pieces make up these stretches (in microseconds)."""
    planned = Plan()
    for one in stretches:
        first = max(-(-one.first // HOUR_US), 1)
        end = min(one.end // HOUR_US, _END_HOUR)
        if first >= end:
            planned.odd.append(one)
            continue
        _put(planned.odd, one.stretch, one.first, first * HOUR_US)
        _put_hours(planned, one.stretch, first, end)
        _put(planned.odd, one.stretch, end * HOUR_US, one.end)
    return planned


def _put_hours(planned: Plan, stretch: int, first: int, end: int) -> None:
    per_day = DAY_US // HOUR_US
    first_day, end_day = max(-(-first // per_day), 1), min(end // per_day, _END_DAY)
    if first_day >= end_day:
        planned.hours.append(Piece(stretch, first, end))
        return
    _put(planned.hours, stretch, first, first_day * per_day)
    _put(planned.days, stretch, first_day, end_day)
    _put(planned.hours, stretch, end_day * per_day, end)


def _put(into: list[Piece], stretch: int, first: int, end: int) -> None:
    if first < end:
        into.append(Piece(stretch, first, end))
