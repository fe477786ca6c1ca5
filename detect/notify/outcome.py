"""How one try to tell somebody went."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from store.safe_text import safe_text

_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Outcome:
    """`error` None: it was told."""

    error: str | None = None
    """What went wrong: one safe line without addresses or tokens."""
    for_good: bool = False
    """Trying again would be of no use."""
    wait_s: float | None = None
    """For how long the other side asks to be left alone; None: it says nothing."""


TOLD: Final = Outcome()
Send: TypeAlias = Callable[[str], Outcome]
"""Tells a target something (JSON text), taking as long as it may. It raises nothing."""


def failed(error: str, *, for_good: bool = False, wait_s: float | None = None) -> Outcome:
    """Return the outcome of a failure; what may be text of others is made safe and short."""
    safe = safe_text(" ".join(error.split()))
    return Outcome(safe if len(safe) <= _LONGEST else f"{safe[: _LONGEST - 1]}…", for_good, wait_s)
