"""Which columns the event list has at a width, and how wide they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from store.filters.keys import Key

if TYPE_CHECKING:
    from collections.abc import Iterator

GUTTER: Final = 3
"""Cells left of the first column: cursor bar, mark, space."""
GAP: Final = 2
SCROLL_BAR: Final = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name, heading, place and width in cells; `right` columns are set against their right edge."""

    name: str
    heading: str
    x: int
    width: int
    right: bool = False

    @property
    def field(self) -> Key | None:
        """What `f` and `F` filter by in this column; None: it cannot be filtered by."""
        return _FIELDS.get(self.name)


_FIELDS: Final = {
    "type": Key.TYPE,
    "agent": Key.AGENT,
    "user": Key.USER,
    "tenant": Key.TENANT,
    "tool": Key.TOOL,
    "server": Key.SERVER,
    "model": Key.MODEL,
    "status": Key.STATUS,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of narrowing: widths in cells, 0 = the column is not there. `summary` and `tool` take what is left."""

    millis: bool = True
    dated: bool = False
    type: int = 17
    agent: int = 17
    user: int = 8
    tenant: int = 7
    tool: int = 25
    server: bool = True
    took: bool = False
    status: int = 9
    summary: int = 20

    def widths(self) -> Iterator[tuple[str, str, int]]:
        """Yield name, heading and least width of every column that is there."""
        yield "time", "time", self._time()
        yield "type", "type", self.type
        yield "agent", "agent", self.agent
        yield "user", "user", self.user
        yield "tenant", "tenant", self.tenant
        yield "tool", "tool · server" if self.server else "tool", self.tool
        yield "duration", "took" if self.took else "duration", 8
        yield "status", "status" if self.status > 1 else "", self.status
        yield "summary", "summary", self.summary

    def _time(self) -> int:
        """Return the cells of a time: `14:02:06.204` or `14:02:06`; `dated`, `2024-11-22 14:02` or `24-11-22 14:02`."""
        if self.dated:
            return 16 if self.millis else 14
        return 12 if self.millis else 8

    def least(self) -> int:
        """Return how many cells it takes at least, gutter and scroll bar included."""
        shown = [width for _, _, width in self.widths() if width]
        return GUTTER + sum(shown) + GAP * (len(shown) - 1) + SCROLL_BAR + (1 if self.summary else 0)


def _ladder() -> Iterator[Step]:
    """Yield the steps from the widest on; each gives something up."""
    step = Step()
    yield step
    yield (step := replace(step, tenant=0))
    yield (step := replace(step, server=False, tool=17))
    yield (step := replace(step, user=0))
    yield (step := replace(step, status=1))
    yield (step := replace(step, millis=False))
    yield (step := replace(step, agent=15, type=16, took=True))
    yield (step := replace(step, summary=0))
    yield (step := replace(step, tool=8))
    yield (step := replace(step, tool=0))
    yield replace(step, agent=0)


def _ladder_beside_detail() -> Iterator[Step]:
    """Yield the steps for a list beside an open detail, which says what a summary would."""
    step = Step(summary=0)
    yield step
    yield (step := replace(step, tenant=0))
    yield (step := replace(step, server=False, tool=16, type=16))
    yield (step := replace(step, user=0))
    yield (step := replace(step, status=1))
    yield (step := replace(step, millis=False))
    yield (step := replace(step, agent=15, took=True))
    yield (step := replace(step, tool=8))
    yield (step := replace(step, tool=0))
    yield replace(step, agent=0)


LADDER: Final = tuple(_ladder())
LADDER_BESIDE_DETAIL: Final = tuple(_ladder_beside_detail())


@lru_cache(maxsize=64)
def columns_for(width: int, *, beside_detail: bool = False, dated: bool = False) -> tuple[Column, ...]:
    """Return the columns of an event list of `width` cells; the last step of narrowing is kept below its least.

    `dated`: times of another year than the present one are among its rows, and must be told with their year.
    """
    ladder = [replace(step, dated=dated) for step in (LADDER_BESIDE_DETAIL if beside_detail else LADDER)]
    step = next((step for step in ladder if step.least() <= width), ladder[-1])
    spare = max(width - step.least(), 0)
    elastic = "summary" if step.summary else "tool" if step.tool else "type"
    columns: list[Column] = []
    x = GUTTER
    for name, heading, least in step.widths():
        if not least:
            continue
        wide = least + (spare if name == elastic else 0)
        columns.append(Column(name, heading, x, wide, right=name == "duration"))
        x += wide + GAP
    return tuple(columns)
