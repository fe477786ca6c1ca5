"""What is usual for an agent in an hour, by its own last seven days: "usually 0 to 3 an hour, now 41"."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from store.analytics.model import Figures, Usage, UsageQuestion
from store.analytics.periods import hour_edges
from store.filters.clause import Clause, literal
from store.filters.keys import Key
from store.filters.model import Filter

MEASURES: Final = ("calls", "failures", "denials", "tokens")
"""What is compared: names of numbers of `Figures`."""
_HOURS: Final = 7 * 24
_LEAST_HOURS: Final = 24
"""With less history nothing is said."""
_LOW: Final = 0.1
_HIGH: Final = 0.9


@dataclass(frozen=True, slots=True)
class Usual:
    """One measure: from `low` to `high` in eight of ten hours, and `now` in the last whole hour."""

    measure: str
    low: int
    high: int
    now: int

    @property
    def is_unusual(self) -> bool:
        """Whether the last hour lies outside of what is usual."""
        return not self.low <= self.now <= self.high


def usual_question(agent: str | None, now_us: int, what: Filter | None = None) -> UsageQuestion:
    """Return what to ask: an agent's seven days by hours of UTC, and behind them the last whole hour before `now_us`.

    `what` narrows it further; times in it would cut the history.
    """
    named = Clause(Key.AGENT, (None if agent is None else literal(agent),))
    return UsageQuestion((what or Filter()).also(named.expression), hour_edges(now_us, _HOURS + 1))


def usual(asked: UsageQuestion, answer: Usage, first_us: int | None) -> tuple[Usual, ...]:
    """Return what is usual, out of the answer to `usual_question`; nothing where there is less than a day of history.

    `first_us`: when the agent was first seen (`seen`), UTC microseconds; hours before it are no history.
    """
    by_hour = _by_stretch(answer)
    first = 0 if first_us is None else sum(edge < first_us for edge in asked.edges)
    history = range(first, len(asked.edges) - 2)
    if first_us is None or len(history) < _LEAST_HOURS:
        return ()
    nothing = Figures()
    now = by_hour.get(len(asked.edges) - 2, nothing)
    return tuple(_usual(one, [by_hour.get(hour, nothing) for hour in history], now) for one in MEASURES)


def _by_stretch(answer: Usage) -> Mapping[int, Figures]:
    found: dict[int, Figures] = {}
    for row in answer.rows:
        found[row.stretch] = found.get(row.stretch, Figures()) + row.figures
    return found


def _usual(measure: str, history: Sequence[Figures], now: Figures) -> Usual:
    ordered = sorted(_number(one, measure) for one in history)
    low, high = (ordered[math.ceil(share * len(ordered)) - 1] for share in (_LOW, _HIGH))
    return Usual(measure, low, high, _number(now, measure))


def _number(figures: Figures, measure: str) -> int:
    return int(getattr(figures, measure))
