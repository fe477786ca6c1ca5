"""The columns of the lists of alerts: how wide each is in a pane of a given width."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from store.safe_text import safe_text
from tui.alerts_rows import FOLD_FROM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.alerts.model import AlertRow

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
_LEAST_TITLE, _TITLE, _MOST_TITLE = 20, 30, 60
_LEAST_AGENT, _AGENT, _MOST_AGENT = 8, 14, 18
_WHO: Final = 24
"""Who it was has at least so many cells before titles and agents have more than is usual."""
_SIGN_OF_FOLD: Final = 2
_NARROW_TITLE: Final = 27


@dataclass(frozen=True, slots=True)
class Longest:
    """Cells of the longest title and of the longest agent's name that are listed."""

    title: int = _MOST_TITLE
    agent: int = _MOST_AGENT


def longest(rows: Sequence[AlertRow]) -> Longest:
    """Return what the columns need for these alerts; titles of rules that may be one line have a sign before them."""
    rules = Counter((row.rule_id, row.title) for row in rows)
    titles = {title: _SIGN_OF_FOLD * (number >= FOLD_FROM) for (_, title), number in rules.items()}
    agents = {row.agent for row in rows if row.agent}
    return Longest(
        max((_cells(title, _MOST_TITLE) + more for title, more in titles.items()), default=0),
        max((_cells(agent, _MOST_AGENT) for agent in agents), default=0),
    )


def _cells(text: str, most: int) -> int:
    return cell_len(safe_text(text[: most + 1]))


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


def columns_for(width: int, needed: Longest | None = None) -> AlertsColumns:
    """Return the columns of a pane of `width` cells; what is wider than that is cut at its right.

    Titles and agents have what they need, `needed`, where it is not too much; the rest is for who it was.
    """
    when = LONG_WHEN if width >= _ROOMY else SHORT_WHEN
    room = max(width - SIGN - LEVEL - BEFORE_COUNT - COUNT - LATE - when - 2 * GAP, 12)
    asked = needed or Longest()
    title = min(max(asked.title, _LEAST_TITLE), _MOST_TITLE)
    if width < _NARROW:
        title = min(title, _NARROW_TITLE, room * 3 // 5)
        return AlertsColumns(title, 0, room - title, when)
    room -= GAP
    agent = min(max(asked.agent, _LEAST_AGENT), _MOST_AGENT)
    title -= min(max(title + agent + _WHO - room, 0), max(title - _TITLE, 0))
    agent -= min(max(title + agent + _WHO - room, 0), max(agent - _AGENT, 0))
    return AlertsColumns(title, agent, max(room - title - agent, 1), when)
