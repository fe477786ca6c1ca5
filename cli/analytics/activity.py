"""When something happened: the window in hours, days, weeks or months of the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from store.analytics.calendar_spans import edges_of
from store.analytics.model import Dimension, Figures
from store.analytics.periods import Period, equal_edges
from tui import format as words

if TYPE_CHECKING:
    from cli.analytics.asking import Asking, Names
    from cli.analytics.window import Window

_HOUR_US: Final = 3_600_000_000
_MOST: Final = {Period.HOUR: 48 * _HOUR_US, Period.DAY: 62 * 24 * _HOUR_US, Period.WEEK: 400 * 24 * _HOUR_US}
"""Up to so long a window is cut into such periods; a longer one into months."""
_LEAST_US: Final = 3 * _HOUR_US
_PARTS: Final = 30
_ARTICLES: Final = {Period.HOUR: "an hour", Period.DAY: "a day", Period.WEEK: "a week", Period.MONTH: "a month"}


@dataclass(frozen=True, slots=True)
class Activity:
    """Sums by name for each part of a window, oldest first. `each` says how long the parts are: `a day`."""

    each: str
    parts: int
    found: dict[Names, list[Figures]]

    def of(self, names: Names, measure: str) -> tuple[int, ...]:
        """Return one number for each part, zeros for a name that nothing is known of."""
        figures = self.found.get(names)
        return (0,) * self.parts if figures is None else tuple(getattr(one, measure) for one in figures)


def activity(asking: Asking, by: tuple[Dimension, ...] = ()) -> Activity:
    """Return what happened in each part of the window.

    Raises:
        StoreError: the store cannot be read.
    """
    each, edges = _cut(asking.window)
    found: dict[Names, list[Figures]] = {}
    for row in asking.stretches(edges, by):
        parts = found.setdefault(row.values, [Figures()] * (len(edges) - 1))
        parts[row.stretch] += row.figures
    return Activity(each, len(edges) - 1, found)


def _cut(window: Window) -> tuple[str, tuple[int, ...]]:
    """Return how long each part is, and where they meet: by the calendar, so that sums by the hour can tell."""
    span = window.end_us - window.start_us
    if span < _LEAST_US:
        return f"every {words.span(span // _PARTS)}", equal_edges(window.start_us, window.end_us, _PARTS)
    period = next((one for one, most in _MOST.items() if span <= most), Period.MONTH)
    return _ARTICLES[period], edges_of(period, window.start_us, window.end_us, utc=window.utc)
