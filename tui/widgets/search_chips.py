"""The chips of a result's filter, and how far it has been counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.reactive import reactive

from tui.format import clock, day
from tui.messages import RunAction
from tui.widgets.filter_line import FilterLine
from tui.widgets.one_line import Piece

if TYPE_CHECKING:
    from collections.abc import Sequence


class SearchChips(FilterLine):
    """Shows `what` as chips; at the right, while it is being counted, back to when."""

    counting = reactive(default=False)
    """Whether it is still being counted."""
    reached_us: reactive[int | None] = reactive(None)
    """Everything from here on has been counted, UTC microseconds; None: all of it."""
    failed = reactive(default=False)
    """Whether the store did not answer."""
    utc = reactive(default=False)
    """Show times in UTC instead of local time."""

    def right(self) -> Sequence[Piece]:
        """Return how far was counted; nothing where all of it was."""
        if self.empty_store:
            return Piece("0 events ", "muted"), Piece("")
        if self.failed:
            click = RunAction("screen.retry")
            return Piece("not counted: ", "muted"), Piece("r", "key", click), Piece(" counts again ", "muted", click)
        if self.counting and self.reached_us is None:
            return (Piece(f"{self.glyphs.pending} counting ", "faint"),)
        if self.reached_us is None:
            return ()
        said = f"{self.glyphs.pending} counted back to " if self.counting else "counted back to "
        hms, _ = clock(self.reached_us, utc=self.utc)
        return Piece(said, "faint"), Piece(f"{day(self.reached_us, utc=self.utc)} {hms} ", "muted")
