"""Bars above an axis, drawn by plotext: the only module that knows it.

plotext has one figure for the whole process, cuts it to the size of a terminal that may not be there, and takes colour
codes out of labels. So it is used under one lock, without its limits, with labels made safe, and only the signs that it
draws are kept: what they look like is a matter of the style sheet. It is imported at the first drawing, or by `load`.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from rich.cells import cell_len

from store.safe_text import safe_text

_LOCK: Final = Lock()
_COLOR: Final = re.compile(r"\x1b\[[0-9;]*m")
_IN_ASCII: Final = str.maketrans("│┤└┬─┼┴├", "|+++-+++")
_AXIS: Final = 1
_BELOW: Final = 2
"""Rows below the bars: the axis and its labels."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars from the left; `ticks` are the index of a bar and what is written below it.

    `top` is written at the height of the highest bar. Every bar is `cells` wide and the bars are `height` rows high.
    """

    bars: tuple[int, ...]
    ticks: tuple[tuple[int, str], ...]
    top: str
    height: int
    cells: int = 1


@dataclass(frozen=True, slots=True)
class Drawn:
    """Rows of signs, all of the same width; the bars begin at column `left` and are in the first `height` rows."""

    rows: tuple[str, ...]
    left: int
    height: int


def is_loaded() -> bool:
    """Return whether drawing would not have to import plotext first, which takes a tenth of a second."""
    return "plotext" in sys.modules and not _LOCK.locked()


def load() -> None:
    """Import plotext; for a worker, so that the first drawing keeps nobody waiting."""
    with _LOCK:
        import plotext  # noqa: F401, PLC0415  # pyright: ignore[reportMissingTypeStubs, reportUnusedImport]


def draw(chart: Chart, *, ascii_only: bool = False) -> Drawn:
    """Return the chart as rows of signs."""
    top = safe_text(chart.top)
    left = cell_len(top) + _AXIS
    width = left + len(chart.bars) * chart.cells
    with _LOCK:
        text = _plotted(chart, top, width, "#" if ascii_only else "hd")
    rows = [_COLOR.sub("", row) for row in text.splitlines()[: chart.height + _BELOW]]
    if ascii_only:
        rows = [row.translate(_IN_ASCII) for row in rows]
    return Drawn(tuple(row.ljust(width) for row in rows), left, chart.height)


def _plotted(chart: Chart, top: str, width: int, marker: str) -> str:
    import plotext  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]

    library: Any = plotext
    figure = library.figure
    library.terminal.limit(False, False)  # noqa: FBT003 (width, height: not those of the terminal)
    figure.clear()
    figure.plot_size(width, chart.height + _BELOW)
    figure.axes(False, axis="x", side="upper")  # noqa: FBT003 (its first parameter is whether it is shown)
    figure.axes(False, axis="y", side="right")  # noqa: FBT003
    peak = max((*chart.bars, 1))
    heights = [height for height in chart.bars for _ in range(chart.cells)]
    places = [place for place, height in enumerate(heights) if height]
    if places:  # from below the axis: one that starts at 0 would leave half of the lowest row empty
        figure.draw(figure.bar(places, [-peak] * len(places), [heights[one] for one in places], width=1, marker=marker))
    across, up = figure.ruler("x"), figure.ruler("y")
    across.lim(-0.5, len(heights) - 0.5)
    across.ticks([at * chart.cells for at, _ in chart.ticks], [safe_text(label) for _, label in chart.ticks])
    up.lim(0, peak)
    up.ticks([0, peak], ["0".rjust(cell_len(top)), top])
    return str(figure.build().string())
