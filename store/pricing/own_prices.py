"""One's own prices, from the settings; what they say nothing about is asked elsewhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from config.prices import OwnPrice
from store.filters.matching import text_matches
from store.filters.syntax import Glob
from store.pricing.pricer import Priced, Pricer, Tokens
from store.pricing.unit_prices import UnitPrices, flat, unit_prices

_MODELS: Final = 4096
"""Models that are remembered."""
_DAY_US: Final = 86_400_000_000
_FIRST: Final = date(1970, 1, 1)


class _Entry(NamedTuple):
    """Prices of the models of one name from `start_us` up to but not at `end_us`; None: without an end."""

    name: str
    start_us: int | None
    end_us: int | None
    prices: UnitPrices

    def holds_at(self, ts_us: int) -> bool:
        return (self.start_us is None or ts_us >= self.start_us) and (self.end_us is None or ts_us < self.end_us)


class OwnPrices:
    """A `Pricer` of the settings' prices. From one thread at a time."""

    def __init__(self, prices: Sequence[OwnPrice], others: Pricer) -> None:
        """Ask `others` for what no entry is about."""
        self.prices: Final = tuple(prices)
        self._entries = [_entry(price) for price in prices]
        self._others = others
        self._version = f"own prices {_hash(prices)}"
        self._models: dict[str, tuple[_Entry, ...]] = {}

    def price(self, model: str | None, ts_us: int, tokens: Tokens) -> Priced:
        """See `Pricer`. The first entry that fits model and time holds; `*` also fits an event that states no model."""
        for entry in self._entries_of(model or ""):
            if entry.holds_at(ts_us):
                return Priced(entry.prices.cost(tokens), self._version)
        return self._others.price(model, ts_us, tokens)

    def _entries_of(self, model: str) -> tuple[_Entry, ...]:
        found = self._models.get(model)
        if found is None:
            if len(self._models) >= _MODELS:
                self._models.clear()
            name = model.lower()
            found = self._models[model] = tuple(one for one in self._entries if _fits(one.name, name))
        return found


def _fits(pattern: str, name: str) -> bool:
    return text_matches(Glob(tuple(pattern.split("*"))), name) if "*" in pattern else name == pattern


def _entry(price: OwnPrice) -> _Entry:
    kinds = (
        price.input,
        price.output,
        price.input if price.cache_read is None else price.cache_read,
        price.input if price.cache_write is None else price.cache_write,
    )
    return _Entry(
        name=price.model.lower(),
        start_us=None if price.first_day is None else _midnight_us(price.first_day),
        end_us=None if price.last_day is None else _midnight_us(price.last_day) + _DAY_US,
        prices=unit_prices(tuple(flat(kind) for kind in kinds)),
    )


def _midnight_us(day: date) -> int:
    return (day - _FIRST).days * _DAY_US


def _hash(prices: Sequence[OwnPrice]) -> str:
    """Return eight letters and digits that differ where what is charged differs."""
    stated = [{key: _plain(value) for key, value in price} for price in prices]
    return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()[:8]


def _plain(value: object) -> str | None:
    """Return a value as text; 3 and 3.00 are one price."""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else None if value is None else str(value)
