"""Events that state a time well after the present: they are kept, and it is told that somebody's clock is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from ingest.gaps.event import TIME_AHEAD, gap_event, iso, lasting
from store.batch import SourceBatch
from store.events import NewEvent

LEAST_US: Final = 300_000_000
"""Clocks that differ by less are usual."""
_DAY_US: Final = 86_400_000_000
_US: Final = 1_000_000
_LAST_US: Final = 253_402_300_799 * _US
"""End of the year 9999."""


class TimesAhead:
    """Tells once a day for each folder."""

    def __init__(self, clock_us: Callable[[], int]) -> None:
        """Compare with this wall clock."""
        self._clock_us = clock_us
        self._told: set[tuple[int, int]] = set()

    def taken(self, batches: Sequence[SourceBatch], folder_no: int) -> NewEvent | None:
        """Look at what was read; return an event where something in it lies ahead and the day's word was not given."""
        now_us = self._clock_us()
        limit_us = now_us + LEAST_US
        day = now_us // _DAY_US
        if (folder_no, day) in self._told:
            return None
        ahead = [one for batch in batches for one in batch.events if one.ts_us is not None and one.ts_us > limit_us]
        if not ahead:
            return None
        self._told = {(folder, told) for folder, told in self._told if told == day} | {(folder_no, day)}
        first = ahead[0]
        stated_us = min(first.ts_us or 0, _LAST_US)
        by_s = (stated_us - now_us) / _US
        return gap_event(
            TIME_AHEAD,
            now_us,
            f"an event states {iso(stated_us)}, which is {lasting(by_s)} ahead of this machine's clock; it is kept so",
            {
                "stated": iso(stated_us),
                "seconds_ahead": round(by_s),
                "event_type": first.event_type,
                "agent_id": first.agent_id,
                "stated_host": first.host,
                "folder_no": folder_no,
            },
            (folder_no, day),
        )
