"""A bar that can say something for a few seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.reactive import reactive

from tui.widgets.one_line import OneLine, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Notice:
    """Something said for a few seconds instead of the state."""

    text: str
    trouble: bool = False


class NoticeLine(OneLine):
    """Base of the bars below a list: a notice stands in place of what `state` says."""

    notice: reactive[Notice | None] = reactive(None)
    """Said instead of the state."""

    def left(self, room: int) -> Sequence[Piece]:
        """Return the notice, or the state."""
        if self.notice is not None:
            return [Piece(f" {self.notice.text}", "error" if self.notice.trouble else "")]
        return self.standing(room)

    def standing(self, room: int) -> Sequence[Piece]:
        """Return what the bar says while there is no notice; `room` cells are free."""
        raise NotImplementedError
