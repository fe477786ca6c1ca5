"""What a time span holds: the matches of one key in order of time, and whether a correlation holds at a moment."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from operator import attrgetter
from typing import Final, TypeAlias

import msgspec

from detect.engine.shelf import Lane
from detect.rules.correlation import Correlation, CorrelationType


class Entry(msgspec.Struct, array_like=True, gc=False):
    """A match of one of a correlation's rules."""

    at_us: int
    row_id: int
    which: int
    """Place of the rule in the correlation's list."""
    historical: bool
    value: str | None = None
    """What a value_count tells apart."""
    fired: bool = False
    """Whether the correlation holds at this moment."""
    told: bool = False
    """Whether an incident shows it."""

    @property
    def place(self) -> tuple[int, int, int]:
        """What entries are ordered by; no two of one key have the same."""
        return self.at_us, self.row_id, self.which


class WindowLane(Lane, array_like=True, gc=False):
    """A stream of matches."""

    entries: list[Entry] = msgspec.field(default_factory=list[Entry])

    def insert(self, entry: Entry) -> int | None:
        """Put a match in its place and return it; None where it is there already."""
        entries = self.entries
        if not entries or entries[-1].at_us < entry.at_us:
            entries.append(entry)
            return len(entries) - 1
        at = bisect_left(entries, entry.place, key=_PLACE)
        if at < len(entries) and entries[at].place == entry.place:
            return None
        entries.insert(at, entry)
        return at

    def drop(self, oldest_us: int, most: int) -> tuple[int, int]:
        """Forget what is older, and the oldest of more than `most`; return how many of each."""
        entries = self.entries
        old = 0 if not entries or entries[0].at_us >= oldest_us else bisect_left(entries, oldest_us, key=_AT)
        if old:
            del entries[:old]
        over = max(len(entries) - most, 0)
        if over:
            del entries[:over]
        return old, over


_AT: Final = attrgetter("at_us")
_PLACE: Final = attrgetter("place")

Measured: TypeAlias = tuple[int, list[Entry]]
"""How many there are within the time span, and the matches that show it."""
Measure: TypeAlias = Callable[[list[Entry], int, int], Measured | None]
"""Looks at entries[low:high]; None where the condition does not hold."""


def span_of(entries: list[Entry], at_us: int, span_us: int) -> tuple[int, int]:
    """Return the bounds of the entries within [at - span, at]."""
    high = len(entries) if entries[-1].at_us == at_us else bisect_right(entries, at_us, key=_AT)
    return bisect_left(entries, at_us - span_us, 0, high, key=_AT), high


def moments(entries: list[Entry], place: int, span_us: int) -> list[int]:
    """Return the times whose time span holds the entry at a place, each once, in order."""
    last_us = entries[place].at_us + span_us
    found = [entries[place].at_us]
    for entry in entries[place + 1 :]:
        if entry.at_us > last_us:
            break
        if entry.at_us != found[-1]:
            found.append(entry.at_us)
    return found


def measure_of(correlation: Correlation) -> Measure:
    """Return how a correlation looks at a time span."""
    least = correlation.least
    match correlation.type:
        case CorrelationType.EVENT_COUNT:
            return lambda entries, low, high: _counted(entries, low, high, least)
        case CorrelationType.VALUE_COUNT:
            return lambda entries, low, high: _different(entries, low, high, least)
        case CorrelationType.TEMPORAL:
            return lambda entries, low, high: _together(entries, low, high, least)
        case CorrelationType.TEMPORAL_ORDERED:
            return lambda entries, low, high: _in_order(entries, low, high, least)


def _counted(entries: list[Entry], low: int, high: int, least: int) -> Measured | None:
    # One event may match several of the rules; it is one event.
    number = high - low
    if number < least:
        return None
    if entries[low].which or entries[high - 1].which or any(entry.which for entry in entries[low:high]):
        number = len({entry.row_id for entry in entries[low:high]})
        if number < least:
            return None
    return number, entries[low:high]


def _different(entries: list[Entry], low: int, high: int, least: int) -> Measured | None:
    if high - low < least:
        return None
    values = {entry.value.lower() for entry in entries[low:high] if entry.value is not None}
    return (len(values), entries[low:high]) if len(values) >= least else None


def _together(entries: list[Entry], low: int, high: int, least: int) -> Measured | None:
    if high - low < least:
        return None
    rules = {entry.which for entry in entries[low:high]}
    return (len(rules), entries[low:high]) if len(rules) >= least else None


def _in_order(entries: list[Entry], low: int, high: int, rules: int) -> Measured | None:
    """Look for a match of each rule in turn, each later than the one before.

    What shows it are all matches that are part of such a row.
    """
    if high - low < rules:
        return None
    window = entries[low:high]
    earliest = _row(window, rules, 1)
    if earliest is None:
        return None
    latest = _row(window[::-1], rules, -1)
    assert latest is not None
    last = rules - 1
    return rules, [
        one
        for one in window
        if (one.which == 0 or one.at_us > earliest[one.which - 1])
        and (one.which == last or one.at_us < latest[last - one.which - 1])
    ]


def _row(window: list[Entry], rules: int, direction: int) -> list[int] | None:
    """Return the times at which a row, taken as soon as possible in this direction, has come so far; None: no row."""
    reached: list[int] = []
    for entry in window:
        wanted = len(reached) if direction > 0 else rules - 1 - len(reached)
        if entry.which == wanted and (not reached or (entry.at_us - reached[-1]) * direction > 0):
            reached.append(entry.at_us)
            if len(reached) == rules:
                return reached
    return None
