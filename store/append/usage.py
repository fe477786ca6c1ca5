"""Running totals of tokens and cost: keeps what is more than was recorded, so that sums over all rows are right."""

from __future__ import annotations

import sqlite3

from store.events import NewEvent
from store.ids import key_of


class Usage:
    """The recorded totals that a batch touches: [input, output, cache read, cache write, cost] for each key."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Start with nothing known."""
        self._connection = connection
        self._totals: dict[int, list[int]] = {}

    def forget(self) -> None:
        """Drop what is cached, after a rollback."""
        self._totals.clear()

    def reduce(self, event: NewEvent) -> bool:
        """Turn a later sight of a running total into what it adds, with counts=0; return whether it adds anything.

        The first sight stays as it is.
        """
        key = key_of(b"u", (event.usage_key or "").encode("utf-8", "backslashreplace"))
        stated = [
            event.input_tokens or 0,
            event.output_tokens or 0,
            event.cache_read_tokens or 0,
            event.cache_write_tokens or 0,
            event.cost_microusd or 0,
        ]
        recorded = self._look_up(key)
        if recorded is None:
            self._totals[key] = stated
            return True
        more = [max(0, new - old) for new, old in zip(stated, recorded, strict=True)]
        if not any(more):
            return False
        self._totals[key] = [old + plus for old, plus in zip(recorded, more, strict=True)]
        event.input_tokens, event.output_tokens, event.cache_read_tokens, event.cache_write_tokens, cost = more
        event.cost_microusd = None if event.cost_microusd is None else cost
        event.counts = 0
        return True

    def _look_up(self, key: int) -> list[int] | None:
        if key in self._totals:
            return self._totals[key]
        row = self._connection.execute(
            "SELECT input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cost_microusd"
            " FROM usage_total WHERE id = ?",
            (key,),
        ).fetchone()
        return list(row) if row else None

    def flush(self) -> None:
        """Store the totals that have grown."""
        self._connection.executemany(
            "INSERT INTO usage_total (id, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,"
            " cost_microusd) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET input_tokens = excluded.input_tokens,"
            " output_tokens = excluded.output_tokens, cache_read_tokens = excluded.cache_read_tokens,"
            " cache_write_tokens = excluded.cache_write_tokens, cost_microusd = excluded.cost_microusd",
            [(key, *total) for key, total in sorted(self._totals.items())],
        )
        self._totals.clear()
