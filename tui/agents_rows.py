"""What the Agents tab knows of each agent, user, tool …: the answers to its questions, put together by value."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Final, Literal

from store.analytics.model import MEASURES, Dimension, Durations, Figures

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from store.analytics.model import Seen, Usage
    from tui.agents_window import AgentsWindow

PERCENTILES: Final = {"p50": 0.5, "p95": 0.95, "p99": 0.99}

_NUMBERS: Final = attrgetter(*MEASURES)

Alarm = Literal["", "warning", "error"]

_FEW: Final = 3
"""So many are never an alarm."""
_HISTORY: Final = 30
"""With fewer in its own history nobody knows what is usual."""
_LEAST_SHARE: Final = 0.001
_WARNING_SCATTER: Final = 4
_ERROR_SCATTER: Final = 8
_TWICE: Final = 2


@dataclass(frozen=True, slots=True)
class AgentRow:
    """One value (None: events without one) in the window.

    None among the others: not known (yet). `before` is the window before, `usual` the days before.
    """

    value: str | None
    figures: Figures = field(default_factory=Figures)
    durations: Durations | None = None
    before: Figures | None = None
    usual: Figures | None = None
    activity: tuple[int, ...] | None = None
    last_us: int | None = None

    @property
    def silent(self) -> bool:
        """Whether it did something in the window before, and nothing in this one."""
        return not self.figures.events and not self.figures.tokens

    def change(self, measure: str) -> float | None:
        """Return by which share `calls` or `events` differ from the window before; infinite: there were none."""
        if self.before is None:
            return None
        now, then = getattr(self.figures, measure), getattr(self.before, measure)
        if not then:
            return math.inf if now else None
        return (now - then) / then

    def number(self, column: str) -> float | None:
        """Return what a column sorts by; None: nothing is known."""
        figures = self.figures
        if column in PERCENTILES:
            return None if self.durations is None else self.durations.quantile(PERCENTILES[column])
        found: dict[str, float | None] = {
            "calls": figures.calls,
            "events": figures.events,
            "change": self.change("calls"),
            "event change": self.change("events"),
            "activity": figures.events,
            "errors": figures.failure_rate,
            "denied": figures.denials,
            "input": figures.input_tokens,
            "cache read": figures.cache_read_tokens,
            "cache write": figures.cache_write_tokens,
            "output": figures.output_tokens,
            "tokens": figures.tokens,
            "cost": figures.cost_microusd if figures.reported or figures.priced else None,
            "last": self.last_us,
        }
        return found[column]

    @property
    def failures_alarm(self) -> Alarm:
        """How far the failures are above this value's own history."""
        usual = self.usual
        if usual is None:
            return ""
        return alarm(self.figures.failures, self.figures.outcomes, usual.failures, usual.outcomes)

    @property
    def denials_alarm(self) -> Alarm:
        """Whether there are more denials than this value's own history leads to expect; never red."""
        usual = self.usual
        if usual is None:
            return ""
        return "warning" if alarm(self.figures.denials, self.figures.events, usual.denials, usual.events) else ""


def alarm(some: int, of: int, usual: int, usual_of: int) -> Alarm:
    """Return how unusual it is that `some` of so many failed, where it were `usual` of `usual_of` in the days before.

    What chance alone would scatter is the square root of what is to be expected: four times that is a warning; eight
    times, and at least twice as many as usual, an error. Without a history nothing is unusual.
    """
    if some < _FEW or usual_of < _HISTORY or not of:
        return ""
    expected = of * max(usual / usual_of, _LEAST_SHARE)
    scatter = (some - expected) / math.sqrt(expected + 1)
    if scatter >= _ERROR_SCATTER and some >= _TWICE * expected:
        return "error"
    return "warning" if scatter >= _WARNING_SCATTER else ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered for one window so far. None: not known yet."""

    by: Dimension
    window: AgentsWindow
    usage: Usage | None = None
    activity: Usage | None = None
    activity_edges: tuple[int, ...] = ()
    seen: Mapping[str | None, Seen] | None = None
    usual: Usage | None = None

    @property
    def complete(self) -> bool:
        """Whether everything was looked at."""
        return self.usage is not None and self.usage.complete

    @property
    def rows(self) -> list[AgentRow]:
        """All rows, in no particular order: what happened in this window or in the one before."""
        drafts: dict[str | None, _Draft] = {}
        shown = 1 if self.window.compared else 0
        for row in self.usage.rows if self.usage is not None else ():
            draft = drafts.setdefault(row.values[0], _Draft())
            if row.stretch == shown:
                draft.figures, draft.durations = row.figures, row.durations
            else:
                draft.before = row.figures
        self._add_activity(drafts)
        self._add_usual(drafts)
        return [self._row(value, draft) for value, draft in drafts.items()]

    def _add_activity(self, drafts: dict[str | None, _Draft]) -> None:
        if self.activity is None:
            return
        for row in self.activity.rows:
            draft = drafts.get(row.values[0])
            if draft is not None:
                draft.activity[row.stretch] = row.figures.events

    def _add_usual(self, drafts: dict[str | None, _Draft]) -> None:
        if self.usual is None:
            return
        for row in self.usual.rows:
            draft = drafts.get(row.values[0])
            if draft is not None:
                draft.usual = row.figures

    def _row(self, value: str | None, draft: _Draft) -> AgentRow:
        seen = None if self.seen is None else self.seen.get(value)
        stretches = range(len(self.activity_edges) - 1)
        return AgentRow(
            value,
            draft.figures,
            draft.durations,
            draft.before if self.window.compared and self.complete else None,
            draft.usual if self.usual is not None else None,
            None if self.activity is None else tuple(draft.activity.get(one, 0) for one in stretches),
            None if seen is None else seen.last_us,
        )


@dataclass(slots=True)
class _Draft:
    figures: Figures = field(default_factory=Figures)
    durations: Durations | None = None
    before: Figures = field(default_factory=Figures)
    usual: Figures = field(default_factory=Figures)
    activity: dict[int, int] = field(default_factory=dict[int, int])


def total(rows: Sequence[AgentRow]) -> AgentRow:
    """Return all rows together, as a row without a value."""
    buckets: Counter[int] = Counter()
    for row in rows:
        if row.durations is not None:
            buckets.update(row.durations.counts)
    return AgentRow(
        None,
        _sum(row.figures for row in rows),
        Durations(buckets) if buckets else None,
        _sum_known([row.before for row in rows]),
        _sum_known([row.usual for row in rows]),
        _activity([row.activity for row in rows]),
        max((row.last_us for row in rows if row.last_us is not None), default=None),
    )


def _sum(figures: Iterable[Figures]) -> Figures:
    columns = zip(*(_NUMBERS(one) for one in figures), strict=True)
    return Figures(*map(sum, columns))


def _sum_known(figures: Sequence[Figures | None]) -> Figures | None:
    known = [one for one in figures if one is not None]
    return _sum(known) if len(known) == len(figures) else None


def _activity(stretches: Sequence[tuple[int, ...] | None]) -> tuple[int, ...] | None:
    known = [one for one in stretches if one is not None]
    return tuple(map(sum, zip(*known, strict=True))) if known and len(known) == len(stretches) else None
