"""How much arrived in the last minutes, hour and day, from `ingest_minute`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlmodel import col

from store import dialect
from store.health import IngestMinute
from store.ids import FOLDER_BITS, MINUTE_US
from store.query.access import Access
from store.tables import IngestMinute as Row

HOUR: Final = 60
"""Minutes of the chart."""
RECENT: Final = 10
"""Minutes of a folder's sparkline."""
DAY: Final = 24 * 60

_FOLDER_MASK: Final = (1 << FOLDER_BITS) - 1


@dataclass(frozen=True, slots=True)
class RecentMinutes:
    """`hour` has sixty minutes, `by_folder` ten for each folder that gave anything in them; oldest first."""

    hour: tuple[IngestMinute, ...]
    by_folder: dict[int, tuple[int, ...]]


def recent_minutes(access: Access, now_us: int) -> RecentMinutes:
    """Return the minutes up to the present one, which is not over yet."""
    first = now_us // MINUTE_US - HOUR + 1
    columns = (col(Row.id), col(Row.events), col(Row.refused))
    hour = [[0, 0] for _ in range(HOUR)]
    by_folder: dict[int, list[int]] = {}
    for key, events, refused in access.fetch(select(*columns).where(col(Row.id) >= first << FOLDER_BITS)):
        at = (key >> FOLDER_BITS) - first
        if at >= HOUR:  # a clock that was set back: what it said before lies ahead of us
            continue
        hour[at][0] += events
        hour[at][1] += refused
        if at >= HOUR - RECENT:
            minutes = by_folder.setdefault(key & _FOLDER_MASK, [0] * RECENT)
            minutes[at - (HOUR - RECENT)] += events
    return RecentMinutes(
        tuple(IngestMinute(*counts) for counts in hour), {no: tuple(minutes) for no, minutes in by_folder.items()}
    )


def last_day(access: Access, now_us: int) -> tuple[IngestMinute, int]:
    """Return what arrived in the last 24 hours, and for how many microseconds of them there was something to arrive."""
    minute = now_us // MINUTE_US
    key = col(Row.id)
    asked = select(dialect.total(col(Row.events)), dialect.total(col(Row.refused)), func.min(key)).where(
        key >= (minute - DAY) << FOLDER_BITS
    )
    events, refused, first = access.fetch(asked)[0]
    if first is None:
        return IngestMinute(), 0
    return IngestMinute(events, refused), max(now_us - (first >> FOLDER_BITS) * MINUTE_US, MINUTE_US)
