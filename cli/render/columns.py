"""The columns of the event table and how they give way when a terminal is narrow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

GAP: Final = 2
MIN_SUMMARY: Final = 20

NAMES: Final = ("time", "type", "agent", "user", "tenant", "tool", "took", "status", "summary")
"""In order. The last takes what is left."""

CHOICES: Final = (*NAMES, "server", "model", "owner", "tokens", "cost", "seq")
"""What people may choose from."""

CAPS: Final[dict[str, int]] = {
    "type": 24,
    "agent": 20,
    "user": 16,
    "tenant": 14,
    "tool": 32,
    "status": 9,
    "server": 20,
    "model": 28,
    "owner": 14,
}
"""On a terminal no column but the summary is wider, whatever an event says."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Widths in cells; 0 leaves a column out."""

    widths: Mapping[str, int]
    total: int | None
    """Cells of a line; None: no limit, nothing is cut."""
    server: bool = True
    """Whether a tool is shown with its server."""
    milliseconds: bool = True
    status_word: bool = True
    order: tuple[str, ...] = NAMES
    """All columns that may be shown; the last takes what is left."""

    def shown(self) -> tuple[str, ...]:
        """Return the names of the columns before the last that are shown."""
        return tuple(name for name in self.order[:-1] if self.widths.get(name, 0))

    def fixed(self) -> int:
        """Return the cells before the summary, gaps included."""
        return sum(self.widths[name] + GAP for name in self.shown())

    def without(self, name: str) -> Layout:
        """Return the layout with one column less."""
        return replace(self, widths={**self.widths, name: 0})

    def capped(self, name: str, cells: int) -> Layout:
        """Return the layout with a column no wider than `cells`."""
        return replace(self, widths={**self.widths, name: min(self.widths.get(name, 0), cells)})


Measure = Callable[[Layout], "Iterable[Mapping[str, str]]"]
"""Gives the cells' texts of sample rows as a layout would show them."""


def natural(sample: Measure, layout: Layout, *, cap: bool) -> Layout:
    """Return the layout with each column as wide as the sample needs.

    A column without any value is left out, unless the columns were chosen.
    """
    widths: dict[str, int] = dict.fromkeys(layout.order[:-1], 0)
    for cells in sample(layout):
        widths = {name: max(width, cell_len(cells[name])) for name, width in widths.items()}
    chosen = layout.order != NAMES
    for name, width in widths.items():
        needed = max(width, len(name)) if width or chosen else 0
        widths[name] = min(needed, CAPS.get(name, needed)) if cap else needed
    return replace(layout, widths=widths)


def fitted(sample: Measure, total: int | None, order: tuple[str, ...] = NAMES) -> Layout:
    """Return the widest layout that leaves the summary its least room in `total` cells; None: everything, uncut.

    Columns that were chosen (`order`) are all shown, however narrow the terminal is.
    """
    layout = natural(sample, Layout({}, total, order=order), cap=total is not None)
    if total is None or order != NAMES:
        return layout
    for narrower in _steps(sample, layout):
        if narrower.fixed() + MIN_SUMMARY <= total:
            return narrower
        layout = narrower
    return layout


def _steps(sample: Measure, layout: Layout) -> Iterator[Layout]:
    """Give ever narrower layouts; what says the least goes first."""
    yield layout
    dropped = {"tenant"}
    yield (step := layout.without("tenant"))
    for changes in ({"server": False}, {"server": False, "status_word": False, "milliseconds": False}):
        step = natural(sample, replace(layout, **changes), cap=True)
        for name in dropped:
            step = step.without(name)
        yield step
    yield (step := step.without("user"))
    yield (step := step.capped("agent", 15).capped("tool", 17).capped("type", 18))
    yield (step := step.without("took"))
    yield (step := step.without("tool"))
    yield step.without("agent")
