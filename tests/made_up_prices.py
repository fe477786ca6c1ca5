"""A list of prices for tests: simple enough to be known by heart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from store.events import NewEvent
from store.pricing.pricer import MOST_MICROUSD, Priced, Tokens

VERSION: Final = "made up"


@dataclass
class MadeUpPrices:
    """A `Pricer`: a token of each kind costs so many micro-USD; events that state no model have no price."""

    each: Tokens = (1, 1, 1, 1)
    version: str = VERSION
    models: tuple[str, ...] | None = None
    """Models that have a price; None: all of them."""
    dear_from: int | None = None
    """From how many input tokens on (the plain kind) everything costs twice as much; None: never."""

    def price(self, model: str | None, ts_us: int, tokens: Tokens) -> Priced:
        """See `Pricer`."""
        del ts_us
        price = sum(count * each for count, each in zip(tokens, self.each, strict=True))
        if self.dear_from is not None and tokens[0] >= self.dear_from:
            price *= 2
        known = model is not None and (self.models is None or model in self.models) and price <= MOST_MICROUSD
        return Priced(price if known else None, self.version)


def made_up_cost(event: NewEvent) -> int | None:
    """Return what the store computes for an event by these prices; None: nothing."""
    stated = (event.input_tokens, event.output_tokens, event.cache_read_tokens, event.cache_write_tokens)
    return None if event.model is None or not any(stated) else sum(number or 0 for number in stated)
