"""Prices computed anew, after they or one's own list of them have changed; sums and totals are kept in step."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Final, NamedTuple

from store.failures import as_store_error
from store.ids import sort_ms
from store.names import NO_NAME
from store.pricing.booking import REPORTED, PriceVersions, difference
from store.pricing.priced_rows import PricedRow, first_of_total, next_ids, rows_of_total, rows_with
from store.pricing.pricer import CostStatus, Pricer, Tokens
from store.pricing.repriced import Changes, Repriced
from store.rollups.sums import MOST
from store.rollups.tallies import Tallies
from store.store import Store

CHUNK: Final = 1_000
"""Events in one transaction: few enough that whoever appends beside it waits for some milliseconds only."""
_NAMES: Final = 10_000
_STORE: Final = (
    "INSERT INTO price (id, total_key, status, microusd, version_no) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET status = excluded.status, microusd = excluded.microusd,"
    " version_no = excluded.version_no"
)

OnProgress = Callable[[int], None]
"""Told how many events were looked at so far."""


class _NewPrice(NamedTuple):
    row: PricedRow
    status: CostStatus
    microusd: int | None
    version: str


def reprice(
    store: Store, pricer: Pricer, *, dry_run: bool = False, progress: OnProgress | None = None, chunk: int = CHUNK
) -> Repriced:
    """Price all events anew whose producers stated no cost; return what that changes. A dry run changes nothing.

    Each chunk is a transaction of its own, after which prices, totals and sums agree: it may be stopped at any time,
    and done again. Others may append meanwhile.

    Raises:
        StoreError: the store cannot be used; what was priced before stays.
    """
    repricing = _Repricing(store, pricer, chunk, dry_run=dry_run)
    try:
        while repricing.step():
            if progress is not None:
                progress(repricing.changes.looked_at)
    except sqlite3.Error as error:
        raise as_store_error(error, store.path) from error
    return repricing.changes.done()


class _Repricing:
    """How far it is."""

    def __init__(self, store: Store, pricer: Pricer, chunk: int, *, dry_run: bool) -> None:
        self.changes: Final = Changes()
        self._store = store
        self._connection = store.connection
        self._pricer = pricer
        self._chunk = chunk
        self._dry_run = dry_run
        self._versions = PriceVersions(store.connection)
        self._tallies = Tallies(store.connection)
        self._models: dict[int, str | None] = {}
        self._at = -1

    def step(self) -> bool:
        """Price the next chunk; return whether there was any."""
        with self._store.lock:
            # Looked for outside of the transaction: where few events have tokens, that takes long.
            ids = next_ids(self._connection, self._at, self._chunk)
            if not ids:
                return False
            with self._transaction():
                found = self._new_prices(rows_with(self._connection, ids))
                if not self._dry_run:
                    self._keep(found)
        for one in found:
            self._count(one)
        self._at = ids[-1]
        return True

    def _transaction(self) -> AbstractContextManager[object]:
        return nullcontext() if self._dry_run else self._store.writing()

    def _new_prices(self, rows: Sequence[PricedRow]) -> list[_NewPrice]:
        """Return the prices of a chunk; those of a running total, wherever its events are, with its first one."""
        found: list[_NewPrice] = []
        for row in rows:
            if row.total_key is None:
                found.append(self._price(row, _clamped(row.tokens), 0))
            elif first_of_total(self._connection, row.total_key) == row.id:
                found += self._price_total(row.total_key)
        return found

    def _price(self, row: PricedRow, tokens: Tokens, recorded: int) -> _NewPrice:
        price, version = self._pricer.price(self._model(row.model_no), row.ts_us, tokens)
        if price is None:
            return _NewPrice(row, CostStatus.UNKNOWN, None, version)
        return _NewPrice(row, CostStatus.PRICED, difference(price, recorded), version)

    def _price_total(self, total_key: int) -> list[_NewPrice]:
        """Go through a running total as it grew; see `PriceBook.book`."""
        found: list[_NewPrice] = []
        tokens: Tokens = (0, 0, 0, 0)
        reported = computed = 0
        for row in rows_of_total(self._connection, total_key):
            given, made, read, written = (one + more for one, more in zip(tokens, row.tokens, strict=True))
            tokens = (given, made, read, written)
            if row.reported is not None:
                new = _NewPrice(row, CostStatus.REPORTED, difference(0, computed), REPORTED)
            else:
                new = self._price(row, tokens, reported + computed)
            reported += row.reported or 0
            computed += new.microusd or 0
            found.append(new)
        return found

    def _model(self, number: int) -> str | None:
        if number == NO_NAME:
            return None
        if number not in self._models:
            if len(self._models) >= _NAMES:
                self._models.clear()
            row = self._connection.execute("SELECT text FROM name WHERE id = ?", (number,)).fetchone()
            self._models[number] = None if row is None else str(row[0])
        return self._models[number]

    def _keep(self, found: Sequence[_NewPrice]) -> None:
        """Store what has changed, in prices, totals and sums alike."""
        self._versions.forget()
        self._tallies.forget()
        numbers = [self._versions.number_of(one.version) for one in found]
        self._versions.flush()
        stored: list[tuple[int, int | None, int, int | None, int]] = []
        grown: dict[int, int] = {}
        for new, number in zip(found, numbers, strict=True):
            row = new.row
            if (new.status, new.microusd, number) != (row.status, row.microusd, row.version_no):
                stored.append((row.id, row.total_key, int(new.status), new.microusd, number))
            self._add_up(new)
            if row.total_key is not None:
                grown[row.total_key] = grown.get(row.total_key, 0) + (new.microusd or 0)
        self._connection.executemany(_STORE, sorted(stored, key=lambda one: one[0]))
        self._connection.executemany(
            "UPDATE usage_total SET computed_microusd = ? WHERE id = ?",
            [(microusd, key) for key, microusd in sorted(grown.items())],
        )
        self._tallies.flush()

    def _add_up(self, new: _NewPrice) -> None:
        """Take the price of before out of the sums, and put the new one in."""
        row = new.row
        if (row.status, row.microusd) == (new.status, new.microusd):
            return
        ms = sort_ms(row.ts_us)
        for sign, status, microusd in ((-1, row.status, row.microusd), (1, new.status, new.microusd)):
            priced, unpriced = status is CostStatus.PRICED, status is CostStatus.UNKNOWN
            self._tallies.add_price(row.numbers, ms, sign * (microusd or 0), sign * priced, sign * unpriced)

    def _count(self, new: _NewPrice) -> None:
        row = new.row
        self.changes.add(
            self._model(row.model_no),
            row.microusd,
            new.microusd,
            unknown_before=row.status is CostStatus.UNKNOWN,
            unknown_after=new.status is CostStatus.UNKNOWN,
        )


def _clamped(tokens: Tokens) -> Tokens:
    """Return tokens as an append counts them."""
    given, made, read, written = (min(number, MOST) for number in tokens)
    return given, made, read, written
