"""The last row of the decide dialog: what Enter does, how to leave, and which keys move."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.cells import cell_len
from textual.message import Message
from textual.reactive import reactive

from tui.widgets.decide_choices import Confirm
from tui.widgets.one_line import OneLine, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

_GAP: Final = 2


class DecideButtons(OneLine):
    """Shows `effect` on its first button; it is dim where something is missing, and can be pressed to learn what."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"bar--button", "bar--button-off"}

    effect: reactive[str] = reactive("")
    """What deciding does."""
    ready: reactive[bool] = reactive(default=True)
    """Whether nothing is missing."""

    class Leave(Message):
        """Leave without a decision."""

    def left(self, room: int) -> Sequence[Piece]:
        """Return the two buttons."""
        del room
        return self._buttons()

    def _buttons(self) -> Sequence[Piece]:
        enter = f" {self.glyphs.enter} {self.effect} "
        return (
            Piece(enter, "button" if self.ready else "button-off", Confirm()),
            Piece("  "),
            Piece(" Esc Cancel ", "chip", self.Leave()),
        )

    def right(self) -> Sequence[Piece]:
        """Return the keys that move, those that have room beside the buttons."""
        tab = (Piece("Tab", "key"), Piece(" next field", "muted"))
        both = (Piece("arrows", "key"), Piece(" choose   ", "muted"), *tab)
        room = self.size.width - _cells(self._buttons()) - _GAP
        return next((one for one in (both, tab) if _cells(one) <= room), ())


def _cells(pieces: Sequence[Piece]) -> int:
    return sum(cell_len(piece.text) for piece in pieces)
