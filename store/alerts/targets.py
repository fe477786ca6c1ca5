"""How it goes with somebody who is to be told of alerts, as the System tab and `status` show it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TargetState:
    """How it goes with one target. Counts are notices: one stands for an alert, or for many in a flood."""

    label: str
    """What people call it."""
    waiting: int
    failing: int
    """Those among the waiting ones that were tried in vain."""
    given_up: int
    """In the last 24 hours; without those that somebody's decision or the settings made needless."""
    told: int
    """In the last 24 hours."""
    oldest_us: int | None
    """When the alert was found that waits for the longest time; None: none waits."""
    error: str | None
    """Why the last one that waits failed, else the last that was given up, in one safe line; None: none did."""
