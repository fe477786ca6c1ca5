"""Which panes stand beside and below each other, by the width of the panel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui.agent_facts import AgentFacts
from tui.widgets.panel_calls import calls
from tui.widgets.panel_durations import durations
from tui.widgets.panel_head import head
from tui.widgets.panel_parts import parts
from tui.widgets.panel_row import Look, Pane, Piece, Row, heading
from tui.widgets.panel_shares import costs, partners, tokens
from tui.widgets.panel_sheet import GAP, MARGIN, Column, Sheet, sheet_of
from tui.widgets.panel_troubles import denials, errors
from tui.widgets.panel_week import week

THREE_FROM: Final = 150
TWO_FROM: Final = 106
LEFT: Final = 60
_MIDDLE: Final = 49
_MOST_MIDDLE: Final = 74

_Titled = tuple[Pane, str, int]
_WEEK: Final[_Titled] = (week, "Activity by hour and weekday", 10)
_CALLS: Final[_Titled] = (calls, "Calls", 6)
_PARTS: Final[_Titled] = (parts, "Tools", 9)
_ERRORS: Final[_Titled] = (errors, "Errors by message", 5)
_DENIALS: Final[_Titled] = (denials, "Denied", 2)
_COSTS: Final[_Titled] = (costs, "Cost", 4)
_TOKENS: Final[_Titled] = (tokens, "Tokens", 5)
_PARTNERS: Final[_Titled] = (partners, "On behalf of", 4)
_DURATIONS: Final[_Titled] = (durations, "Duration", 8)
"""A pane, what it is called while nothing is known, and how many rows it has then."""

_THREE: Final = (
    (_WEEK, _CALLS),
    (_PARTS, _ERRORS, _DENIALS),
    (_COSTS, _TOKENS, _PARTNERS, _DURATIONS),
)
_TWO: Final = ((_WEEK, _CALLS, _DURATIONS), (_PARTS, _ERRORS, _DENIALS, _COSTS, _TOKENS, _PARTNERS))
_ONE: Final = ((_PARTS, _ERRORS, _DENIALS, _CALLS, _COSTS, _TOKENS, _PARTNERS, _DURATIONS, _WEEK),)


def sheet_for(facts: AgentFacts, width: int, look: Look) -> Sheet:
    """Return the panel's sheet."""
    columns = [
        Column(size, tuple(tuple(pane(facts, size, look)) for pane, _, _ in panes))
        for size, panes in _arrangement(width)
    ]
    return sheet_of(head(facts, look), columns, width)


def waiting_sheet(name: str, width: int, look: Look) -> Sheet:
    """Return the panel while its numbers are on their way: the headings stand where they will stand."""
    sign = Piece(look.glyphs.pending, "faint")
    columns = [
        Column(size, tuple((heading(title, sign), *([Row()] * (rows - 1))) for _, title, rows in panes))
        for size, panes in _arrangement(width)
    ]
    return sheet_of(Row((Piece(name, "strong"),), (sign,)), columns, width)


def _arrangement(width: int) -> Sequence[tuple[int, tuple[_Titled, ...]]]:
    room = max(width - 2 * MARGIN, 1)
    if width >= THREE_FROM:
        middle = min(_MIDDLE + (width - THREE_FROM - 8) // 2, _MOST_MIDDLE) if width > THREE_FROM + 8 else _MIDDLE
        sizes = (LEFT, middle, room - LEFT - middle - 2 * GAP)
        return tuple(zip(sizes, _THREE, strict=True))
    if width >= TWO_FROM:
        return tuple(zip((LEFT, room - LEFT - GAP), _TWO, strict=True))
    return ((room, _ONE[0]),)
