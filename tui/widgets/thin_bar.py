"""A thin bar: how much of the largest value one is, to half a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.glyphs import Glyphs


def thin_bar(part: int, most: int, cells: int, glyphs: Glyphs) -> str:
    """Return at most `cells` cells; something that is there at all has half a cell at least."""
    halves = round(2 * cells * part / most) if most else 0
    halves = max(halves, 1) if part else 0
    return glyphs.bar_line * (halves // 2) + (glyphs.bar_end if halves % 2 else "")
