"""The time scale of a thread's waterfall: from times to cells. Long pauses are folded, so that work stays visible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tui.format import MICROS, duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from store.threads.model import ThreadRow

_FOLDED_CELLS: Final = 3
_LEAST_FOLDED_US: Final = 10 * MICROS
"""A pause shorter than this is never folded."""
_FOLDED_SHARE: Final = 0.2
"""A pause is folded where it would take more of the scale than this."""
_MOST_FOLDED: Final = 6
_STEPS_US: Final = tuple(
    factor * unit
    for unit, factors in (
        (1_000, (1, 2, 5, 10, 20, 50, 100, 200, 500)),
        (MICROS, (1, 2, 5, 10, 15, 30)),
        (60 * MICROS, (1, 2, 5, 10, 15, 30)),
        (3_600 * MICROS, (1, 2, 4, 8, 24, 48, 168)),
    )
    for factor in factors
)
_DAY_US: Final = 86_400 * MICROS
_UNITS: Final = (("s", MICROS, 120), ("min", 60 * MICROS, 120), ("h", 3_600 * MICROS, 48))
"""A unit's name, its microseconds, and of how many on the next one is used."""
_TICK_CELLS: Final = 9
"""Cells between two ticks at least."""


@dataclass(frozen=True, slots=True)
class Axis:
    """`knots` are times and the cells they stand at, both growing; between them the scale is even."""

    width: int
    knots: tuple[tuple[int, float], ...]
    origin_us: int = 0
    """The time that is written as 0: the thread's beginning, wherever the scale begins."""
    folded: tuple[tuple[int, int], ...] = ()
    """The pauses that are drawn shorter than they were: from when to when."""

    def at(self, ts_us: int) -> float:
        """Return the place of a time, from 0 to `width`."""
        before = self.knots[0]
        for knot in self.knots:
            if ts_us <= knot[0]:
                span = knot[0] - before[0]
                return knot[1] if not span else before[1] + (knot[1] - before[1]) * (ts_us - before[0]) / span
            before = knot
        return float(self.width)

    def is_folded(self, ts_us: int) -> bool:
        """Return whether a pause that was folded ended at this time."""
        return any(end == ts_us for _, end in self.folded)

    def ticks(self) -> tuple[tuple[int, str], ...]:
        """Return cells and what is written there: even steps from the thread's beginning, else the scale's two ends."""
        start, end = self.knots[0][0], self.knots[-1][0]
        wall = end - start
        if wall <= 0 or not self.width:
            return ((0, "0 s"),) if start == self.origin_us else ((0, f"+{spoken(start - self.origin_us)}"),)
        if self.folded or start != self.origin_us:
            last = f"+{spoken(end - self.origin_us)}"
            return ((0, f"+{spoken(start - self.origin_us)}"), (max(self.width - len(last), 0), last))
        step = next((step for step in _STEPS_US if step * self.width / wall >= _TICK_CELLS), wall)
        unit = 1_000 if wall < MICROS else MICROS
        zero = "0 ms" if unit == 1_000 else "0 s"  # noqa: PLR2004 (microseconds of a millisecond)
        later = ((int(n * step * self.width / wall), spoken(n * step)) for n in range(1, wall // step + 1))
        return ((0, zero), *((cell, text) for cell, text in later if cell + len(text) <= self.width))


def spoken(micros: int) -> str:
    """Return a length of time as the scale has it: `350 ms`, `2 s`, `1.4 s`, `5 min`, `2.5 h`, `3 days`."""
    if micros < MICROS:
        return " ".join(duration(micros))
    unit, size = next(((unit, size) for unit, size, most in _UNITS if micros < most * size), ("days", _DAY_US))
    return f"{micros / size:.1f}".removesuffix(".0") + f" {unit}"


def axis_for(rows: Sequence[ThreadRow], width: int, *, origin_us: int) -> Axis:
    """Return the scale of these rows in `width` cells; times are told from `origin_us` on."""
    timed = [row for row in rows if row.timed]
    start_us = min((row.start_us for row in timed), default=origin_us)
    end_us = max((row.end_us for row in timed), default=origin_us)
    most = min(_MOST_FOLDED, width // (3 * _FOLDED_CELLS))
    pauses = _folded(_pauses(timed), end_us - start_us, most)
    cells = width - _FOLDED_CELLS * len(pauses)
    even = max(end_us - start_us - sum(end - start for start, end in pauses), 1)
    knots: list[tuple[int, float]] = [(start_us, 0.0)]
    at, place = start_us, 0.0
    for start, end in pauses:
        place += (start - at) * cells / even
        knots.append((start, place))
        place += _FOLDED_CELLS
        knots.append((end, place))
        at = end
    knots.append((end_us, float(width)))
    return Axis(width, tuple(knots), origin_us, tuple(pauses))


def _pauses(rows: Iterable[ThreadRow]) -> list[tuple[int, int]]:
    """Return when nothing was going on."""
    pauses: list[tuple[int, int]] = []
    until: int | None = None
    for start, end in sorted((row.start_us, row.end_us) for row in rows):
        if until is not None and start > until:
            pauses.append((until, start))
        until = end if until is None else max(until, end)
    return pauses


def _folded(pauses: Sequence[tuple[int, int]], wall_us: int, most: int) -> list[tuple[int, int]]:
    """Return those that would take too much of the scale, the longest `most` at most, in time order."""
    chosen: list[tuple[int, int]] = []
    rest = wall_us
    for start, end in sorted(pauses, key=lambda pause: pause[0] - pause[1])[:most]:
        if end - start < _LEAST_FOLDED_US or end - start < rest * _FOLDED_SHARE:
            break
        chosen.append((start, end))
        rest -= end - start
    return sorted(chosen)
