"""The top bar: the tabs, and what is going on at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.reactive import reactive

from tui.format import rate, short_count
from tui.header_state import HeaderState
from tui.messages import ShowNotice, ShowTab
from tui.widgets.one_line import OneLine, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.glyphs import Glyphs

TABS: Final = ((1, "Live"), (2, "Search"), (3, "Agents"), (5, "System"))
"""Number and name of every tab; the numbers never change their meaning."""

_NARROW: Final = 110
_WIDE: Final = 130
"""From so many columns on there is room for whole words about capturing."""
_HOW_TO_GO_ON: Final = "While this is closed nothing is captured: see `auditail service install`"


class TabBar(OneLine):
    """Shows the tabs, the present one marked; a click shows a tab."""

    header: reactive[HeaderState] = reactive(HeaderState())
    """What stands at the right."""

    def __init__(self, number: int, glyphs: Glyphs) -> None:
        """Mark the tab with this number."""
        super().__init__(glyphs)
        self.number = number

    def left(self, room: int) -> Sequence[Piece]:
        """Return name and tabs; on a narrow screen the other tabs are only numbers."""
        del room
        return list(self._tabs(narrow=self.size.width < _NARROW))

    def _tabs(self, *, narrow: bool) -> Iterator[Piece]:
        yield Piece(" auditail ", "key")
        yield Piece(" ")
        for number, name in TABS:
            click = ShowTab(number)
            if number == self.number:
                yield Piece(f" {number} {name} ", "tab", click)
            else:
                yield Piece(f" {number} ", "faint", click)
                yield Piece("" if narrow else f"{name} ", "muted", click)

    def right(self) -> Sequence[Piece]:
        """Return the state, what is watched, the rate and the number of events."""
        header = self.header
        narrow = self.size.width < _NARROW
        state, numbers = self._state(header, narrow=narrow), self._numbers(header, narrow=narrow)
        return [*state, *self._capturing(header, narrow=narrow), *numbers, Piece(" ")]

    def _state(self, header: HeaderState, *, narrow: bool) -> Iterator[Piece]:
        if header.mode == "loading":
            yield Piece(f"{self.glyphs.pending} ", "muted")
            yield Piece("reading the store", "muted")
        elif header.mode == "waiting":
            yield Piece(f"{self.glyphs.pending} ", "muted")
            yield Piece("waiting for the first event")
        elif header.mode == "paused":
            yield Piece(f"{self.glyphs.paused} ", "warning")
            yield Piece("paused", "strong")
        else:
            yield Piece(f"{self.glyphs.following} ", "success")
            yield Piece("following", "strong")
        if header.watching and not narrow:
            yield Piece(f" {header.watching}", "muted")

    def _capturing(self, header: HeaderState, *, narrow: bool) -> Iterator[Piece]:
        # A narrow bar that waits for its first event is full already.
        if header.only_while_open and not (narrow and header.mode == "waiting"):
            words = "capturing only while open" if self.size.width >= _WIDE else "only while open"
            yield Piece(f" {self.glyphs.none} ", "muted")
            yield Piece(words, "warning", ShowNotice(_HOW_TO_GO_ON))

    def _numbers(self, header: HeaderState, *, narrow: bool) -> Iterator[Piece]:
        if header.events is None:
            return
        if header.mode == "waiting":
            yield Piece(f" {self.glyphs.none} store is empty", "muted")
            return
        dot = f" {self.glyphs.none} "
        yield Piece(" " if narrow and not header.only_while_open else dot, "muted")
        yield Piece(rate(header.per_second), "muted" if narrow else "")
        unit = "" if narrow else " event" if header.events == 1 else " events"
        yield Piece(f" {self.glyphs.none} {short_count(header.events)}{unit}", "muted")
