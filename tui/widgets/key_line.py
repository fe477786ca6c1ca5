"""What the keys of a dialog do, in one line at its foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.reactive import reactive

from tui.widgets.one_line import OneLine, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP = "  "


class KeyLine(OneLine):
    """Shows `keys` as pairs of key and effect; what has no room is dropped from the end."""

    keys: reactive[tuple[tuple[str, str], ...]] = reactive(())
    """Keys as people write them, and a word or two for what each does."""

    def left(self, room: int) -> Sequence[Piece]:
        """Return the pairs that fit whole."""
        pieces: list[Piece] = []
        used = 0
        for shown, label in self.keys:
            used += cell_len(f"{shown} {label}") + (len(GAP) if pieces else 0)
            if used > room:
                break
            pieces += [Piece(GAP if pieces else ""), Piece(shown, "key"), Piece(f" {label}", "muted")]
        return pieces
