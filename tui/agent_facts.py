"""What the panel of the Agents tab shows about one agent, user, tenant, tool, server or model. Values only.

All times are UTC microseconds; figures are of the window [start_us, end_us) unless it says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from store.analytics.model import DenialRule, Dimension, Durations, Figures, MessageCount
from store.filters.model import Filter

Measure = Literal["calls", "events"]
"""What is counted where only one number has room: tool calls, or events of any kind where there are no calls."""

Stretch = tuple[int, int]
"""[start, end) in UTC microseconds."""


@dataclass(frozen=True, slots=True)
class Part:
    """The share of one combination of names; None among them stands for events without such a name."""

    names: tuple[str | None, ...]
    figures: Figures
    durations: Durations = field(default_factory=lambda: Durations({}))
    first_us: int | None = None
    """When it was seen for the first time ever, where that was in the window; None: it was known before."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The figures told apart by some dimensions; the part with the most of the measure comes first."""

    by: tuple[Dimension, ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """The figures of stretches of time: stretch n is [edges[n], edges[n + 1])."""

    edges: tuple[int, ...] = ()
    figures: tuple[Figures, ...] = ()

    @property
    def stretches(self) -> tuple[tuple[Stretch, Figures], ...]:
        """Each stretch with its figures."""
        pairs = zip(self.edges, self.edges[1:], strict=False)
        return tuple(zip(pairs, self.figures, strict=True))


@dataclass(frozen=True, slots=True)
class WeekCell:
    """One hour of one day of the week, over as many weeks as there are."""

    stretches: tuple[Stretch, ...]
    figures: Figures


@dataclass(frozen=True, slots=True)
class Week:
    """The figures by weekday (0 is Monday) and hour, in the zone that times are shown in.

    An hour that has no cell lies before the beginning or after the end of what is looked at.
    """

    start_us: int = 0
    end_us: int = 0
    today: int = 0
    """The weekday of the last moment that is looked at."""
    cells: Mapping[tuple[int, int], WeekCell] = field(default_factory=dict[tuple[int, int], WeekCell])


@dataclass(frozen=True, slots=True)
class Unusual:
    """Something that happened far more often in an hour than in most hours of the seven days before."""

    measure: str
    """What it is, a name of `store.analytics.meaning.MEANINGS`: `failures`."""
    number: int
    low: int
    high: int
    """How often it happens in an hour as a rule: from `low` to `high` times."""
    hour: Stretch


@dataclass(frozen=True, slots=True)
class AgentFacts:
    """Everything about one value of a dimension; `value` None: events that have none."""

    dimension: Dimension
    value: str | None
    what: Filter
    """The filter of the tab and this value, without times."""
    start_us: int
    end_us: int
    now_us: int
    total: Figures
    durations: Durations
    measure: Measure = "calls"
    place: tuple[int, int] | None = None
    """It is the n-th of m in the table; None: not known."""
    tenants: tuple[str | None, ...] = ()
    first_us: int | None = None
    """When it was first seen, however long ago; None: not known."""
    parts: Breakdown = Breakdown()
    """Its tools; of anything but an agent its agents, of a server its tools."""
    costs: Breakdown = Breakdown()
    """Its models, where these are known; otherwise the same as `parts`."""
    partners: Breakdown = Breakdown()
    """On whose behalf it worked, or whom it worked for."""
    timeline: Timeline = Timeline()
    week: Week = field(default_factory=Week)
    messages: tuple[MessageCount, ...] = ()
    rules: tuple[DenialRule, ...] = ()
    unusual: tuple[Unusual, ...] = ()
    complete: bool = True
    """False: it was called off before everything was asked."""

    @property
    def is_new(self) -> bool:
        """Whether it was seen for the first time in this window."""
        return self.first_us is not None and self.first_us >= self.start_us


def number(figures: Figures, measure: Measure) -> int:
    """Return the measure of some figures."""
    return figures.calls if measure == "calls" else figures.events
