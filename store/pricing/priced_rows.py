"""Reads the events that have a price or need one, each with the price that it has."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from store.pricing.pricer import CostStatus, Tokens

_NAMES: Final = (
    "type_no", "agent_no", "user_no", "tenant_no", "resource_tenant_no", "host_no", "tool_no", "server_no", "model_no",
)  # fmt: skip
_TOKENS: Final = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
_COLUMNS: Final = (
    "event.id", "event.ts_us", *(f"coalesce(event.{one}, 0)" for one in _TOKENS), "event.cost_microusd",
    "price.total_key", "price.status", "price.microusd", "price.version_no",
    "event.status", "event.trouble", *(f"event.{one}" for one in _NAMES),
)  # fmt: skip
_SELECT: Final = f"SELECT {', '.join(_COLUMNS)} FROM"
_NEEDED: Final = (
    f"event.cost_microusd IS NULL AND ({' OR '.join(f'event.{one} > 0' for one in _TOKENS)}) OR price.id IS NOT NULL"
)
_NEXT: Final = (
    "SELECT event.id FROM event LEFT JOIN price ON price.id = event.id"
    f" WHERE event.id > ? AND ({_NEEDED}) ORDER BY event.id LIMIT ?"
)
_OF_TOTAL: Final = (
    f"{_SELECT} price CROSS JOIN event ON event.id = price.id WHERE price.total_key = ? ORDER BY event.seq"
)
_FIRST_OF_TOTAL: Final = "SELECT min(id) FROM price WHERE total_key = ?"


class PricedRow(NamedTuple):
    """An event with its price."""

    id: int
    ts_us: int
    tokens: Tokens
    reported: int | None
    total_key: int | None
    status: CostStatus
    microusd: int | None
    version_no: int | None
    numbers: tuple[int, ...]
    """`store.rollups.tallies.Numbers`."""

    @property
    def model_no(self) -> int:
        """Number of the name of its model."""
        return self.numbers[-1]


def next_ids(connection: sqlite3.Connection, after: int, limit: int) -> list[int]:
    """Return the next row ids of events that have a price or need one, in order."""
    return [number for (number,) in connection.execute(_NEXT, (after, limit))]


def rows_with(connection: sqlite3.Connection, ids: Sequence[int]) -> list[PricedRow]:
    """Return these events, in the order of their ids."""
    asked = f"{_SELECT} event LEFT JOIN price ON price.id = event.id WHERE event.id IN ({', '.join('?' * len(ids))})"
    return [_row(*values) for values in connection.execute(f"{asked} ORDER BY event.id", ids)]


def rows_of_total(connection: sqlite3.Connection, total_key: int) -> list[PricedRow]:
    """Return all events that add to a running total, in the order in which they arrived."""
    return [_row(*values) for values in connection.execute(_OF_TOTAL, (total_key,))]


def first_of_total(connection: sqlite3.Connection, total_key: int) -> int:
    """Return the least row id among the events that add to a running total."""
    return int(connection.execute(_FIRST_OF_TOTAL, (total_key,)).fetchone()[0])


def _row(row_id: int, ts_us: int, *rest: Any) -> PricedRow:
    given, made, read, written, reported, total_key, status, microusd, version_no, *numbers = rest
    known = CostStatus.UNKNOWN if status is None else CostStatus(status)
    tokens = (given, made, read, written)
    return PricedRow(row_id, ts_us, tokens, reported, total_key, known, microusd, version_no, tuple(numbers))
