"""How many rows each pane of the Alerts tab gets that stand below each other."""

from __future__ import annotations

from typing import Final

_MUTED: Final = 6
"""Which part of the rows the muted alerts may take where not all has room."""
_BOARD: Final = 3
"""Which part the invariants may."""


def heights(room: int, listed: int, muted: int, board: int) -> tuple[int, int, int]:
    """Return the rows of the list, of the muted alerts and of the invariants; these are what each of them has to show.

    Where not all has room, the list gives way last, and what one pane does not need goes to the others.
    """
    if listed + muted + board <= room:
        return listed, muted, board
    for_board = min(board, max(room // _BOARD, room - listed - muted, 0))
    for_muted = min(muted, max(room // _MUTED, room - listed - for_board, 0))
    for_list = max(room - for_board - for_muted, 0)
    for_board = min(board, max(for_board, room - for_list - for_muted))
    return for_list, for_muted, for_board
