"""What a mistake in the engine or in a rule can raise."""

from __future__ import annotations

from typing import Final

import msgspec

from store.alerts.errors import NotKeptError

MISTAKES: Final = (
    ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError,
    msgspec.MsgspecError, NotKeptError,
)  # fmt: skip
"""It costs the event that it met, and never an append."""


def kind_of(error: Exception) -> str:
    """Return a mistake as it is said: what it is called, and what it says of itself."""
    return f"{type(error).__name__}: {error}"[:500]
