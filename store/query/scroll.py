"""Where an event stands among all of them, for a scroll bar that is a scale of time."""

from __future__ import annotations

import threading
from bisect import bisect_right
from itertools import accumulate
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlmodel import col

from store import dialect
from store.append.minutes import TENANT_BITS
from store.filters.model import Filter
from store.ids import time_of_id
from store.query.access import Access
from store.query.lists import Lists
from store.query.numbers import Numbers
from store.service import Extent
from store.tables import MinuteCount

_MINUTES_PER_HOUR: Final = 60
_HOUR_US: Final = 3_600_000_000


class _Hours(NamedTuple):
    """Hours since 1970 that have events, and how many events lie before each of them; the last sum is of all."""

    hours: tuple[int, ...]
    sums: tuple[int, ...]


class Scroll:
    """Cumulative counts by hour, read again when the store's `seq` has moved by a hundredth."""

    def __init__(self, access: Access, numbers: Numbers, lists: Lists) -> None:
        """Read through the other questions."""
        self._access = access
        self._numbers = numbers
        self._lists = lists
        self._lock = threading.Lock()
        self._seq = -1
        self._loaded = _Hours((), (0,))

    def extent(self) -> Extent:
        """Return how much there is, and over what time."""
        seq = self._access.last_seq()
        events = self._load(seq, exactly=True).sums[-1]
        if not events:
            return Extent(0, None, None, seq)
        first, last = self._lists.oldest(Filter(), 1).rows, self._lists.newest(Filter(), 1).rows
        return Extent(events, first[0].ts_us if first else None, last[0].ts_us if last else None, seq)

    def fraction_before(self, row_id: int) -> float:
        """Return which share of all events is older, to the nearest hour and evenly within it."""
        hours, sums = self._load(self._access.last_seq())
        hour, into = divmod(time_of_id(row_id), _HOUR_US)
        index = bisect_right(hours, hour)
        if not sums[-1]:
            return 0.0
        before = float(sums[index])
        if index and hours[index - 1] == hour:
            size = sums[index] - sums[index - 1]
            before = sums[index - 1] + size * into / _HOUR_US
        return min(1.0, before / sums[-1])

    def time_at_fraction(self, fraction: float) -> int | None:
        """Return the time before which about this share of all events lies, None where there are none."""
        hours, sums = self._load(self._access.last_seq())
        if not sums[-1]:
            return None
        wanted = min(max(fraction, 0.0), 1.0) * sums[-1]
        index = max(min(bisect_right(sums, wanted), len(hours)) - 1, 0)
        size = sums[index + 1] - sums[index]
        return int(hours[index] * _HOUR_US + (wanted - sums[index]) / max(size, 1) * _HOUR_US)

    def _load(self, seq: int, *, exactly: bool = False) -> _Hours:
        with self._lock:
            if seq == self._seq or (not exactly and 0 <= seq - self._seq < self._seq // 100):
                return self._loaded
            key = col(MinuteCount.id)
            hour = key.op(">>")(TENANT_BITS).op("/")(_MINUTES_PER_HOUR)
            statement = select(hour, dialect.total(col(MinuteCount.events))).group_by(hour).order_by(hour)
            tenants = self._numbers.scope_tenants()
            if tenants is not None:
                statement = statement.where(key.op("&")((1 << TENANT_BITS) - 1).in_(tenants))
            rows = self._access.fetch(statement)
            hours = tuple(int(row[0]) for row in rows)
            self._loaded = _Hours(hours, tuple(accumulate((int(row[1]) for row in rows), initial=0)))
            self._seq = seq
            return self._loaded
