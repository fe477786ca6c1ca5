"""Columns that somebody chose and put in order, laid out for a width."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tui.columns import GAP, GUTTER, SCROLL_BAR, Column

if TYPE_CHECKING:
    from collections.abc import Sequence

_DATED: Final = 16
_NUMBERS: Final = frozenset({"duration", "tokens", "cost"})


@dataclass(frozen=True, slots=True)
class Kind:
    """A column that can be chosen: what is in it, and how many cells it has at most and at least."""

    name: str
    heading: str
    about: str
    width: int
    least: int


KINDS: Final = (
    Kind("time", "time", "when it happened", 12, 8),
    Kind("type", "type", "type of event", 17, 12),
    Kind("agent", "agent", "who did it", 17, 10),
    Kind("user", "user", "on whose behalf", 10, 8),
    Kind("tenant", "tenant", "the customer it was for", 9, 7),
    Kind("tool", "tool", "the tool that was called", 17, 8),
    Kind("server", "server", "the server of the tool", 12, 8),
    Kind("model", "model", "the model that answered", 17, 8),
    Kind("owner", "owner", "whose resource was touched", 9, 7),
    Kind("duration", "took", "how long it took", 8, 8),
    Kind("tokens", "tokens", "tokens of all kinds", 9, 7),
    Kind("cost", "cost", "what it cost, in dollars", 9, 8),
    Kind("status", "status", "how it ended", 9, 1),
    Kind("summary", "summary", "what was said", 30, 12),
)
"""Every column, in the usual order."""
USUAL: Final = ("time", "type", "agent", "user", "tenant", "tool", "duration", "status", "summary")
"""What a list shows where there is room for all and nothing was chosen."""
_KIND: Final = {kind.name: kind for kind in KINDS}


@lru_cache(maxsize=64)
def chosen_columns_for(names: tuple[str, ...], width: int, *, dated: bool = False) -> tuple[Column, ...]:
    """Return the columns with these names in this order, for a list of `width` cells.

    Where they do not fit they first become narrower, all of them alike, and then the last ones are left out. `dated`:
    times are told with their year. Names that are not known are passed over.
    """
    kinds = [_KIND[name] for name in names if name in _KIND]
    while len(kinds) > 1 and _sum([_least(kind, dated=dated) for kind in kinds]) > width:
        kinds.pop()
    return tuple(_laid_out(kinds, _widths(kinds, width, dated=dated)))


def _least(kind: Kind, *, dated: bool) -> int:
    return _DATED if dated and kind.name == "time" else kind.least


def _sum(widths: Sequence[int]) -> int:
    return GUTTER + sum(widths) + GAP * (len(widths) - 1) + SCROLL_BAR


def _widths(kinds: Sequence[Kind], width: int, *, dated: bool) -> list[int]:
    least = [_least(kind, dated=dated) for kind in kinds]
    wanted = [max(kind.width, low) for kind, low in zip(kinds, least, strict=True)]
    spare = max(width - _sum(least), 0)
    missing = sum(wanted) - sum(least)
    if missing > spare:
        return [low + (full - low) * spare // missing for low, full in zip(least, wanted, strict=True)]
    names = [kind.name for kind in kinds]
    elastic = names.index("summary") if "summary" in names else len(names) - 1
    if names[elastic] not in (*_NUMBERS, "status"):
        wanted[elastic] += spare - missing
    return wanted


def _laid_out(kinds: Sequence[Kind], widths: Sequence[int]) -> list[Column]:
    columns: list[Column] = []
    x = GUTTER
    for kind, room in zip(kinds, widths, strict=True):
        # Of a status there is the sign alone, or the sign with its word: nothing between.
        wide = 1 if kind.name == "status" and room < kind.width else room
        heading = "" if wide == 1 else kind.heading
        columns.append(Column(kind.name, heading, x, wide, right=kind.name in _NUMBERS))
        x += wide + GAP
    return columns
