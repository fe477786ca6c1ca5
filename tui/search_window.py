"""Over what time a result reaches, in slices of a length that people can name. Times are UTC microseconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Self

from store.filters.keys import TIME_KEYS, Key
from store.filters.syntax import Expression, Moment, Term
from store.filters.time_text import moment_text, read_time
from store.service import Tally
from tui.format import MICROS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.filters.model import Filter
    from store.service import Extent

_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86_400
_SECONDS: Final = (
    1, 2, 5, 10, 15, 30, _MINUTE, 2 * _MINUTE, 5 * _MINUTE, 10 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE,
    _HOUR, 2 * _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, _DAY, 2 * _DAY, 7 * _DAY, 14 * _DAY, 28 * _DAY,
    91 * _DAY, 182 * _DAY, 364 * _DAY,
)  # fmt: skip
"""Lengths of a slice; beyond the last one, its multiples."""
_NAMED: Final = frozenset(seconds * MICROS for seconds in _SECONDS)
_MOST_NAMED: Final = 32
"""Slices are joined up to so many at a time only where that makes a length that people can name."""
_UNITS: Final = ((7 * _DAY, "week"), (_DAY, "day"), (_HOUR, "h"), (_MINUTE, "min"), (1, "s"))
_PLURAL: Final = frozenset({"week", "day"})
_SINGLE: Final = {"h": "hour", "min": "minute", "s": "second"}


@dataclass(frozen=True, slots=True)
class Window:
    """[start_us, end_us) in `slices` parts of `slice_us` each, whose edges lie on whole units of the clock."""

    start_us: int
    end_us: int
    slices: int

    @property
    def slice_us(self) -> int:
        """The length of a slice."""
        return (self.end_us - self.start_us) // self.slices

    @property
    def slice_words(self) -> str:
        """The length of a slice as it is said after "per": `30 s`, `minute`, `2 days`."""
        seconds = self.slice_us // MICROS
        unit, word = next((unit, word) for unit, word in _UNITS if seconds % unit == 0)
        number = seconds // unit
        if number == 1:
            return _SINGLE.get(word, word)
        return f"{number} {word}{'s' if word in _PLURAL else ''}"

    def index_at(self, ts_us: int) -> int:
        """Return the slice in which a time lies; the nearest where it lies outside."""
        return min(max((ts_us - self.start_us) // self.slice_us, 0), self.slices - 1)

    def edge(self, index: int) -> int:
        """Return the time at which a slice begins."""
        return self.start_us + index * self.slice_us


def window_over(start_us: int, end_us: int, room: int, *, offset_us: int = 0) -> Window:
    """Return the window in at most `room` slices that has all of [start_us, end_us).

    `offset_us` is how far the clock on the wall is ahead of UTC: days begin at its midnight.
    """
    room = max(room, 1)
    end_us = max(end_us, start_us + 1)
    for size in _sizes():
        first = (start_us + offset_us) // size
        last = -(-(end_us + offset_us) // size)
        if last - first <= room:
            return Window(first * size - offset_us, last * size - offset_us, last - first)
    raise AssertionError("lengths grow without end")


def _sizes() -> Iterator[int]:
    yield from (seconds * MICROS for seconds in _SECONDS)
    size = _SECONDS[-1] * MICROS
    while True:
        size *= 2
        yield size


def folded(window: Window, tallies: Sequence[Tally], room: int) -> tuple[Window, tuple[Tally, ...]]:
    """Return a window with fewer, longer slices where there is no room for all of them; their sum stays the same."""
    by = next(
        by
        for by in range(1, len(tallies) + 1)
        if -(-len(tallies) // by) <= max(room, 1) and (by == 1 or window.slice_us * by in _NAMED or by > _MOST_NAMED)
    )
    groups = [tallies[at : at + by] for at in range(0, len(tallies), by)]
    slices = tuple(_sum(group) for group in groups)
    return Window(window.start_us, window.start_us + len(slices) * by * window.slice_us, len(slices)), slices


def _sum(tallies: Sequence[Tally]) -> Tally:
    return Tally(
        sum(one.events for one in tallies), sum(one.errors for one in tallies), sum(one.denials for one in tallies)
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """Slices `first` to `last` (both included) of a window."""

    first: int
    last: int

    @classmethod
    def between(cls, one: int, other: int) -> Self:
        """Return the slices between two, whichever comes first."""
        return cls(min(one, other), max(one, other))

    @property
    def width(self) -> int:
        """How many slices these are."""
        return self.last - self.first + 1

    def moved(self, slices: int, among: int) -> Chosen:
        """Return as many slices, that much later; they stay within the `among` there are."""
        first = min(max(self.first + slices, 0), max(among - self.width, 0))
        return Chosen(first, first + self.width - 1)


def moments(what: Filter, now_us: int) -> tuple[int | None, int | None]:
    """Return between which times a filter's own `since:` and `before:` hold it; None: not at all on that side."""
    times = [term for term in what.operands if isinstance(term, Term) and term.key in TIME_KEYS]
    since = [_time_of(term, now_us, utc=what.utc) for term in times if term.key is Key.SINCE]
    before = [_time_of(term, now_us, utc=what.utc) for term in times if term.key is Key.BEFORE]
    return max(since, default=None), min(before, default=None)


def _time_of(term: Term, now_us: int, *, utc: bool) -> int:
    now = datetime.fromtimestamp(now_us / MICROS, tz=UTC)
    return min(read_time(value.text, now=now, utc=utc) for value in term.values if isinstance(value, Moment))


def span_of(what: Filter, extent: Extent, now_us: int) -> tuple[int, int] | None:
    """Return the half-open span in which all that passes a filter lies; None where there is nothing at all."""
    if extent.oldest_us is None or extent.newest_us is None:
        return None
    since, before = moments(what, now_us)
    start = extent.oldest_us if since is None else max(since, extent.oldest_us)
    end = extent.newest_us + 1 if before is None else min(before, extent.newest_us + 1)
    if start < end:
        return start, end
    # Nothing can pass. What was asked for is shown all the same, so that it can be seen how far off it is.
    start = start if since is None else since
    return start, max(before if before is not None else start + 1, start + 1)


def narrowed(what: Filter, start_us: int, end_us: int) -> Filter:
    """Return a filter that holds only within [start_us, end_us), whatever times it was held to before."""
    kept = [operand for operand in what.operands if not _is_time(operand)]
    since = Term(Key.SINCE, (Moment(moment_text(start_us)),))
    before = Term(Key.BEFORE, (Moment(moment_text(end_us)),))
    return what.with_operands((*kept, since, before))


def _is_time(operand: Expression) -> bool:
    return isinstance(operand, Term) and operand.key in TIME_KEYS


def shifted(what: Filter, steps: int, now_us: int) -> Filter | None:
    """Return the filter for the window so many of its own lengths later; None where it has no `since:`."""
    since, before = moments(what, now_us)
    if since is None:
        return None
    end = now_us if before is None else before
    by = max(end - since, 1) * steps
    return narrowed(what, since + by, end + by)
