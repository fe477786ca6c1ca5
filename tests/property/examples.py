"""How many random examples a costly test draws: few each time, many with the profile `slow`."""

from __future__ import annotations

from hypothesis import settings

_USUAL = 100
"""What a test draws that says nothing; it is what counts here are a share of."""


def examples(number: int) -> int:
    """Return `number`, or as many times more as the loaded profile draws more than usual."""
    return max(number * settings().max_examples // _USUAL, 1)
