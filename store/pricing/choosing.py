"""Which lists of prices are asked, in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter

from config.prices import OwnPrice
from store.pricing.own_prices import OwnPrices
from store.pricing.public_prices import PublicPrices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.settings import Settings
    from store.pricing.pricer import Pricer

PUBLIC_ONLY: Final = "[]"
"""What `as_text` gives for the public prices alone."""
_ENTRIES: Final = TypeAdapter(tuple[OwnPrice, ...])


def default_pricer() -> Pricer:
    """Return the public prices alone. They are loaded when the first price is asked."""
    return PublicPrices()


def pricer_of(settings: Settings) -> Pricer:
    """Return the prices that hold under these settings: one's own first, then the public ones."""
    return _first_ask(settings.prices)


def as_text(pricer: Pricer) -> str:
    """Return what another process needs to ask for the same prices: one's own as JSON."""
    return _ENTRIES.dump_json(pricer.prices if isinstance(pricer, OwnPrices) else (), by_alias=True).decode()


def pricer_from(text: str) -> Pricer:
    """Return the prices that `as_text` was asked about, in another process."""
    return _first_ask(_ENTRIES.validate_json(text))


def _first_ask(prices: Sequence[OwnPrice]) -> Pricer:
    return OwnPrices(prices, default_pricer()) if prices else default_pricer()
