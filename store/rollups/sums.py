"""What the plain events of a batch add up to, by their names and hour, before it is known which rows that changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from store.rollups.durations import bucket_of
from store.rollups.ids import BUCKET_BITS, PERIOD_BITS

MOST: Final = 10**12
"""What one event adds at most of one kind of tokens, or of cost in micro-USD: a trillion. More counts as that.

A few absurd numbers would otherwise bring the sums of all others beyond 64 bits."""

HOUR_MS: Final = 3_600_000
NEVER_FIRST: Final = 1 << 62
NEVER_LAST: Final = -NEVER_FIRST
"""Times where no event was counted."""

_OUTCOME_BITS: Final = 32
EVENT: Final = 1
"""How an event is counted that settles nothing;"""
SETTLING: Final = EVENT + (1 << _OUTCOME_BITS)
"""and one that settles a call."""
_EVENTS: Final = (1 << _OUTCOME_BITS) - 1


def events_of(count: int) -> int:
    """Return how many events were counted."""
    return count & _EVENTS


def outcomes_of(count: int) -> int:
    """Return how many of them settle a call."""
    return count >> _OUTCOME_BITS


@dataclass(slots=True)
class PlainSums:
    """The sums of a batch's events that need no look-up: all of them are new, and all are counted.

    Keys are place << PERIOD_BITS | hour, where the place is that of the names in the batch.
    """

    counts: dict[int, int] = field(default_factory=dict[int, int])
    """Sums of `EVENT` and `SETTLING`."""
    durations: dict[int, int] = field(default_factory=dict[int, int])
    """How many settled calls took about as long, by key << BUCKET_BITS | bucket."""
    costs: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    """Four kinds of tokens, stated cost in micro-USD, and how many events state one."""
    first: list[int] = field(default_factory=list[int])
    """Earliest stated time by the place of the names."""
    last: list[int] = field(default_factory=list[int])

    def add_names(self) -> None:
        """Make room for the next names."""
        self.first.append(NEVER_FIRST)
        self.last.append(NEVER_LAST)

    def add(self, names: int, ms: int, ts_us: int, outcome: int, tail: Sequence[Any]) -> bool:
        """Add an event; `tail` is its row from `duration_us` on. Return whether a price has to be found for it."""
        key = names << PERIOD_BITS | ms // HOUR_MS
        if ts_us > self.last[names]:  # noqa: PLR1730 (a call of max for each event)
            self.last[names] = ts_us
        if ts_us < self.first[names]:  # noqa: PLR1730
            self.first[names] = ts_us
        counts = self.counts
        if outcome:
            counts[key] = counts.get(key, 0) + SETTLING
            if tail[0] is not None:
                bucket = key << BUCKET_BITS | bucket_of(tail[0])
                self.durations[bucket] = self.durations.get(bucket, 0) + 1
        else:
            counts[key] = counts.get(key, 0) + EVENT
        cost = tail[5]
        if cost is None and not (tail[1] or tail[2] or tail[3] or tail[4]):
            return False
        self._add_cost(key, tail[1:5], cost)
        return cost is None

    def _add_cost(self, key: int, tokens: Sequence[int | None], cost: int | None) -> None:
        costs = self.costs.get(key)
        if costs is None:
            costs = self.costs[key] = [0] * 6
        for place, number in enumerate(tokens):
            if number:
                costs[place] += min(number, MOST)
        if cost is not None:
            costs[4] += min(cost, MOST)
            costs[5] += 1
