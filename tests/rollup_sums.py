"""All sums of a store, as the tables have them and as adding up its events gives them."""

from __future__ import annotations

import math
import sqlite3
from collections import defaultdict
from itertools import product
from typing import Any, Final, NamedTuple

from store.rollups.ids import DIMENSIONS, Cube, Level, key_of_row, period_of_row

_NAMES: Final = ("tenant", "agent", "user", "tool", "server", "model", "type")
_SUMS: Final = (
    "events, errors, denials, calls, outcomes, failures, refusals, input_tokens, output_tokens, cache_read_tokens,"
    " cache_write_tokens, reported_microusd, computed_microusd, reported, priced, unpriced"
)
_EVENTS: Final = (
    f"SELECT {', '.join(f'{name}_no' for name in _NAMES)}, ts_us, counts, outcome, trouble, name.text, duration_us,"
    " input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cost_microusd, price.microusd, count(*)"
    " FROM event LEFT JOIN price ON price.id = event.id LEFT JOIN name ON name.id = event.type_no"
    f" GROUP BY {', '.join(map(str, range(1, 20)))}"
)
"""Events that are alike in all that matters here, and how many there are."""
_LAST_US: Final = 4_102_444_800_000_000
_MOST: Final = 10**12

Combination = tuple[int, tuple[int, ...]]
"""A cube and the numbers of its names."""


class Sums(NamedTuple):
    """Everything that is kept, by what it is kept for: level, cube, names and period."""

    rows: dict[tuple[int, Combination, int], tuple[int, ...]]
    durations: dict[tuple[int, Combination, int, int], int]
    """Calls by level, combination, period and bucket."""
    seen: dict[Combination, tuple[int | None, int | None]]


def kept_sums(connection: sqlite3.Connection) -> Sums:
    """Return the sums as the tables have them."""
    columns = ", ".join(f"{name}_no" for name in _NAMES)
    keys: dict[int, Combination] = {}
    seen: dict[Combination, tuple[int | None, int | None]] = {}
    for number, cube, *rest in connection.execute(f"SELECT id, cube, {columns}, first_us, last_us FROM rollup_key"):
        combination = keys[number] = (cube, _names(Cube(cube), rest[:7]))
        assert combination not in seen
        seen[combination] = (rest[7], rest[8])
    rows = {
        (number >> 61, keys[key_of_row(number)], period_of_row(number)): tuple(sums)
        for number, *sums in connection.execute(f"SELECT id, {_SUMS} FROM rollup")
    }
    durations = {
        (number >> 61, keys[key_of_row(number)], period_of_row(number), number & 255): calls
        for number, calls in connection.execute("SELECT id, calls FROM rollup_duration")
    }
    return Sums(rows, durations, seen)


def added_up(connection: sqlite3.Connection) -> Sums:
    """Return the sums as the events give them."""
    rows = defaultdict[tuple[int, Combination, int], list[int]](lambda: [0] * 16)
    durations = defaultdict[tuple[int, Combination, int, int], int](int)
    seen: dict[Combination, tuple[int | None, int | None]] = {}
    for row in connection.execute(_EVENTS):
        names, (ts_us, counts, outcome, _, _, duration, *_), alike = row[:7], row[7:], row[-1]
        within_us = min(max(ts_us, 0), _LAST_US)
        sums = [alike * one for one in _sums_of(row[7:-1])]
        if not any(sums):
            continue
        bucket = _bucket(duration) if counts and outcome and duration is not None else None
        for level, cube in product(Level, Cube):
            combination = (int(cube), _names(cube, names))
            period = within_us // (3_600_000_000 if level is Level.HOUR else 86_400_000_000)
            total = rows[level, combination, period]
            total[:] = [one + other for one, other in zip(total, sums, strict=True)]
            if bucket is not None:
                durations[level, combination, period, bucket] += alike
            first, last = seen.setdefault(combination, (None, None))
            if counts:
                known = (ts_us, *(time for time in (first, last) if time is not None))
                seen[combination] = (min(known), max(known))
    return Sums({key: tuple(total) for key, total in rows.items()}, dict(durations), seen)


def _sums_of(event: tuple[Any, ...]) -> list[int]:
    _, counts, outcome, trouble, kind, _, *stated = event
    tokens, (cost, computed) = [min(number or 0, _MOST) for number in stated[:4]], stated[4:]
    settled = counts and outcome
    error, denial = trouble & 1, trouble >> 1 & 1
    numbers = [counts, counts * error, counts * denial, counts * (kind == "mcp.tool_call")]
    numbers += [settled, settled * error, settled * denial, *tokens, min(cost or 0, _MOST), computed or 0]
    priced = cost is None and computed is not None
    return [*numbers, cost is not None, priced, cost is None and computed is None and any(tokens)]


def _names(cube: Cube, numbers: Any) -> tuple[int, ...]:
    return tuple(number for name, number in zip(_NAMES, numbers, strict=True) if name in DIMENSIONS[cube])


def _bucket(duration_us: int) -> int:
    """Return the first bucket whose upper bound is not below the duration, looked for one by one."""
    return next((n for n in range(255) if duration_us <= 10 * math.pow(1.1, n) * (1 + 1e-12)), 255)


def assert_sums_are_right(connection: sqlite3.Connection) -> None:
    """Check that the tables say what the events do, both as of one moment."""
    connection.execute("BEGIN")
    try:
        kept, expected = kept_sums(connection), added_up(connection)
    finally:
        connection.execute("ROLLBACK")
    assert kept.rows == expected.rows
    assert kept.durations == expected.durations
    assert kept.seen == expected.seen
