"""The top bar of a thread: what holds it together, and where the keys lead from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.reactive import reactive

from store.threads.model import Level
from tui.actions import hint
from tui.messages import RunAction
from tui.widgets.one_line import OneLine, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.threads.model import Thread

_WIDER: Final = hint("thread")
_BACK: Final = hint("back")
_NARROW: Final = 110
_KEY_CELLS: Final = 20
"""Cells of an id on a narrow screen."""


class ThreadBar(OneLine):
    """Shows the level and the key of `thread`, what `o` widens it to, and the way back."""

    thread: reactive[Thread | None] = reactive(None)
    """None: it is being read."""

    def left(self, room: int) -> Sequence[Piece]:
        """Return the program's name, the level and the id that all rows share."""
        del room
        return [Piece(" auditail ", "key"), Piece(" "), Piece(" thread ", "tab"), Piece("  "), *self._subject()]

    def _subject(self) -> Iterator[Piece]:
        thread = self.thread
        if thread is None:
            yield Piece(f"{self.glyphs.pending} reading the store", "muted")
        elif not thread.key:
            yield Piece("a single event", "strong")
        else:
            joined = f"{len(thread.sessions)} joined " if thread.level is Level.JOINED else ""
            narrow = self.size.width < _NARROW and len(thread.key) > _KEY_CELLS
            key = thread.key[: _KEY_CELLS - 1] + self.glyphs.ellipsis if narrow else thread.key
            yield Piece(f"{joined}{thread.level} ", "muted")
            yield Piece(key, "strong")

    def right(self) -> Sequence[Piece]:
        """Return what is wider, and the way back."""
        wider = None if self.thread is None else self.thread.wider
        pieces: list[Piece] = []
        if wider is not None:
            click = RunAction(_WIDER.command)
            words = "joined sessions" if wider is Level.JOINED else str(wider)
            pieces = [Piece(_WIDER.shown, "key", click), Piece(f" {words}   ", "muted", click)]
        back = RunAction(_BACK.command)
        return [*pieces, Piece(self.glyphs.key(_BACK.shown), "key", back), Piece(" back ", "muted", back)]
