"""What may be asked about alerts and done about them, and the frozen answers. All times are UTC microseconds.

A filter of alerts is a `Filter` that also knows `state:`, `level:` and `rule:` (`Filter.parsed(…, alerts=True)`). Every
other key asks whether an event of the alert's kept evidence passes; `since:` and `before:` ask when it was last seen.
An answer lists only what is within the reader's scope: alerts all of whose kept evidence is of its tenants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from store.alerts.states import AlertState, Level, Reach, Verdict
    from store.events import EventSummary
    from store.filters.model import Filter


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert of a list."""

    id: int
    """The number that people call it by."""
    rule_id: str
    rule: str
    """The rule's name."""
    title: str
    level: Level
    state: AlertState
    """As it is now: a mute that is over is `open`."""
    until_us: int | None
    """Until when its decision holds; None: none, or it has no end."""
    count: int
    """Events that show it."""
    first_us: int
    last_us: int
    opened_us: int
    agent: str | None
    user: str | None
    tenant: str | None
    """What all its kept evidence agrees in; None: in none, or in nothing."""
    key: tuple[tuple[str, str | None], ...]
    """Whose it is: field and value. Empty: of the many keys that one rule held for at once."""
    explanation: str
    historical: bool


@dataclass(frozen=True, slots=True)
class AlertList:
    """Alerts, the worst level first and within it the last seen first; muted ones behind all others."""

    rows: tuple[AlertRow, ...]
    """At most as many as asked for."""
    matched: int
    """How many there are."""


@dataclass(frozen=True, slots=True)
class AlertCounts:
    """How many alerts there are in each state, whatever the filter."""

    by_state: Mapping[AlertState, int] = field(default_factory=dict["AlertState", int])
    muted_events: int = 0
    """Events of the alerts that are muted."""
    worst_new: Level | None = None
    """The worst level among those that are new; None: none is."""
    newest_new: int = 0
    """The greatest number of one that is new and not historical; 0: none is. Where it grows, a bell may ring."""


@dataclass(frozen=True, slots=True)
class AlertSlice:
    """Alerts last seen in a slice of time."""

    alerts: int = 0
    severe: int = 0
    """Critical and high ones among them."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """An event of an alert's evidence, or one around it."""

    event: EventSummary
    hit: bool
    """Whether it shows the alert; else it happened between hits, in the same session or through the same agent."""


class Happened(StrEnum):
    """What can have happened to an alert."""

    OPENED = "opened"
    DECIDED = "decided"
    UNDONE = "undone"
    MERGED = "merged"
    """Another alert turned out to be a part of it."""
    NOTIFIED = "notified"
    NOT_NOTIFIED = "not-notified"


@dataclass(frozen=True, slots=True)
class AlertStep:
    """Something that happened to an alert."""

    at_us: int
    what: Happened
    verdict: Verdict | None = None
    who: str | None = None
    reason: str = ""
    """Of a decision, or why a notification failed."""
    until_us: int | None = None
    reach: Reach | None = None
    target: str = ""
    """Of a notification: what people call the target."""
    took_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Alike:
    """The newest decision about another alert of the same rule."""

    alert_id: int
    at_us: int
    verdict: Verdict
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class AlertDetail:
    """One alert whole."""

    row: AlertRow
    description: str
    tags: tuple[str, ...]
    falsepositives: tuple[str, ...]
    group_by: tuple[str, ...]
    shipped: bool
    """Whether its rule came with the program."""
    hits: int
    """Events of its evidence that are kept and still there."""
    evidence: tuple[Evidence, ...]
    """In order of time: hits, and a few events around them."""
    history: tuple[AlertStep, ...]
    """Oldest first."""
    alike: tuple[Alike, ...]
    """Newest first, at most three."""
    rule_days: tuple[int, ...]
    """Alerts of its rule on each of the last 30 days of 24 hours, the last one ending now; oldest first."""
    rule_agents: int
    """Agents that these were about."""
    kept: int = 0
    """Events of its evidence that were kept; where `hits` is less, the others are gone."""


@dataclass(frozen=True, slots=True)
class InvariantRow:
    """How one standing statement is doing."""

    rule_id: str
    rule: str
    statement: str
    level: Level
    examined: int
    violations: int
    checked_us: int | None
    """When the last event that it speaks of arrived; None: none has."""


@dataclass(frozen=True, slots=True)
class ShedRow:
    """What a rule could not remember so far."""

    rule: str
    keys: int
    matches: int
    last_us: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decides."""

    verdict: Verdict
    alert_id: int
    """The alert that was looked at."""
    reach: Reach
    reason: str = ""
    """Required for the verdicts in `STANDING`."""
    until_us: int | None = None
    """Required for a mute; not allowed for acknowledge and resolve."""
    what: Filter | None = None
    """Of `Reach.FILTER`: the alerts' filter."""


@dataclass(frozen=True, slots=True)
class DecisionPreview:
    """What a decision would be about."""

    alerts: int
    """Alerts that it would change now."""
    a_week: float
    """Alerts within its reach that were opened in a week, going by the last 30 days."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision did."""

    decision_id: int
    alerts: int


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back."""

    decision_id: int
    verdict: Verdict
    alerts: int
    """How many stand again as they did before; others were decided on since."""
    newer: int | None = None
    """The newest decision that stands on one of the others; None: none does."""
    newer_alerts: int = 0
    """How many of the others a newer decision stands on."""


class AlertQuestions(Protocol):
    """What may be asked. Safe to call from any thread."""

    def list(self, what: Filter, limit: int) -> AlertList:
        """Return the alerts that a filter finds."""
        ...

    def counts(self) -> AlertCounts:
        """Return how many there are; cheap enough for once a second."""
        ...

    def histogram(self, what: Filter, start_us: int, end_us: int, slices: int) -> Sequence[AlertSlice]:
        """Return the alerts that a filter finds by when they were last seen, in equal parts of [start_us, end_us)."""
        ...

    def detail(self, alert_id: int) -> AlertDetail | None:
        """Return one alert whole (of one that became part of another: that one); None: there is none."""
        ...

    def evidence_among(self, event_row_ids: Sequence[int]) -> frozenset[int]:
        """Return which of these events are kept as evidence of an alert; cheap enough for all rows of a list."""
        ...

    def invariants(self) -> Sequence[InvariantRow]:
        """Return the standing statements: violated ones first, then by name. None in a limited scope."""
        ...

    def shed(self) -> Sequence[ShedRow]:
        """Return the rules that could not remember everything."""
        ...

    def preview(self, decision: Decision) -> DecisionPreview:
        """Return what a decision would be about; reason and end need not be given yet."""
        ...

    def switched_off(self) -> frozenset[str]:
        """Return the ids of the rules that are switched off."""
        ...


class AlertActions(Protocol):
    """What may be done. Safe to call from any thread; `StoreError` (nothing was done) where it cannot be."""

    def decide(self, decision: Decision) -> Decided:
        """Decide; in the same transaction a `system.alert_decided` event records it.

        Raises:
            DecisionError: a reason or an end is missing, or there is no such alert.
        """
        ...

    def undo(self, decision_id: int | None = None) -> Undone | None:
        """Take a decision back (None: this user's last one that stands); an event records it. None: there is none."""
        ...

    def viewed(self, alert_ids: Sequence[int]) -> None:
        """Note that somebody has looked at these: new ones are open."""
        ...
