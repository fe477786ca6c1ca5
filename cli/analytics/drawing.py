"""Bars and sparklines of a few cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.glyphs import Glyphs

_TOP: Final = 6
"""The top two heights are never used, so that rows above each other do not grow together."""


def spark(numbers: Sequence[int], cells: int, glyphs: Glyphs) -> str:
    """Return numbers as one line of at most so many cells, on a scale of its own; neighbours share a cell."""
    shown = squeezed(numbers, cells)
    peak = max(shown, default=0)
    return "".join(
        glyphs.bars[max(round(_TOP * number / peak), 2) if number else (0 if glyphs.ascii else 1)] for number in shown
    )


def squeezed(numbers: Sequence[int], cells: int) -> list[int]:
    """Return numbers summed up into at most so many parts."""
    parts = min(cells, len(numbers))
    return [
        sum(numbers[len(numbers) * part // parts : len(numbers) * (part + 1) // parts]) for part in range(max(parts, 0))
    ]


def bar(part: float, whole: float, cells: int, glyphs: Glyphs) -> str:
    """Return a thin bar, full where `part` is `whole`; anything above nothing is seen."""
    if part <= 0 or whole <= 0:
        return ""
    halves = max(1, round(2 * cells * min(part / whole, 1.0)))
    return glyphs.bar_line * (halves // 2) + glyphs.bar_end * (halves % 2)
