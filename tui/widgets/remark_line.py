"""A line that is there only while something is not as it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.reactive import reactive

from tui.messages import RunAction
from tui.widgets.one_line import OneLine, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.glyphs import Glyphs


class RemarkLine(OneLine):
    """Says the first of `remarks`, how many more there are, and where all of them stand; without any it is away."""

    remarks: reactive[tuple[str, ...]] = reactive(())
    """Sentences, the most important first."""

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        """Begin with nothing to say."""
        super().__init__(glyphs, id=id)
        self.display = False

    def watch_remarks(self) -> None:
        """Be there or not."""
        self.display = bool(self.remarks)

    def left(self, room: int) -> Sequence[Piece]:
        """Return the first remark."""
        del room
        return [Piece(f" {self.glyphs.failure} ", "error"), *(Piece(one) for one in self.remarks[:1])]

    def right(self) -> Sequence[Piece]:
        """Return where to read on."""
        click = RunAction("app.tab(5)")
        others = len(self.remarks) - 1
        more = f"{others} more: " if others > 0 else ""
        return Piece(more, "muted", click), Piece("5", "key", click), Piece(" says all ", "muted", click)
