"""Makes all sums anew out of the events and their prices, with the code that keeps them while events are appended."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Final

from store.ids import sort_ms
from store.name_kind import NameKind
from store.pricing.booking import PriceBook
from store.pricing.pricer import CostStatus, Pricer
from store.rollups.sums import MOST
from store.rollups.tallies import Tallies

Progress = Callable[[int, int], None]
"""Is told how many events are done, and how many there are. It may raise to end the work: all stays as it was."""

_EVENTS: Final = (
    "SELECT event.status, trouble, type_no, agent_no, user_no, tenant_no, resource_tenant_no, host_no, tool_no,"
    " server_no, model_no, event.id, ts_us, counts, outcome, duration_us,"
    " input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cost_microusd, price.status, price.microusd"
    " FROM event LEFT JOIN price ON price.id = event.id ORDER BY event.id"
)
_NAMES: Final = 11
_MODEL: Final = 10
_TOKENS: Final = slice(16, 20)
_AT_ONCE: Final = 20_000
"""Events between two additions to the tables: in order of time, so that few rows are changed twice."""
DUE: Final = "rollups_due"
"""Counter: there are events that the sums know nothing of, because they are older than the sums."""


def rebuild(connection: sqlite3.Connection, pricer: Pricer, progress: Progress) -> None:
    """Make the sums anew within the caller's transaction; events with tokens that have no price yet are given one.

    Combinations of names keep their numbers: somebody may be reading.
    """
    (total,) = connection.execute("SELECT value FROM counter WHERE name = 'seq'").fetchone()
    connection.execute("DELETE FROM rollup")
    connection.execute("DELETE FROM rollup_duration")
    connection.execute("UPDATE rollup_key SET first_us = NULL, last_us = NULL")
    counting = _Counting(connection, pricer)
    done = 0
    events = connection.execute(_EVENTS)
    while rows := events.fetchmany(_AT_ONCE):
        for row in rows:
            counting.add(row)
        counting.flush()
        done += len(rows)
        progress(done, max(total, done))
    connection.execute("DELETE FROM counter WHERE name = ?", (DUE,))


def is_due(connection: sqlite3.Connection) -> bool:
    """Return whether the sums lack what was stored before they were kept."""
    return connection.execute("SELECT 1 FROM counter WHERE name = ?", (DUE,)).fetchone() is not None


class _Counting:
    """Counts stored events."""

    def __init__(self, connection: sqlite3.Connection, pricer: Pricer) -> None:
        self._connection = connection
        self._tallies = Tallies(connection)
        self._book = PriceBook(connection, pricer)

    def add(self, row: Sequence[Any]) -> None:
        """Count an event as it is stored."""
        numbers = tuple(row[:_NAMES])
        ts_us, counts, outcome, duration = row[12:16]
        ms = sort_ms(ts_us)
        if counts:
            self._tallies.count(numbers, ms, ts_us, outcome, duration)
        stated, cost, status, microusd = row[_TOKENS], row[20], row[21], row[22]
        if cost is None and not any(stated):
            return
        given, made, read, written = (min(number or 0, MOST) for number in stated)
        tokens = (given, made, read, written)
        self._tallies.add_cost(numbers, ms, tokens, cost)
        if cost is None and status is None:
            status, microusd = self._book.book(row[11], ts_us, self._model(numbers[_MODEL]), tokens, None, None)
        priced, unpriced = status == CostStatus.PRICED, status == CostStatus.UNKNOWN
        if status is not None:
            self._tallies.add_price(numbers, ms, microusd or 0, int(priced), int(unpriced))

    def _model(self, number: int) -> str | None:
        found = self._connection.execute(
            "SELECT text FROM name WHERE kind = ? AND id = ?", (NameKind.MODEL, number)
        ).fetchone()
        return None if found is None else str(found[0])

    def flush(self) -> None:
        """Add what was counted to the tables."""
        self._book.flush()
        self._tallies.flush()
