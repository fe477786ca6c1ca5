"""Over what time the alerts are shown as bars. Times are UTC microseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tui.agents_window import DAY_US, length_words
from tui.format import MICROS, broken_down, span
from tui.search_window import Window, moments, window_over

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.alerts.model import AlertRow
    from store.filters.model import Filter

_LENGTHS: Final = ((DAY_US, "last 24 h"), (7 * DAY_US, "last 7 days"), (30 * DAY_US, "last 30 days"))
_YEAR_US: Final = 365 * DAY_US


@dataclass(frozen=True, slots=True)
class AlertsWindow:
    """The bars' time, and how it is said behind "the": `last 24 h`, `chosen 2 h`."""

    bars: Window
    words: str


def alerts_window(what: Filter, rows: Sequence[AlertRow], now_us: int, room: int, *, utc: bool) -> AlertsWindow:
    """Return the window in at most `room` bars: the filter's own times, else the last day.

    Where none of the alerts was seen in the last day, it reaches back as far as the one that was seen last.
    """
    start, end, words = _span(what, rows, now_us)
    offset = 0 if utc else (broken_down(end, utc=False).tm_gmtoff or 0) * MICROS
    return AlertsWindow(window_over(start, end, room, offset_us=offset), words)


def _span(what: Filter, rows: Sequence[AlertRow], now_us: int) -> tuple[int, int, str]:
    since, before = moments(what, now_us)
    end = now_us + 1 if before is None else before
    if since is not None:
        end = max(end, since + 1)
        return since, end, f"chosen {length_words(end - since)}"
    newest = max((row.last_us for row in rows), default=end)
    for length, words in _LENGTHS:
        if newest >= end - length:
            return end - length, end, words if before is None else f"chosen {length_words(length)}"
    start = min(newest, end - _YEAR_US)
    return start, end, f"last {span(end - start)}"
