"""Keeps `minute_count`: what the scroll bar, the unfiltered histogram and the totals are read from."""

from __future__ import annotations

import sqlite3
from typing import Final

from store.events import DENIAL, ERROR

TENANT_BITS: Final = 36
_MS_PER_MINUTE: Final = 60_000


class Minutes:
    """The tallies of one batch."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Start with none."""
        self._connection = connection
        self._tallies: dict[int, list[int]] = {}

    def forget(self) -> None:
        """Drop the tallies, after a rollback."""
        self._tallies.clear()

    def count(self, ms: int, tenant_no: int, trouble: int) -> None:
        """Count one event at this sort time."""
        key = ms // _MS_PER_MINUTE << TENANT_BITS | tenant_no
        tally = self._tallies.get(key)
        if tally is None:
            tally = self._tallies[key] = [0, 0, 0]
        tally[0] += 1
        if trouble:
            tally[1] += trouble & ERROR
            tally[2] += (trouble & DENIAL) >> 1

    def flush(self) -> None:
        """Add the tallies to the table."""
        self._connection.executemany(
            "INSERT INTO minute_count (id, events, errors, denials) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET events = minute_count.events + excluded.events,"
            " errors = minute_count.errors + excluded.errors, denials = minute_count.denials + excluded.denials",
            [(key, *tally) for key, tally in sorted(self._tallies.items())],
        )
        self._tallies.clear()
