"""Keeps `price`: what events with tokens cost where their producers did not say."""

from __future__ import annotations

import sqlite3
from typing import Final, NamedTuple

from store.pricing.pricer import MOST_MICROUSD, CostStatus, Pricer, Tokens

REPORTED: Final = "reported"
"""What stands in the place of a list of prices where a producer has stated the cost."""
_INSERT: Final = "INSERT INTO price (id, total_key, status, microusd, version_no) VALUES (?, ?, ?, ?, ?)"


class Booked(NamedTuple):
    """What an event costs beyond what its producer states."""

    status: int
    """A `CostStatus`."""
    computed_microusd: int
    """0 where nothing is computed or it is not known; negative where a price of before is taken back."""


class UsageStep(NamedTuple):
    """Where an event stands within a running total of tokens."""

    total_key: int
    """Key of the total's row in `usage_total`."""
    total_tokens: Tokens
    """The total so far, with this event."""
    recorded_microusd: int
    """What was recorded of the total before this event, reported and computed together."""


def difference(price: int, recorded: int) -> int:
    """Return what a price is more than was recorded before; no absurd number makes it more than can be believed."""
    return max(-MOST_MICROUSD, min(price - recorded, MOST_MICROUSD))


class PriceBook:
    """The prices of one batch."""

    def __init__(self, connection: sqlite3.Connection, pricer: Pricer) -> None:
        """Ask `pricer`, write over `connection` within the caller's transaction."""
        self._connection = connection
        self._pricer = pricer
        self._rows: list[tuple[int, int | None, int, int | None, int]] = []
        self._computed: dict[int, int] = {}
        self._versions = PriceVersions(connection)

    def forget(self) -> None:
        """Drop what is cached, after a rollback or another writer's commit."""
        self._rows.clear()
        self._computed.clear()
        self._versions.forget()

    def book(  # noqa: PLR0917 (called for each event with tokens; words for its arguments would cost time)
        self,
        row_id: int,
        ts_us: int,
        model: str | None,
        tokens: Tokens,
        reported: int | None,
        total: UsageStep | None,
    ) -> Booked:
        """Take note of what an event costs; `tokens` and `reported` (micro-USD) are those of its row.

        An event that adds to a running total costs what the total so far does, less what was recorded of it. Once its
        producer states a cost, what was computed before is taken back. Tokens of nothing leave no row.
        """
        if reported is not None:
            return self._reported(row_id, total)
        if not any(tokens):
            return Booked(CostStatus.NONE, 0)
        price, version = self._pricer.price(model, ts_us, tokens if total is None else total.total_tokens)
        if price is None:
            return self._note(row_id, total, CostStatus.UNKNOWN, None, version)
        more = price if total is None else difference(price, total.recorded_microusd)
        return self._note(row_id, total, CostStatus.PRICED, more, version)

    def _reported(self, row_id: int, total: UsageStep | None) -> Booked:
        """Note an event whose producer states its cost: only where it belongs to a total.

        Then it is kept even if nothing is taken back, so that a later repricing finds all of the total.
        """
        if total is None:
            return Booked(CostStatus.REPORTED, 0)
        back = difference(0, self._computed_of(total.total_key))
        return self._note(row_id, total, CostStatus.REPORTED, back, REPORTED)

    def _note(
        self, row_id: int, total: UsageStep | None, status: CostStatus, microusd: int | None, version: str
    ) -> Booked:
        key = None if total is None else total.total_key
        self._rows.append((row_id, key, int(status), microusd, self._versions.number_of(version)))
        if key is not None and microusd:
            self._computed[key] = self._computed.get(key, 0) + microusd
        return Booked(status, microusd or 0)

    def _computed_of(self, total_key: int) -> int:
        """Return what was computed for a total so far, in this batch and before."""
        stored = self._connection.execute("SELECT sum(microusd) FROM price WHERE total_key = ?", (total_key,))
        return int(stored.fetchone()[0] or 0) + self._computed.get(total_key, 0)

    def flush(self) -> None:
        """Store the batch's prices, in the order of their ids."""
        self._versions.flush()
        self._connection.executemany(_INSERT, sorted(self._rows, key=lambda row: row[0]))
        self._rows.clear()
        self._computed.clear()


class PriceVersions:
    """The numbers of lists of prices."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Start with nothing known."""
        self._connection = connection
        self._numbers: dict[str, int] = {}
        self._fresh: list[tuple[int, str]] = []

    def forget(self) -> None:
        """Drop what is cached."""
        self._numbers.clear()
        self._fresh.clear()

    def number_of(self, text: str) -> int:
        """Return the number of a list of prices; a new one is stored by `flush`."""
        number = self._numbers.get(text)
        return self._look_up(text) if number is None else number

    def _look_up(self, text: str) -> int:
        if not self._numbers:
            stored = self._connection.execute("SELECT id, text FROM price_version").fetchall()
            self._numbers = {known: number for number, known in stored}
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = max(self._numbers.values(), default=0) + 1
            self._fresh.append((number, text))
        return number

    def flush(self) -> None:
        """Store what is new."""
        self._connection.executemany("INSERT INTO price_version (id, text) VALUES (?, ?)", self._fresh)
        self._fresh.clear()
