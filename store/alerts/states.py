"""The few words that alerts are spoken of in: how bad, how they stand, and what may be decided."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Level(StrEnum):
    """How bad it is, from least to worst; Sigma's words. In tables its place in this order is kept."""

    INFORMATIONAL = "informational"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class AlertState(StrEnum):
    """How an alert stands; the value is how it is written in `state:`. In tables its place in this order is kept."""

    NEW = "new"
    """Nobody has looked at it."""
    OPEN = "open"
    """Somebody has looked at it, nothing is decided (or what was decided holds no longer)."""
    SEEN = "seen"
    """Acknowledged: somebody looks into it."""
    RESOLVED = "resolved"
    """Handled; it is new again when it grows."""
    FALSE_POSITIVE = "false-positive"
    ACCEPTED = "accepted"
    MUTED = "muted"
    """Counted on, but not told, until a time; then it is open again."""


LIVE: Final = (AlertState.NEW, AlertState.OPEN, AlertState.SEEN)
"""States in which something is still to be done."""


class Verdict(StrEnum):
    """What may be decided; the value is how it is written on the command line and in events."""

    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"
    FALSE_POSITIVE = "false-positive"
    ACCEPT_RISK = "accept-risk"
    MUTE = "mute"


STATE_AFTER: Final = {
    Verdict.ACKNOWLEDGE: AlertState.SEEN,
    Verdict.RESOLVE: AlertState.RESOLVED,
    Verdict.FALSE_POSITIVE: AlertState.FALSE_POSITIVE,
    Verdict.ACCEPT_RISK: AlertState.ACCEPTED,
    Verdict.MUTE: AlertState.MUTED,
}
STANDING: Final = frozenset({Verdict.FALSE_POSITIVE, Verdict.ACCEPT_RISK, Verdict.MUTE})
"""Verdicts that need a reason, may have an end (a mute must have one), and hold for what comes as well until then."""


class Reach(StrEnum):
    """What a decision is about; the value is how it is written on the command line and in events."""

    ALERT = "alert"
    """This alert."""
    RULE_AND_AGENT = "rule-and-agent"
    """All alerts of its rule with its agent (of none, if it has none)."""
    FILTER = "filter"
    """All alerts of its rule that a query of the Alerts tab finds."""


LEVELS: Final = tuple(Level)
STATES: Final = tuple(AlertState)
VERDICTS: Final = tuple(Verdict)
REACHES: Final = tuple(Reach)
"""Each in the order in which its numbers are kept in tables."""

LONGEST_REASON: Final = 500
"""Characters of a reason at most: it stands whole in histories and in the event that records it."""
