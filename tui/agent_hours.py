"""The hours and days of an agent's week, and the stretches of its timeline. Times are UTC microseconds."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from store.analytics.model import Figures
from tui.agent_facts import Stretch, Week, WeekCell
from tui.format import MICROS, broken_down, day_start_us
from tui.search_window import window_over

HOUR_US: Final = 3600 * MICROS
DAY_US: Final = 24 * HOUR_US
WEEK_DAYS: Final = 7
MOST_WEEKS: Final = 5
"""More weeks are not laid over each other: what was usual half a year ago says little about today."""
_WHOLE_HOURS_FROM_US: Final = 12 * HOUR_US


def week_edges(start_us: int, end_us: int, *, utc: bool) -> tuple[int, ...]:
    """Return the edges of the hours of seven days up to the end of a window, or of as many weeks as the window has.

    The first hour begins at midnight (local or UTC); the last one ends with the window.
    """
    wanted = -(-(end_us - start_us) // DAY_US)
    days = WEEK_DAYS * min(max(-(-wanted // WEEK_DAYS), 1), MOST_WEEKS)
    first = day_start_us(end_us - 1, utc=utc)
    for _ in range(days - 1):
        first = day_start_us(first - HOUR_US, utc=utc)
    return (*range(first, end_us, HOUR_US), end_us)


def week_of(edges: Sequence[int], figures: Sequence[Figures], *, utc: bool) -> Week:
    """Return the week that hours add up to. An hour belongs to the weekday and hour in which it begins."""
    stretches: dict[tuple[int, int], list[Stretch]] = {}
    sums: dict[tuple[int, int], Figures] = {}
    for stretch, found in zip(pairwise(edges), figures, strict=True):
        at = broken_down(stretch[0], utc=utc)
        cell = (at.tm_wday, at.tm_hour)
        stretches.setdefault(cell, []).append(stretch)
        sums[cell] = sums.get(cell, Figures()) + found
    cells = {cell: WeekCell(joined(found), sums[cell]) for cell, found in stretches.items()}
    return Week(edges[0], edges[-1], broken_down(edges[-1] - 1, utc=utc).tm_wday, cells)


def joined(stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """Return ascending stretches with those made one that follow each other without a gap."""
    found: list[Stretch] = []
    for start, end in stretches:
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(found)


def timeline_edges(start_us: int, end_us: int, room: int, *, utc: bool) -> tuple[int, ...]:
    """Return the edges of at most `room` stretches of a length that people can name.

    The first one begins and the last one ends with the window. From twelve hours on they are whole hours at least,
    which are kept as sums.
    """
    if end_us - start_us >= _WHOLE_HOURS_FROM_US:
        room = min(room, max((end_us - start_us) // HOUR_US, 1) + 1)
    offset_us = 0 if utc else (broken_down(start_us, utc=False).tm_gmtoff or 0) * MICROS
    window = window_over(start_us, end_us, room, offset_us=offset_us)
    inner = (window.edge(index) for index in range(1, window.slices))
    return (start_us, *(edge for edge in inner if start_us < edge < end_us), end_us)
