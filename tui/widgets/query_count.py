"""How many events pass the query that is being typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.reactive import reactive

from tui.format import count
from tui.widgets.one_line import OneLine, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence


class QueryCount(OneLine):
    """The right end of a query line; as wide as what it says."""

    passing: reactive[int | None] = reactive(None)
    """How many pass; None: not counted yet."""
    total: reactive[int | None] = reactive(None)
    """How many there are; None: it is not said."""
    complete = reactive(default=True)
    """False: it is still being counted, there are at least so many."""
    when = reactive("")
    """In which time, `in the last hour`; empty: it is not said."""
    older = reactive(default=False)
    """Whether the count is of the text before, because this one cannot be understood."""
    narrow = reactive(default=False)
    """Whether there is room for little more than the number."""

    def _fit(self) -> None:
        self.styles.width = sum(cell_len(piece.text) for piece in self.right()) + 1

    watch_passing = watch_total = watch_complete = watch_when = watch_older = watch_narrow = _fit

    def left(self, room: int) -> Sequence[Piece]:
        """Return nothing."""
        del room
        return ()

    def right(self) -> Sequence[Piece]:
        """Return the count."""
        behind = f" {self.when}" if self.when and not self.narrow else ""
        if self.passing is None:
            return Piece(self.glyphs.pending, "faint"), Piece(f"{behind} ", "muted")
        more = "" if self.complete else self.glyphs.ellipsis
        of = f" of {count(self.total)}" if self.total is not None else f" event{'' if self.passing == 1 else 's'}"
        of = "" if self.narrow else of
        if self.older:
            return (
                Piece(f"{count(self.passing)}{more}{of}{' before' if self.narrow else ', before the error'} ", "muted"),
            )
        return Piece(f"{count(self.passing)}{more}", "strong"), Piece(f"{of}{behind} ", "muted")
