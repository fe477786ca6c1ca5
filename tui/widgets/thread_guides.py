"""The lines that lead from a row of a thread up to what holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.threads.model import ThreadRow

_STEPS: Final = ((3, "│  ", "   ", "├─ ", "└─ "), (2, "│ ", "  ", "├─", "└─"), (1, "│", " ", "├", "└"))
"""Cells of a level, and how a level is drawn: passing by, empty, a child, the last child."""
_SHARE: Final = 0.4
"""How much of the tree's column guides may take."""
IN_ASCII: Final = str.maketrans("│├└─⋯", "||`-~")


def step_for(rows: Sequence[ThreadRow], width: int) -> int:
    """Return how many cells a level takes: fewer where the tree is deep for its column."""
    deepest = max((row.depth for row in rows), default=0)
    return next((cells for cells, *_ in _STEPS if cells * deepest <= width * _SHARE), 1)


def guide(rows: Sequence[ThreadRow], index: int, step: int, width: int) -> str:
    """Return what stands before a row; where it is too deep for the column, only the innermost levels."""
    row = rows[index]
    if not row.depth:
        return ""
    _, passing, empty, child, last = next(one for one in _STEPS if one[0] == step)
    parts = [last if row.is_last else child]
    at = row.parent
    most = max(int(width * _SHARE) // step, 1)
    while at is not None and rows[at].depth > 0 and len(parts) <= most:
        parts.append(empty if rows[at].is_last else passing)
        at = rows[at].parent
    if at is not None and rows[at].depth > 0:
        return "⋯" + "".join(reversed(parts[:-1]))
    return "".join(reversed(parts))
