"""The rows of `rollup` and `rollup_duration` that a transaction adds to."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from store.rollups.ids import summed_by_day
from store.rollups.packed import COLUMNS, COUNTS, unpacked, unpacked_counts


def _statement(values: Sequence[str], summed: Sequence[str]) -> str:
    return (
        f"INSERT INTO rollup (id, {', '.join(COLUMNS)}) VALUES (?, {', '.join(values)})"
        f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{one} = rollup.{one} + excluded.{one}' for one in summed)}"
    )


_ADD: Final = _statement("?" * len(COLUMNS), COLUMNS)
_ADD_COUNTS: Final = _statement(["?" if one in COUNTS else "0" for one in COLUMNS], COUNTS)
_ADD_DURATIONS: Final = (
    "INSERT INTO rollup_duration (id, calls) VALUES (?, ?)"
    " ON CONFLICT (id) DO UPDATE SET calls = rollup_duration.calls + excluded.calls"
)


def add_to_rows(connection: sqlite3.Connection, sums: dict[int, int], durations: dict[int, int]) -> None:
    """Add packed sums and settled calls to the rows of hours with these ids, and to those of their days."""
    for rows in (sums, summed_by_day(sums)):
        _add(connection, rows)
    for rows in (durations, summed_by_day(durations)):
        connection.executemany(_ADD_DURATIONS, sorted(rows.items()))


def _add(connection: sqlite3.Connection, sums: dict[int, int]) -> None:
    """Add to rows; most have neither tokens nor cost, which half of the statement is for."""
    counts: list[tuple[int, ...]] = []
    whole: list[tuple[int, ...]] = []
    for number, packed in sorted(sums.items()):
        row = unpacked_counts(packed)
        if row is None:
            whole.append((number, *unpacked(packed)))
        else:
            counts.append((number, *row))
    connection.executemany(_ADD_COUNTS, counts)
    connection.executemany(_ADD, whole)
