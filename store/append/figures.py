"""What a row adds to the sums by hour and by day, and the prices of its tokens."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from store.append.prepared import PlainEvent, Prepared
from store.events import NewEvent
from store.ids import sort_ms
from store.pricing.booking import Booked, PriceBook, UsageStep
from store.pricing.pricer import CostStatus, Pricer, Tokens
from store.rollups.sums import MOST
from store.rollups.tallies import Numbers, Tallies


class RowFigures:
    """The sums and prices of one batch."""

    def __init__(self, connection: sqlite3.Connection, pricer: Pricer) -> None:
        """Ask `pricer` what tokens cost whose producer does not say."""
        self._book = PriceBook(connection, pricer)
        self._tallies = Tallies(connection)

    def forget(self) -> None:
        """Drop what is counted and cached, after a rollback or another writer's commit."""
        self._tallies.forget()
        self._book.forget()

    def add_all_plain(self, numbers: Sequence[Numbers], prepared: Prepared) -> None:
        """Count the plain events of a batch; `numbers` has what its names are."""
        self._tallies.add_plain(numbers, prepared.sums)

    def price_plain(self, row_id: int, event: PlainEvent, numbers: Numbers, model: str | None) -> int:
        """Find the price of a plain event's tokens; return what was computed, in micro-USD."""
        _, ms, ts_us, *_, tail = event
        booked = self._book.book(row_id, ts_us, model, _tokens(tail[1:5]), None, None)
        self._add_price(numbers, ms, booked)
        return booked.computed_microusd

    def count(self, event: NewEvent, numbers: Numbers, ms: int, outcome: int) -> None:
        """Count an event that needed a look-up, as it is stored."""
        self._tallies.count(numbers, ms, event.ts_us or 0, outcome, event.duration_us)

    def add_cost(self, event: NewEvent, row_id: int, numbers: Numbers, step: UsageStep | None) -> int:
        """Add such an event's tokens and cost; return what was computed as its cost in micro-USD."""
        stated = (event.input_tokens, event.output_tokens, event.cache_read_tokens, event.cache_write_tokens)
        cost = event.cost_microusd
        if cost is None and not any(stated):
            return 0
        ts_us = event.ts_us or 0
        ms = sort_ms(ts_us)
        tokens = _tokens(stated)
        self._tallies.add_cost(numbers, ms, tokens, cost)
        if cost is not None and step is None:
            return 0
        booked = self._book.book(row_id, ts_us, event.model, tokens, cost, step)
        self._add_price(numbers, ms, booked)
        return booked.computed_microusd

    def _add_price(self, numbers: Numbers, ms: int, booked: Booked) -> None:
        status, computed = booked
        priced, unpriced = status == CostStatus.PRICED, status == CostStatus.UNKNOWN
        if priced or unpriced or computed:
            self._tallies.add_price(numbers, ms, computed, int(priced), int(unpriced))

    def flush(self) -> None:
        """Store the batch's prices and sums."""
        self._book.flush()
        self._tallies.flush()


def _tokens(stated: Sequence[int | None]) -> Tokens:
    """Return an event's tokens, none of them beyond what an event counts as."""
    given, made, read, written = (min(number or 0, MOST) for number in stated)
    return given, made, read, written
