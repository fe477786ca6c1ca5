"""Where stretches of time begin and end; those of the calendar are in `store.analytics.calendar_spans`.

All times are UTC microseconds. Edges are for `UsageQuestion`: stretch n is [edges[n], edges[n + 1]).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

_HOUR_US: Final = 3_600_000_000


class Period(StrEnum):
    """How long the stretches of a calendar are; weeks begin on Monday."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def equal_edges(start_us: int, end_us: int, stretches: int) -> tuple[int, ...]:
    """Return the edges of so many stretches of equal length; where the window has fewer microseconds, of fewer.

    Raises:
        ValueError: the window is empty, or there is to be no stretch.
    """
    if start_us >= end_us or stretches < 1:
        raise ValueError("a window ends after it begins, and has at least one stretch")
    number = min(stretches, end_us - start_us)
    return tuple(start_us + (end_us - start_us) * place // number for place in range(number + 1))


def hour_edges(end_us: int, hours: int) -> tuple[int, ...]:
    """Return the edges of the last so many whole hours of UTC before a time: what rollups answer at once."""
    last = end_us // _HOUR_US
    return tuple((last - hours + place) * _HOUR_US for place in range(hours + 1))


def window_before(start_us: int, end_us: int) -> tuple[int, int]:
    """Return the window of the same length that ends where this one begins."""
    return 2 * start_us - end_us, start_us
