"""The days, weeks and months that times lie in, by the reader's calendar; the last one asked for is remembered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from store.analytics.calendar_spans import end_of, start_of
from store.analytics.periods import Period

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_US: Final = 253_000_000_000_000_000
"""In the year 9987: later times are taken for this one, and those before 1970 for its beginning."""


class Spans:
    """Spans of the calendar; `utc`: of UTC, else of the machine's local time."""

    def __init__(self, *, utc: bool) -> None:
        """Remember nothing yet."""
        self._utc: Final = utc

    def of(self, period: Period) -> Callable[[int], tuple[int, int]]:
        """Return what gives the span [start, end) in UTC microseconds that a time lies in."""
        known = (0, 0)

        def span_of(ts_us: int) -> tuple[int, int]:
            nonlocal known
            if not known[0] <= ts_us < known[1]:
                ts_us = min(max(ts_us, 0), _LAST_US)
                known = start_of(period, ts_us, utc=self._utc), end_of(period, ts_us, utc=self._utc)
            return known

        return span_of

    def name(self, period: Period, ts_us: int) -> str:
        """Return a span's name: `2026-11-22`, `from 2026-11-16`, or `2026-11`."""
        start_us = start_of(period, min(max(ts_us, 0), _LAST_US), utc=self._utc)
        moment = _EPOCH + timedelta(microseconds=start_us)
        day = (moment if self._utc else moment.astimezone()).date().isoformat()
        return {Period.WEEK: f"from {day}", Period.MONTH: day[:7]}.get(period, day)
