"""An incident on its way into the store: what an engine found, with what its rule says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from store.alerts.states import Level


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """What is kept of a rule beside its alerts: a rule may be changed or gone when they are looked at."""

    rule_id: str
    name: str
    title: str
    level: Level
    description: str = ""
    tags: tuple[str, ...] = ()
    falsepositives: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    shipped: bool = True


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident as it stands after a batch. The same `incident` again replaces what was said before."""

    incident: str
    """16 hexadecimal digits."""
    rule: RuleFacts
    key: tuple[tuple[str, str | None], ...]
    """Whose it is: field and value. Empty: of the many keys that one rule held for at once."""
    first_us: int
    last_us: int
    """Stated times of the first and the last event that show it, in UTC microseconds."""
    count: int
    """Events that show it."""
    evidence: tuple[int, ...]
    """Row ids in order of time: all, or the first and last half of as many as the rule keeps."""
    explanation: str
    """In words with numbers. Holds text of events."""
    historical: bool
    """All its events were more than an hour old when they arrived: listed, never notified."""


@dataclass(frozen=True, slots=True)
class Invariant:
    """How one standing statement is doing."""

    rule: RuleFacts
    statement: str
    examined: int
    """Events that it speaks of."""
    violations: int
    checked_us: int | None
    """When the last of them arrived, in UTC microseconds; None: none has."""


@dataclass(frozen=True, slots=True)
class ShedNote:
    """What a rule could not remember since the last time."""

    rule: RuleFacts
    keys: int
    matches: int


@dataclass(slots=True)
class Found:
    """What an observer has to keep after a batch: all of it in the batch's transaction."""

    incidents: list[Incident] = field(default_factory=list[Incident])
    absorbed: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """(gone, into): two incidents turned out to be one."""
    shed: list[ShedNote] = field(default_factory=list[ShedNote])
    invariants: list[Invariant] = field(default_factory=list[Invariant])
    """Those that are doing otherwise than before."""
    all_invariants: bool = False
    """Whether `invariants` are all that there are: others are not looked at any more."""
    pieces: list[tuple[str, str, bytes | None]] = field(default_factory=list[tuple[str, str, bytes | None]])
    """(owner, key, data) of the engine's memory; data None: it is dropped."""
