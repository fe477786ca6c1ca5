"""The columns of the lists of alerts: how wide each is in a pane of a given width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SIGN: Final = 2
LEVEL: Final = 4
COUNT: Final = 6
SHORT_WHEN: Final = 8
LONG_WHEN: Final = 12
GAP: Final = 2
BEFORE_COUNT: Final = 1
LATE: Final = 3
"""Between count and time: room for the sign of what was long past when it arrived."""
_ROOMY: Final = 110
_NARROW: Final = 84
_TITLE, _MOST_TITLE = 30, 46
_AGENT, _MOST_AGENT = 14, 18
_WHO: Final = 24
_NARROW_TITLE: Final = 26


@dataclass(frozen=True, slots=True)
class AlertsColumns:
    """Cells of the columns whose width differs; `agent` 0: the agent stands before who it was."""

    title: int
    agent: int
    who: int
    when: int = SHORT_WHEN

    @property
    def roomy(self) -> bool:
        """Whether a time has room for its day and hour."""
        return self.when == LONG_WHEN


def columns_for(width: int) -> AlertsColumns:
    """Return the columns of a pane of `width` cells; what is wider than that is cut at its right."""
    when = LONG_WHEN if width >= _ROOMY else SHORT_WHEN
    room = max(width - SIGN - LEVEL - BEFORE_COUNT - COUNT - LATE - when - 2 * GAP, 12)
    if width < _NARROW:
        title = min(_NARROW_TITLE, room * 3 // 5)
        return AlertsColumns(title, 0, room - title, when)
    room -= GAP
    more = max(room - _TITLE - _AGENT - _WHO, 0)
    title = min(_TITLE + more // 2, _MOST_TITLE)
    agent = min(_AGENT + more // 6, _MOST_AGENT)
    return AlertsColumns(title, agent, max(room - title - agent, 1), when)
