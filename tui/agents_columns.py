"""Which columns the Agents tab shows for a dimension at a width, and what stands above them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from store.analytics.model import Dimension

if TYPE_CHECKING:
    from collections.abc import Sequence

GUTTER: Final = 2
"""The cursor's bar, and a space."""
GAP: Final = 2
SCROLL_BAR: Final = 1
NAME: Final = (15, 36)
"""Cells of the name: at least, at most."""
ACTIVITY: Final = (8, 44)
"""Cells of the small bars: at least, at most."""
_USUAL_ACTIVITY: Final = 18
"""Before the bars get smaller than this, columns that can be done without are left out."""


@dataclass(frozen=True, slots=True)
class AgentColumn:
    """A column: `x` is its first cell, `heading` stands right-aligned above numbers."""

    name: str
    heading: str
    width: int
    right: bool = True
    x: int = 0


_CALLS: Final = AgentColumn("calls", "calls", 9)
_EVENTS: Final = AgentColumn("events", "events", 9)
_ACTIVITY: Final = AgentColumn("activity", "activity", ACTIVITY[0], right=False)
_COST: Final = AgentColumn("cost", "cost", 11)
_LAST: Final = AgentColumn("last", "last seen", 9)
_ERRORS: Final = AgentColumn("errors", "errors", 9)
_TOKENS: Final = AgentColumn("tokens", "tokens", 7)

_OF_CALLS: Final = (
    _CALLS,
    AgentColumn("change", "change", 7),
    _EVENTS,
    _ACTIVITY,
    _ERRORS,
    AgentColumn("denied", "denied", 6),
    AgentColumn("p50", "p50", 8),
    AgentColumn("p95", "p95", 8),
    AgentColumn("p99", "p99", 8),
    _TOKENS,
    _COST,
    _LAST,
)
_OF_MODELS: Final = (
    _EVENTS,
    AgentColumn("event change", "change", 7),
    _ACTIVITY,
    AgentColumn("input", "input", 7),
    AgentColumn("cache read", "cache read", 10),
    AgentColumn("cache write", "cache write", 11),
    AgentColumn("output", "output", 7),
    _TOKENS,
    _COST,
    _LAST,
)
_DROPPED: Final = ("events", "p99", "p50", "cache write", "input", "last", "change", "event change", "cache read")
"""What is left out where there is no room, in this order; the small bars go just before `last`."""
_ESSENTIAL: Final = frozenset({"calls", "errors", "denied", "p95", "tokens", "cost", "output"})


def kinds_of(by: Dimension) -> tuple[AgentColumn, ...]:
    """Return all columns of a dimension but the name, from the left. Models have no calls: theirs are events."""
    return _OF_MODELS if by is Dimension.MODEL else _OF_CALLS


def columns_for(by: Dimension, width: int) -> tuple[AgentColumn, ...]:
    """Return the columns that have room in so many cells, the name first."""
    kinds = list(kinds_of(by))
    for name in _leaving_order(by):
        bars = _USUAL_ACTIVITY if name in ("events", "p99", "p50", "cache write", "input") else ACTIVITY[0]
        if _needed(kinds, bars) <= width:
            break
        kinds = [one for one in kinds if one.name != name]
    return _placed(kinds, width)


def _leaving_order(by: Dimension) -> Sequence[str]:
    names: list[str] = list(_DROPPED)
    if by is Dimension.MODEL:
        names.remove("events")
    names.insert(names.index("last") + 1, "activity")
    return names


def _needed(kinds: Sequence[AgentColumn], bars: int) -> int:
    cells = sum(bars if one.name == "activity" else one.width for one in kinds)
    return GUTTER + NAME[0] + cells + GAP * len(kinds) + SCROLL_BAR


def _placed(kinds: Sequence[AgentColumn], width: int) -> tuple[AgentColumn, ...]:
    """Give what is over first to the name, then to the bars, and say where each column begins."""
    over = max(width - _needed(kinds, ACTIVITY[0]), 0)
    bars = any(one.name == "activity" for one in kinds)
    name = NAME[0] + min(over // 4 if bars else over, NAME[1] - NAME[0])
    over -= name - NAME[0]
    placed = [AgentColumn("name", "", name, right=False, x=GUTTER)]
    x = GUTTER + name + GAP
    for one in kinds:
        cells = min(ACTIVITY[0] + over, ACTIVITY[1]) if one.name == "activity" else one.width
        placed.append(replace(one, width=cells, x=x))
        x += cells + GAP
    return tuple(placed)
