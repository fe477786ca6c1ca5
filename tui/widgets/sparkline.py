"""A row of small bars. The top two heights are never used, so that rows above each other do not grow together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.glyphs import Glyphs
    from tui.widgets.line import Span

TOP: Final = 6


def sparkline(numbers: Sequence[int], glyphs: Glyphs) -> Iterator[Span]:
    """Yield one cell a number, on a scale of their own; nothing at all is a faint line."""
    peak = max(numbers, default=0)
    for number in numbers:
        if number:
            yield glyphs.bars[max(round(TOP * number / peak), 2)], "bar"
        else:
            yield glyphs.bars[1], "faint"
