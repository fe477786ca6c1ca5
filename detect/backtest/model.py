"""What a back-test answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from detect.engine.findings import FoundIncident
from detect.rules.model import Rule
from store.replay.model import Replayed

Watch = Callable[["SoFar"], bool]
"""Gets how far a back-test is, at least ten times a second; returns whether to go on."""


@dataclass(frozen=True, slots=True)
class SoFar:
    """How far a back-test is."""

    replayed: Replayed
    incidents: int
    """Found so far."""


@dataclass(frozen=True, slots=True)
class BackTest:
    """What a rule would have found. Times are UTC microseconds, None where there are no events."""

    rule: Rule
    incidents: tuple[FoundIncident, ...]
    """In order of time."""
    agents: tuple[str, ...]
    """Agents of the evidence, in the order of the alphabet."""
    users: tuple[str, ...]
    """Users of the evidence."""
    since_us: int | None
    """From when on events were looked at: from the oldest, where that is later than what was asked for."""
    until_us: int | None
    """Up to when: up to the newest event, where that is earlier than what was asked for."""
    replayed: Replayed
    """`complete` False: it was called off, and this is what was found until then."""
    sieved: bool
    """False: the rule says nothing of names, so that every single event had to be looked at."""
    shed: int
    """Keys and matches that did not fit into memory: with more of it there might be more incidents."""
    took_s: float


class CannotBeTestedError(ValueError):
    """A rule that history cannot answer; the text says why."""
