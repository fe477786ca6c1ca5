"""The footer: what the keys do here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.reactive import reactive

from tui.actions import Hint, hint
from tui.messages import RunAction
from tui.widgets.one_line import OneLine, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

_GAP = "   "
_HELP = hint("help")
_ALL_PANES = hint("maximise", label="all panes")
_MORE = "more"
"""What help is called where hints were dropped."""


class HintBar(OneLine):
    """Shows `hints` as far as there is room, dropped from the end; help stays at the right."""

    hints: reactive[tuple[Hint, ...]] = reactive(())
    """What the focused pane's keys do, the most useful first."""

    def on_mount(self) -> None:
        """Say how to get the other panes back while one has the whole screen."""
        self.watch(self.screen, "maximized", self._maximised)

    def _maximised(self) -> None:
        self.refresh()

    @property
    def told(self) -> tuple[Hint, ...]:
        """What is said as far as there is room for it."""
        if self.screen.maximized is None:
            return self.hints
        return _ALL_PANES, *(one for one in self.hints if one.command != _ALL_PANES.command)

    def left(self, room: int) -> Sequence[Piece]:
        """Return the hints that fit whole."""
        pieces: list[Piece] = [Piece(" ")]
        for one in self.told[: self._fitting(room)]:
            click = RunAction(one.command)
            pieces += [
                Piece(self.glyphs.key(one.shown), "key", click),
                Piece(f" {one.label}", "muted", click),
                Piece(_GAP),
            ]
        return pieces

    def _fitting(self, room: int) -> int:
        """Return how many hints fit."""
        used = 1
        for number, one in enumerate(self.told):
            used += cell_len(f"{self.glyphs.key(one.shown)} {one.label}")
            if used > room:
                return number
            used += len(_GAP)
        return len(self.told)

    def right(self) -> Sequence[Piece]:
        """Return the way to all of them."""
        click = RunAction(_HELP.command)
        dropped = self._fitting(self.size.width - len(f"{_HELP.shown} {_MORE} ") - 2) < len(self.told)
        return Piece(_HELP.shown, "key", click), Piece(f" {_MORE if dropped else _HELP.label} ", "muted", click)
