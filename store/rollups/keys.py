"""The combinations of names that sums are kept for, as numbers."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Final

from store.rollups.ids import DIMENSIONS, Cube

NAMES: Final = ("tenant", "agent", "user", "tool", "server", "model", "type")
"""The dimensions of all cubes, in the order of the columns of `rollup_key`."""
Combination = tuple[int, int, int, int, int, int, int, int]
"""A cube and the numbers of the names, 0 for none and for what the cube does not know."""

_COLUMNS: Final = ("cube", *(f"{name}_no" for name in NAMES))
_KNOWN: Final = f"SELECT id FROM rollup_key WHERE {' AND '.join(f'{column} = ?' for column in _COLUMNS)}"
_NEW: Final = f"INSERT INTO rollup_key (id, {', '.join(_COLUMNS)}) VALUES ({', '.join('?' * (len(_COLUMNS) + 1))})"
_SEEN: Final = (
    "UPDATE rollup_key SET"
    " first_us = CASE WHEN first_us IS NULL OR first_us > ? THEN ? ELSE first_us END,"
    " last_us = CASE WHEN last_us IS NULL OR last_us < ? THEN ? ELSE last_us END"
    " WHERE id = ? AND (first_us IS NULL OR first_us > ? OR last_us < ?)"
)
_CACHED: Final = 100_000
_KEPT: Final = {cube: tuple(name in DIMENSIONS[cube] for name in NAMES) for cube in Cube}


class RollupKeys:
    """Numbers of combinations; one that is not known is looked up, else stored. Use inside a transaction.

    A number never comes to mean another combination: whoever reads may keep what it has read.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Start with nothing known."""
        self._connection = connection
        self._numbers: dict[Combination, int] = {}
        self._last: int | None = None

    def forget(self) -> None:
        """Drop what is cached, after a rollback or another writer's commit."""
        self._numbers.clear()
        self._last = None

    def number_of(self, cube: Cube, names: tuple[int, ...]) -> int:
        """Return the number of a cube's combination; `names` are the numbers of all `NAMES`."""
        kept = _KEPT[cube]
        t, a, u, o, s, m, y = (number if keep else 0 for number, keep in zip(names, kept, strict=True))
        combination = (int(cube), t, a, u, o, s, m, y)
        number = self._numbers.get(combination)
        return self._look_up(combination) if number is None else number

    def _look_up(self, combination: Combination) -> int:
        row = self._connection.execute(_KNOWN, combination).fetchone()
        number = self._store(combination) if row is None else int(row[0])
        if len(self._numbers) >= _CACHED:
            self._numbers.clear()
        self._numbers[combination] = number
        return number

    def _store(self, combination: Combination) -> int:
        if self._last is None:
            self._last = int(self._connection.execute("SELECT coalesce(max(id), 0) FROM rollup_key").fetchone()[0])
        self._last += 1
        self._connection.execute(_NEW, (self._last, *combination))
        return self._last

    def see(self, seen: Mapping[int, Sequence[int]]) -> None:
        """Take note of when combinations were used: first and last stated time (UTC microseconds) by their number."""
        rows = [(first, first, last, last, number, first, last) for number, (first, last) in sorted(seen.items())]
        self._connection.executemany(_SEEN, rows)
