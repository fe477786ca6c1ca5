"""What the engine found: values for whoever keeps and shows alerts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class FoundIncident:
    """An incident as it stands after a batch. The same id again replaces what was said before."""

    id: str
    """16 hexadecimal digits."""
    rule_id: str
    key: tuple[tuple[str, str | None], ...]
    """Whose incident it is: field and value. Empty: of the many keys that one rule held for at once."""
    first_us: int
    """Stated time of the first event that shows it, in UTC microseconds; of a silence, when it began (by arrival)."""
    last_us: int
    count: int
    """Events that show it."""
    evidence: tuple[int, ...]
    """Row ids in order of time: all, or the first and last half of as many as the rule keeps."""
    explanation: str
    """What happened, in words with numbers. Holds text of events: it is not safe for a screen as it stands."""
    historical: bool
    """It only speaks of events that were more than an hour old when they arrived: listed, never notified."""
    opened_seq: int
    """`seq` of the event that opened it."""


class Absorbed(NamedTuple):
    """Two incidents turned out to be one: what was said of `gone` is now part of `into`."""

    rule_id: str
    gone: str
    into: str


class Shed(NamedTuple):
    """What one rule could not remember, since the last time it was asked."""

    rule_id: str
    keys: int
    """Keys forgotten while they might still have mattered."""
    matches: int
    """Matches forgotten."""


@dataclass(slots=True)
class Findings:
    """What one call found. Everything is empty where nothing happened."""

    incidents: list[FoundIncident] = field(default_factory=list[FoundIncident])
    absorbed: list[Absorbed] = field(default_factory=list[Absorbed])
    shed: list[Shed] = field(default_factory=list[Shed])


class InvariantState(NamedTuple):
    """How one standing statement is doing."""

    rule_id: str
    statement: str
    examined: int
    """Events that it speaks of."""
    violations: int
    checked_us: int | None
    """When the last of them arrived; None: none has."""


class StatePiece(NamedTuple):
    """A part of the engine's state, to be kept under (owner, key). `data` None: it is to be dropped."""

    owner: str
    key: str
    data: bytes | None
