"""The sums of one transaction: collected by combination of names and hour, then added to the rows of all cubes.

What counts: `events` and all numbers of events take rows with counts=1 only, settled calls and their durations too;
tokens and cost are summed over all rows. Where tokens have to be priced, the price is added beside it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final, NamedTuple

from store.append.calls import CALL
from store.events import DENIAL, ERROR
from store.name_kind import NameKind
from store.rollups.durations import bucket_of
from store.rollups.ids import BUCKET_BITS, BUCKET_MASK, PERIOD_BITS, Cube, hour_row_id, in_hour
from store.rollups.keys import RollupKeys
from store.rollups.packed import ONE
from store.rollups.rows import add_to_rows
from store.rollups.sums import EVENT, HOUR_MS, MOST, SETTLING, PlainSums, events_of, outcomes_of

_COMBINATIONS: Final = 32_768
"""Combinations held in memory between transactions."""
_HOUR_MASK: Final = (1 << PERIOD_BITS) - 1
_BUCKET_OF_HOUR: Final = _HOUR_MASK << BUCKET_BITS | BUCKET_MASK
_COSTS: Final = tuple(
    ONE[name]
    for name in (
        "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reported_microusd", "reported",
    )
)  # fmt: skip

Numbers = tuple[int, ...]
"""Status, trouble, and the numbers of the nine names of an event, in the order of its row."""


class _Known(NamedTuple):
    """What sums need to know of a combination of names."""

    keys: tuple[int, ...]
    """Its number in each cube."""
    parts: tuple[int, ...]
    """Its part of the row ids, in the same order."""
    event: int
    """What one event adds, packed;"""
    outcome: int
    """and what it adds beside that where it settles a call."""


class Tallies:
    """The sums of one transaction. Combinations are kept beyond it while nobody else writes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Start with nothing counted."""
        self._connection = connection
        self._keys = RollupKeys(connection)
        self._places: dict[Numbers, int] = {}
        self._known: list[_Known] = []
        self._call_no: int | None = None
        self._counts: dict[int, int] = {}
        self._durations: dict[int, int] = {}
        self._costs: dict[int, int] = {}
        self._times: dict[int, list[int]] = {}

    def forget(self) -> None:
        """Drop what is counted and cached, after a rollback or another writer's commit."""
        self._forget_counts()
        self._forget_combinations()
        self._keys.forget()
        self._call_no = None

    def _forget_counts(self) -> None:
        for counted in (self._counts, self._durations, self._costs, self._times):
            counted.clear()

    def _forget_combinations(self) -> None:
        self._places.clear()
        self._known.clear()

    def add_plain(self, numbers: Sequence[Numbers], plain: PlainSums) -> None:
        """Add the sums of a batch's plain events; `numbers` has what its names are."""
        places = [self._place(each) for each in numbers]
        shifted = [place << PERIOD_BITS for place in places]
        counts, durations, costs = self._counts, self._durations, self._costs
        for key, count in plain.counts.items():
            number = shifted[key >> PERIOD_BITS] | key & _HOUR_MASK
            counts[number] = counts.get(number, 0) + count
        for key, calls in plain.durations.items():
            number = shifted[key >> PERIOD_BITS + BUCKET_BITS] << BUCKET_BITS | key & _BUCKET_OF_HOUR
            durations[number] = durations.get(number, 0) + calls
        for key, stated in plain.costs.items():
            number = shifted[key >> PERIOD_BITS] | key & _HOUR_MASK
            costs[number] = costs.get(number, 0) + _packed_cost(stated)
        for place, first, last in zip(places, plain.first, plain.last, strict=True):
            _see(self._times, place, first, last)

    def count(self, numbers: Numbers, ms: int, ts_us: int, settled: int, duration_us: int | None) -> None:
        """Count an event with counts=1 at its sort time and stated time."""
        place = self._places.get(numbers)
        if place is None:
            place = self._place(numbers)
        key = place << PERIOD_BITS | ms // HOUR_MS
        counts = self._counts
        counts[key] = counts.get(key, 0) + (SETTLING if settled else EVENT)
        times = self._times.get(place)
        if times is None:
            self._times[place] = [ts_us, ts_us]
        elif ts_us > times[1]:
            times[1] = ts_us
        elif ts_us < times[0]:
            times[0] = ts_us
        if settled and duration_us is not None:
            number = key << BUCKET_BITS | bucket_of(duration_us)
            self._durations[number] = self._durations.get(number, 0) + 1

    def add_cost(self, numbers: Numbers, ms: int, tokens: Sequence[int], reported: int | None) -> None:
        """Add an event's tokens (`store.pricing.pricer.Tokens`) and the cost that its producer states, in micro-USD."""
        stated = (*(min(number, MOST) for number in tokens), min(reported or 0, MOST), int(reported is not None))
        self._add(numbers, ms, _packed_cost(stated))

    def add_price(self, numbers: Numbers, ms: int, microusd: int, priced: int, unpriced: int) -> None:
        """Add computed cost and how many events have a price or none; negative where one is taken back."""
        packed = microusd * ONE["computed_microusd"] + priced * ONE["priced"] + unpriced * ONE["unpriced"]
        self._add(numbers, ms, packed)

    def flush(self) -> None:
        """Add everything to the tables."""
        known = self._known
        sums: dict[int, int] = {}
        durations: dict[int, int] = {}
        for key, count in self._counts.items():
            each = known[key >> PERIOD_BITS]
            packed = events_of(count) * each.event + outcomes_of(count) * each.outcome
            _spread(sums, each.parts, in_hour(0, key & _HOUR_MASK), packed)
        for key, packed in self._costs.items():
            _spread(sums, known[key >> PERIOD_BITS].parts, in_hour(0, key & _HOUR_MASK), packed)
        for key, calls in self._durations.items():
            hour, bucket = key >> BUCKET_BITS & _HOUR_MASK, key & BUCKET_MASK
            _spread(durations, known[key >> PERIOD_BITS + BUCKET_BITS].parts, in_hour(bucket, hour), calls)
        add_to_rows(self._connection, sums, durations)
        seen: dict[int, list[int]] = {}
        for place, times in self._times.items():
            for number in known[place].keys:
                _see(seen, number, *times)
        self._keys.see(seen)
        self._forget_counts()
        if len(known) > _COMBINATIONS:
            self._forget_combinations()

    def _add(self, numbers: Numbers, ms: int, packed: int) -> None:
        key = self._place(numbers) << PERIOD_BITS | ms // HOUR_MS
        self._costs[key] = self._costs.get(key, 0) + packed

    def _place(self, numbers: Numbers) -> int:
        """Return where a combination stands in `_known`."""
        place = self._places.get(numbers)
        if place is None:
            place = self._places[numbers] = len(self._known)
            self._known.append(self._look_up(numbers))
        return place

    def _look_up(self, numbers: Numbers) -> _Known:
        _, trouble, type_no, agent, user, tenant, _, _, tool, server, model = numbers
        names = (tenant, agent, user, tool, server, model, type_no)
        keys = {cube: self._keys.number_of(cube, names) for cube in Cube}
        parts = tuple(hour_row_id(cube, key) for cube, key in keys.items())
        event, outcome = ONE["events"], ONE["outcomes"]
        if trouble & ERROR:
            event, outcome = event + ONE["errors"], outcome + ONE["failures"]
        if trouble & DENIAL:
            event, outcome = event + ONE["denials"], outcome + ONE["refusals"]
        if self._is_call(type_no):
            event += ONE["calls"]
        return _Known(tuple(keys.values()), parts, event, outcome)

    def _is_call(self, type_no: int) -> bool:
        if self._call_no is None:
            asked = "SELECT id FROM name WHERE kind = ? AND text = ?"
            row = self._connection.execute(asked, (NameKind.TYPE, CALL)).fetchone()
            self._call_no = None if row is None else int(row[0])
        return type_no == self._call_no


def _spread(rows: dict[int, int], parts: tuple[int, ...], place: int, count: int) -> None:
    """Add to the rows of all cubes at one place."""
    for part in parts:
        number = part | place
        rows[number] = rows.get(number, 0) + count


def _see(seen: dict[int, list[int]], number: int, first: int, last: int) -> None:
    """Note when something was used, under its number."""
    times = seen.get(number)
    if times is None:
        seen[number] = [first, last]
    else:
        times[:] = min(first, times[0]), max(last, times[1])


def _packed_cost(stated: Sequence[int]) -> int:
    return sum(one * number for one, number in zip(_COSTS, stated, strict=True))
