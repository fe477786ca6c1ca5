"""What the keys do, in as many columns as have room."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, ClassVar, Final

from tui.actions import ACTIONS, Group
from tui.key_names import PANE_KEYS, keys_of
from tui.widgets.line import BLANK, Line, Span, fit, spans_width, wrap
from tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COLUMN: Final = 56
"""Cells that a column needs at least."""
KEYS: Final = 14
"""Cells of the keys within a column."""


def blocks() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return every heading with its keys and what they do, in the help screen's order."""
    groups = [(g.value, [(keys_of(a), a.help) for a in ACTIONS if a.group is g]) for g in Group]
    return [*((title, rows) for title, rows in groups if rows), *((title, list(rows)) for title, rows in PANE_KEYS)]


class HelpLines(LineView):
    """The table of actions as text to read; arrows scroll."""

    GUTTER: ClassVar[int] = 0

    def build(self, width: int) -> Sequence[Line]:
        """Return the blocks, side by side where two columns fit, filled so that both end at about the same row."""
        number = 2 if width >= 2 * COLUMN + 2 else 1
        column_width = (width - 2 * (number - 1)) // number
        laid_out = [list(_block(title, rows, column_width)) for title, rows in blocks()]
        if number == 1:
            return [line for block in laid_out for line in (*block, BLANK)]
        left, right = _halves(laid_out)
        pairs = zip_longest(left, right, fillvalue=BLANK)
        return [Line((*_filled(one, column_width), ("  ", ""), *other.spans)) for one, other in pairs]


def _block(title: str, rows: Sequence[tuple[str, str]], width: int) -> Iterator[Line]:
    yield Line(((f"{title} ", "title"), ("─" * max(width - len(title) - 1, 0), "rule")))
    for keys, text in rows:
        beside = keys if len(keys) < KEYS else ""
        if not beside:
            yield Line(((keys, "accent"),))
        for index, part in enumerate(wrap(text, width - KEYS, 3)):
            yield Line((((beside if index == 0 else "").ljust(KEYS), "accent"), (part, "")))


def _halves(laid_out: Sequence[Sequence[Line]]) -> tuple[list[Line], list[Line]]:
    half = sum(len(block) + 1 for block in laid_out) / 2
    left: list[Line] = []
    right: list[Line] = []
    for block in laid_out:
        # Once a block has gone to the right, the rest follows, so that the order stays that of the table.
        column = left if not right and len(left) + len(block) / 2 < half else right
        column += [*block, BLANK]
    return left, right


def _filled(line: Line, width: int) -> list[Span]:
    spans = fit(line.spans, width)
    return [*spans, (" " * (width - spans_width(spans)), "")]
