"""Running totals of tokens and cost: keeps what is more than was recorded, so that sums over all rows are right."""

from __future__ import annotations

import sqlite3
from typing import Final

from store.events import NewEvent
from store.ids import key_of
from store.pricing.booking import UsageStep

_COLUMNS: Final = (
    "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "cost_microusd", "computed_microusd",
)  # fmt: skip
_STATED: Final = 5
_REPORTED: Final = 4
_COMPUTED: Final = 5
_KNOWN: Final = f"SELECT {', '.join(_COLUMNS)} FROM usage_total WHERE id = ?"
_STORE: Final = (
    f"INSERT INTO usage_total (id, {', '.join(_COLUMNS)}) VALUES ({', '.join('?' * (len(_COLUMNS) + 1))})"
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{column} = excluded.{column}' for column in _COLUMNS)}"
)


class Usage:
    """The recorded totals that a batch touches: input, output, cache read, cache write, cost and computed cost each."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Start with nothing known."""
        self._connection = connection
        self._totals: dict[int, list[int]] = {}

    def forget(self) -> None:
        """Drop what is cached, after a rollback."""
        self._totals.clear()

    def reduce(self, event: NewEvent) -> UsageStep | None:
        """Turn a later sight of a running total into what it adds, with counts=0; return None where it adds nothing.

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
            self._totals[key] = [*stated, 0]
            return _step(key, stated, 0)
        more = [max(0, new - old) for new, old in zip(stated, recorded[:_STATED], strict=True)]
        if not any(more):
            return None
        total = [old + plus for old, plus in zip(recorded, [*more, 0], strict=True)]
        self._totals[key] = total
        event.input_tokens, event.output_tokens, event.cache_read_tokens, event.cache_write_tokens, cost = more
        event.cost_microusd = None if event.cost_microusd is None else cost
        event.counts = 0
        return _step(key, total, recorded[_REPORTED] + recorded[_COMPUTED])

    def add_computed(self, total_key: int, microusd: int) -> None:
        """Take note of what was computed for a total that `reduce` has returned in this batch."""
        self._totals[total_key][_COMPUTED] += microusd

    def _look_up(self, key: int) -> list[int] | None:
        if key in self._totals:
            return self._totals[key]
        row = self._connection.execute(_KNOWN, (key,)).fetchone()
        return list(row) if row else None

    def flush(self) -> None:
        """Store the totals that have grown."""
        self._connection.executemany(_STORE, [(key, *total) for key, total in sorted(self._totals.items())])
        self._totals.clear()


def _step(key: int, total: list[int], recorded: int) -> UsageStep:
    return UsageStep(key, (total[0], total[1], total[2], total[3]), recorded)
