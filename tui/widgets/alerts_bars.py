"""The bars of the Alerts tab: how alerts stand at the top, and the filter with how many pass it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.reactive import reactive

from store.alerts.states import AlertState
from tui.format import count
from tui.messages import RunAction
from tui.widgets.filter_line import FilterLine
from tui.widgets.one_line import Piece
from tui.widgets.tab_bar import TabBar, level_role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NARROW: Final = 110
_TOLD: Final = (AlertState.OPEN, AlertState.SEEN)


class AlertsTabBar(TabBar):
    """Says at its right how all alerts stand, whatever the filter."""

    def right(self) -> Sequence[Piece]:
        """Return the numbers; zeros are left out."""
        if self.alerts is None:
            return Piece(f"{self.glyphs.pending} ", "muted"), Piece("reading the store ", "muted")
        parts = list(self._parts(narrow=self.size.width < _NARROW))
        if not parts:
            return Piece("no alerts ", "muted"), Piece("")
        dot = Piece(f" {self.glyphs.none} ", "muted")
        pieces = [piece for part in parts for piece in (*part, dot)]
        return [*pieces[:-1], Piece(" ")]

    def _parts(self, *, narrow: bool) -> Iterator[tuple[Piece, ...]]:
        counts = self.alerts
        if counts is None:
            return
        new, muted = (counts.by_state.get(state, 0) for state in (AlertState.NEW, AlertState.MUTED))
        if new:
            yield Piece(f"{self.glyphs.alert} ", level_role(counts.worst_new)), Piece(f"{count(new)} new", "strong")
        for state in _TOLD:
            number = counts.by_state.get(state, 0)
            if number:
                yield (Piece(f"{count(number)} {state}", "muted"),)
        if muted:
            events = f" ({count(counts.muted_events)} event{'' if counts.muted_events == 1 else 's'})"
            yield (Piece(f"{count(muted)} muted{'' if narrow else events}", "muted"),)


@dataclass(frozen=True, slots=True)
class AlertsFigures:
    """How many alerts pass the filter, and how many of them were last seen within the bars' time."""

    matched: int
    within: int
    window: str
    """`last 24 h`."""


class AlertsFilterLine(FilterLine):
    """The filter as chips; at the right how many alerts pass."""

    figures: reactive[AlertsFigures | None] = reactive(None)
    """The numbers; None: not known yet."""

    def left(self, room: int) -> Sequence[Piece]:
        """Return the chips behind the key that edits them."""
        key = Piece(" /", "key", RunAction("screen.edit_filter"))
        return [key, *super().left(room)]

    def _invitation(self) -> Iterator[Piece]:
        yield Piece(" all alerts", "muted")
        yield Piece(f" {self.glyphs.none} ", "faint")
        yield Piece("X", "key", RunAction("screen.clear_filter"))
        yield Piece(" only those to be looked at", "faint")

    def right(self) -> Sequence[Piece]:
        """Return the numbers."""
        figures = self.figures
        if figures is None:
            return Piece(f"{self.glyphs.pending} ", "faint"), Piece("alerts ", "muted")
        noun = f" alert{'' if figures.matched == 1 else 's'}"
        number = Piece(count(figures.matched), "strong")
        if self.size.width < _NARROW or not figures.matched:
            return number, Piece(f"{noun} ", "muted")
        within = "" if figures.within == figures.matched else f"{count(figures.within)} in the "
        return number, Piece(f"{noun}   {within}{figures.window} ", "muted")
