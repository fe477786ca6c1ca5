"""What a list of prices is asked, and what it answers."""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple, Protocol

Tokens = tuple[int, int, int, int]
"""Input without what came from or went to a cache, output, cache read, cache write."""

MOST_MICROUSD: Final = 10**12
"""A million dollars: no message costs more, and the sums of more would leave 64 bits. `store.rollups` has the same."""


class CostStatus(IntEnum):
    """How the cost of an event is known; the numbers are kept in the store."""

    NONE = 0
    """It has neither tokens nor a cost."""
    REPORTED = 1
    """Its producer states it."""
    PRICED = 2
    """It was computed from its tokens."""
    UNKNOWN = 3
    """It has tokens, and no list of prices knows its model."""


class Priced(NamedTuple):
    """The price of tokens."""

    microusd: int | None
    """At most `MOST_MICROUSD`; None: not known, never 0."""
    version: str
    """Which list of prices says so, such as `genai-prices 0.2.3`; of a price that is not known, which was asked."""


class Pricer(Protocol):
    """A list of prices."""

    def price(self, model: str | None, ts_us: int, tokens: Tokens) -> Priced:
        """Return what these tokens of a model cost at a time (UTC microseconds); None as model: nobody stated it."""
        ...
