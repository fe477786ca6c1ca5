"""How often a rule matches usually: matches by hour of stated time, for whoever is named first in its group key."""

from __future__ import annotations

from typing import Final

import msgspec

from detect.engine.keys import GroupKey
from detect.engine.limits import HOUR_US
from detect.engine.memory import Memory

_HOURS: Final = 168
"""A week is looked back at."""
_MOST_HOURS: Final = 2 * _HOURS
"""Hours with matches that are remembered: more than are looked at, since old files may be read meanwhile."""
_SETTLED: Final = 2
"""The hour before the present one may still get late events; before that everything is settled."""


class UsualState(msgspec.Struct, array_like=True, gc=False):
    """What is remembered of one name."""

    touched: int = 0
    hours: dict[int, int] = {}
    """Matches by hour since 1970."""

    @property
    def weight(self) -> int:
        """It holds no matches."""
        return 0

    @property
    def busy(self) -> bool:
        """Every name is worth as much."""
        return False


class Usual:
    """Counts matches, and says how many there usually are. What it says depends on settled hours alone."""

    def __init__(self) -> None:
        """Begin with nothing."""
        # Who is forgotten here is only told less of, so nothing is lost that must be said.
        self.memory: Final = Memory(UsualState, lambda: UsualState(hours={}), lambda _: True)

    def count(self, key: GroupKey, at_us: int) -> None:
        """Count a match."""
        hours = self.memory.touch(key[:1]).hours
        hour = at_us // HOUR_US
        hours[hour] = hours.get(hour, 0) + 1
        if len(hours) > _MOST_HOURS:
            del hours[min(hours)]

    def said(self, key: GroupKey, at_us: int) -> str:
        """Return what was usual in the week before a time, as a person says it: `0 to 1 an hour`."""
        state = self.memory.look(key[:1])
        last = at_us // HOUR_US - _SETTLED
        if state is None or min(state.hours) > last:
            return "0 as far as is known"
        first = max(min(state.hours), last - _HOURS + 1)
        known = [number for hour, number in state.hours.items() if first <= hour <= last]
        numbers = sorted([*known, *[0] * (last - first + 1 - len(known))])
        low, high = numbers[len(numbers) // 4], numbers[len(numbers) * 3 // 4]
        return f"{low} an hour" if low == high else f"{low} to {high} an hour"
