"""Which columns a thread has at a width, and how wide they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

GUTTER: Final = 2
"""Cells left of the first column: cursor bar, space."""
GAP: Final = 2
SCROLL_BAR: Final = 1

_ROOMY: Final = 150
_MIDDLE: Final = 118
_SMALL: Final = 110
_LEAST_WATERFALL: Final = 12
_WATERFALL_SHARE: Final = 0.4
_SMALL_SHARE: Final = 0.26


@dataclass(frozen=True, slots=True)
class ThreadColumns:
    """Widths in cells; 0: the column is not there. `tree` and `waterfall` share what the others leave."""

    time: int
    tree: int
    agent: int
    tokens: int
    cost: int
    took: int
    waterfall: int

    def widths(self) -> tuple[tuple[str, str, int, bool], ...]:
        """Return name, heading, width and whether it is set against the right edge, of every column that is there."""
        every = (
            ("time", "time", self.time, False),
            ("tree", "event", self.tree, False),
            ("agent", "agent", self.agent, False),
            ("tokens", "tokens", self.tokens, True),
            ("cost", "cost", self.cost, True),
            ("took", "took", self.took, True),
            ("waterfall", "", self.waterfall, False),
        )
        return tuple(column for column in every if column[2])


@lru_cache(maxsize=64)
def thread_columns(width: int, *, tokens: bool = True, cost: bool = True) -> ThreadColumns:
    """Return the columns of a thread of `width` cells; those of tokens and cost only where the thread has any."""
    time = 12 if width >= _MIDDLE else 8
    agent = 16 if width >= _ROOMY else 14 if width >= _SMALL else 0
    tokens_width = 7 if tokens and width >= _MIDDLE else 0
    cost_width = 8 if cost and width >= _ROOMY else 0
    fixed = (time, agent, tokens_width, cost_width, 8)
    used = GUTTER + sum(fixed) + GAP * (len([one for one in fixed if one]) + 1) + SCROLL_BAR
    room = max(width - used, 0)
    share = _WATERFALL_SHARE if width >= _SMALL else _SMALL_SHARE
    waterfall = min(max(int(room * share), _LEAST_WATERFALL), room)
    return ThreadColumns(time, room - waterfall, agent, tokens_width, cost_width, 8, waterfall)
