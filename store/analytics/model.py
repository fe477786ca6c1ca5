"""What may be asked about numbers over time, and the frozen answers. Implemented by `store.analytics.questions`.

Every method is synchronous, safe to call from any thread, and takes nothing but values. All times are UTC microseconds.
Whole hours come from rollups; the edges of a window, and filters that the rollups do not know, from events, in parts:
after each part `watch` is called with what there is so far, and where it returns False, that is the answer. What a
number counts is said as a filter by `store.analytics.meaning`, so that the events behind it can be listed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Protocol

from store.filters.model import Filter
from store.rollups import durations as buckets


class Dimension(StrEnum):
    """What numbers can be told apart by; the value is the key of the filter language."""

    AGENT = "agent"
    USER = "user"
    TENANT = "tenant"
    TOOL = "tool"
    SERVER = "server"
    MODEL = "model"
    TYPE = "type"


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over events. Only rows with counts=1 are counted; tokens and cost are summed over all rows."""

    events: int = 0
    errors: int = 0
    """Events with `has:error`."""
    denials: int = 0
    """Events with `has:denial`."""
    calls: int = 0
    """Tool calls: `type:mcp.tool_call`."""
    outcomes: int = 0
    """Settled calls: `has:outcome`."""
    failures: int = 0
    """Settled calls that failed or timed out: `has:outcome has:error`."""
    refusals: int = 0
    """Settled calls that were denied: `has:outcome has:denial`."""
    input_tokens: int = 0
    """Input that came from no cache."""
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    reported_microusd: int = 0
    computed_microusd: int = 0
    reported: int = 0
    """Rows whose producer stated the cost."""
    priced: int = 0
    """Rows with tokens whose cost was computed from prices."""
    unpriced: int = 0
    """Rows with tokens whose price is not known."""

    @property
    def tokens(self) -> int:
        """Tokens of all four kinds."""
        return self.input_tokens + self.output_tokens + self.cache_read_tokens + self.cache_write_tokens

    @property
    def cost_microusd(self) -> int:
        """Reported and computed cost together; too little where `unpriced` is not 0."""
        return self.reported_microusd + self.computed_microusd

    @property
    def failure_rate(self) -> float | None:
        """Share of settled calls that failed, 0 to 1; None: none was settled."""
        return self.failures / self.outcomes if self.outcomes else None

    @property
    def unpriced_share(self) -> float | None:
        """Share of the rows with tokens or cost whose price is not known, 0 to 1; None: there are none."""
        rows = self.reported + self.priced + self.unpriced
        return self.unpriced / rows if rows else None

    def __add__(self, other: Figures) -> Figures:
        """Return both together."""
        return Figures(*(getattr(self, one) + getattr(other, one) for one in MEASURES))


MEASURES = tuple(one.name for one in fields(Figures))
"""The sums in the order of `Figures`, which is that of the columns of `rollup`."""


@dataclass(frozen=True, slots=True)
class Durations:
    """How long settled calls took, in the buckets of `store.rollups.durations`."""

    counts: Mapping[int, int]

    @property
    def calls(self) -> int:
        """How many settled calls stated or showed a duration."""
        return sum(self.counts.values())

    def quantile(self, share: float) -> int | None:
        """Return the microseconds that a share (0 to 1) does not exceed, within 5 %; None: there is none."""
        return buckets.quantile(self.counts, share)


@dataclass(frozen=True, slots=True)
class UsageQuestion:
    """Sums of the events that pass `what`, told apart by up to three dimensions and by stretches of time.

    `edges` are at least two ascending times; stretch n is [edges[n], edges[n + 1]). Events outside are left out.
    """

    what: Filter
    edges: tuple[int, ...]
    by: tuple[Dimension, ...] = ()
    durations: bool = False


@dataclass(frozen=True, slots=True)
class UsageRow:
    """The sums of one combination in one stretch of time; `values` belong to the question's `by`, None: no value."""

    values: tuple[str | None, ...]
    stretch: int
    figures: Figures
    durations: Durations | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """An answer. `rows` has only combinations in which something happened, in no particular order."""

    rows: tuple[UsageRow, ...]
    complete: bool = True
    reached_us: int | None = None
    """Where not complete: everything from this time on has been looked at."""
    from_events: bool = False
    """Whether the filter made it necessary to look at events."""


@dataclass(frozen=True, slots=True)
class Seen:
    """When a value was first and last stated by an event (counts=1), however long ago."""

    first_us: int
    last_us: int


@dataclass(frozen=True, slots=True)
class MessageCount:
    """A message that errors had, and how many events `query` (the filter language) finds in the window."""

    message: str
    events: int
    query: str


@dataclass(frozen=True, slots=True)
class DenialRule:
    """What decided that something was denied, where the denial's metadata says it."""

    agent: str | None
    tool: str | None
    rule: str | None
    denials: int


Watch = Callable[[Usage], bool]


class AnalyticsQuestions(Protocol):
    """What may be asked about numbers over time."""

    def usage(self, question: UsageQuestion, watch: Watch | None = None) -> Usage:
        """Return the sums that were asked for."""
        ...

    def seen(self, by: Dimension, what: Filter) -> Mapping[str | None, Seen]:
        """Return when each value was first and last seen, as far as the rollups know the terms of `what`."""
        ...

    def first_uses(self, agent: str, since_us: int) -> Sequence[tuple[str, str | None, int]]:
        """Return tools (with server and time) that this agent used for the first time at or after `since_us`."""
        ...

    def error_messages(self, what: Filter, start_us: int, end_us: int, limit: int) -> Sequence[MessageCount]:
        """Return the most frequent messages of errors in a window, found in its newest 1,000 errors.

        Where it has more errors, the queries say since when, so that nothing older is counted.
        """
        ...

    def denial_rules(self, what: Filter, start_us: int, end_us: int) -> Sequence[DenialRule]:
        """Return what decided the newest 1,000 denials of a window, most frequent first."""
        ...
