"""How a row of sums is found: level, cube, period and combination in one number, so that a window is one stretch.

`rollup.id` is level << 61 | cube << 58 | period << 37 | combination << 8; `rollup_duration.id` has the bucket in the
low bits, where `rollup.id` has zeros. Periods are counted since 1970, in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

from store.ids import LAST_SORT_MS

BUCKET_BITS: Final = 8
KEY_BITS: Final = 29
PERIOD_BITS: Final = 21
CUBE_BITS: Final = 3
_KEY_SHIFT: Final = BUCKET_BITS
_PERIOD_SHIFT: Final = _KEY_SHIFT + KEY_BITS
_CUBE_SHIFT: Final = _PERIOD_SHIFT + PERIOD_BITS
_LEVEL_SHIFT: Final = _CUBE_SHIFT + CUBE_BITS
_PERIOD_MASK: Final = (1 << PERIOD_BITS) - 1
KEY_MASK: Final = (1 << KEY_BITS) - 1
BUCKET_MASK: Final = (1 << BUCKET_BITS) - 1

HOUR_US: Final = 3_600_000_000
DAY_US: Final = 86_400_000_000
_HOURS_OF_DAY: Final = DAY_US // HOUR_US


class Level(IntEnum):
    """How long the periods are."""

    HOUR = 0
    DAY = 1

    @property
    def period_us(self) -> int:
        """Length of a period in microseconds."""
        return DAY_US if self is Level.DAY else HOUR_US


_DAY_LEVEL: Final = int(Level.DAY) << _LEVEL_SHIFT


class Cube(IntEnum):
    """Which names sums are kept for, each with the tenant and the agent."""

    USER = 1
    TOOL = 2
    """Tool and server."""
    MODEL = 3
    TYPE = 4


DIMENSIONS: Final[dict[Cube, tuple[str, ...]]] = {
    Cube.USER: ("tenant", "agent", "user"),
    Cube.TOOL: ("tenant", "agent", "tool", "server"),
    Cube.MODEL: ("tenant", "agent", "model"),
    Cube.TYPE: ("tenant", "agent", "type"),
}
"""What a cube can be asked about, by the names of the keys of the filter language."""


def period_of(level: Level, ts_us: int) -> int:
    """Return the number of the period that a stated time lies in; times outside of 1970 to 2100 are clamped."""
    return min(max(ts_us, 0), LAST_SORT_MS * 1000) // level.period_us


def first_id(level: Level, cube: Cube, period: int) -> int:
    """Return the least id of a period, and so the end of the ids of the one before."""
    return level << _LEVEL_SHIFT | cube << _CUBE_SHIFT | period << _PERIOD_SHIFT


def row_id(level: Level, cube: Cube, period: int, key: int, bucket: int = 0) -> int:
    """Return the id of a combination's sums in a period, or of one bucket of its durations."""
    return first_id(level, cube, period) | key << _KEY_SHIFT | bucket


def key_of_row(number: int) -> int:
    """Return which combination a row id belongs to."""
    return number >> _KEY_SHIFT & KEY_MASK


def period_of_row(number: int) -> int:
    """Return which period a row id belongs to."""
    return number >> _PERIOD_SHIFT & _PERIOD_MASK


def hour_row_id(cube: Cube, key: int) -> int:
    """Return the part of an hour's row ids that does not depend on the hour; see `in_hour`."""
    return row_id(Level.HOUR, cube, 0, key)


def in_hour(part: int, hour: int) -> int:
    """Return the row id in this hour; `part` is what `hour_row_id` has returned."""
    return part | hour << _PERIOD_SHIFT


def summed_by_day(hours: Mapping[int, int]) -> dict[int, int]:
    """Return by the ids of days' rows what stands by those of hours, be it of sums or of durations."""
    days: dict[int, int] = {}
    for number, count in hours.items():
        hour = number >> _PERIOD_SHIFT & _PERIOD_MASK
        day = number + _DAY_LEVEL - (hour - hour // _HOURS_OF_DAY << _PERIOD_SHIFT)
        days[day] = days.get(day, 0) + count
    return days
