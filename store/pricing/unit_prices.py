"""Prices of single tokens, exact: numbers are whole and only the price of a message is rounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from store.pricing.pricer import MOST_MICROUSD, Tokens

Steps = tuple[tuple[int, int], ...]
"""Prices by the size of the request: (more input tokens than this, price), the largest size first."""
_ALWAYS: Final = -1


@dataclass(frozen=True, slots=True)
class UnitPrices:
    """What one token of each kind costs, in parts of a micro-USD: a dollar for a million is a micro-USD for each."""

    scale: int
    """How many parts a micro-USD has."""
    kinds: tuple[Steps | None, Steps | None, Steps | None, Steps | None]
    """Input, output, cache read, cache write; None: there is no price for this kind."""
    fee: int = 0
    """What each request costs beside its tokens."""

    def cost(self, tokens: Tokens) -> int | None:
        """Return what a message costs in micro-USD, a half rounded to the even side.

        None: a kind of token has no price, or the sum is beyond what can be believed.
        """
        size = tokens[0] + tokens[2] + tokens[3]
        parts = self.fee
        for count, steps in zip(tokens, self.kinds, strict=True):
            if count:
                if steps is None:
                    return None
                parts += count * next(price for above, price in steps if size > above)
        cost = _half_even(parts, self.scale)
        return cost if cost <= MOST_MICROUSD else None


def unit_prices(kinds: tuple[Mapping[int, Decimal] | None, ...], fee: Decimal = Decimal(0)) -> UnitPrices:
    """Return prices in USD per million tokens of input, output, cache read and cache write as whole numbers.

    Each kind is a map from a number of input tokens to the price of larger requests; -1 stands for all of them.
    `fee` is micro-USD for a request.
    """
    stated = [price for kind in kinds if kind is not None for price in kind.values()]
    scale = 10 ** max(map(_decimals, (*stated, fee)))
    first, second, third, fourth = (None if kind is None else _steps(kind, scale) for kind in kinds)
    return UnitPrices(scale, (first, second, third, fourth), int(fee * scale))


def flat(price: Decimal) -> Mapping[int, Decimal]:
    """Return one price for requests of every size."""
    return {_ALWAYS: price}


def _decimals(price: Decimal) -> int:
    exponent = price.as_tuple().exponent
    assert isinstance(exponent, int), "prices are finite"
    return max(0, -exponent)


def _steps(kind: Mapping[int, Decimal], scale: int) -> Steps:
    return tuple((above, int(price * scale)) for above, price in sorted(kind.items(), reverse=True))


def _half_even(parts: int, scale: int) -> int:
    whole, rest = divmod(parts, scale)
    twice = 2 * rest
    return whole + (twice > scale or (twice == scale and whole & 1 == 1))
