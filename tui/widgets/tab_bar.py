"""The top bar: the tabs, and what is going on at the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.reactive import reactive

from store.alerts.model import AlertCounts
from store.alerts.states import AlertState, Level
from tui.format import rate, short_count
from tui.header_state import HeaderState
from tui.messages import ShowNotice, ShowTab
from tui.widgets.one_line import OneLine, Piece, pieces_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.glyphs import Glyphs

TABS: Final = ((1, "Live"), (2, "Search"), (3, "Agents"), (4, "Alerts"), (5, "System"))
"""Number and name of every tab; the numbers never change their meaning."""

_ALERTS: Final = 4
"""The tab whose badge tells of new alerts."""
_NARROW: Final = 110
_GAP: Final = 2
_HOW_TO_GO_ON: Final = "While this is closed nothing is captured: see `auditail service install`"


@dataclass(frozen=True, slots=True)
class _Form:
    """Whether it is said what is watched, and in which words that it ends with the dashboard."""

    path: bool
    words: str


_LONG, _SHORT = "capturing only while open", "only while open"
_FORMS: Final = (_Form(path=True, words=_LONG), _Form(path=True, words=_SHORT), _Form(path=False, words=_SHORT))
"""From the longest to the shortest."""


class TabBar(OneLine):
    """Shows the tabs, the present one marked; a click shows a tab."""

    header: reactive[HeaderState] = reactive(HeaderState())
    """What stands at the right."""
    alerts: reactive[AlertCounts | None] = reactive(None)
    """How alerts stand; None: not known yet."""

    def __init__(self, number: int, glyphs: Glyphs) -> None:
        """Mark the tab with this number."""
        super().__init__(glyphs)
        self.number = number

    def left(self, room: int) -> Sequence[Piece]:
        """Return name and tabs; where there is no room, the other tabs are only numbers."""
        pieces = list(self._tabs(narrow=self.size.width < _NARROW))
        return pieces if pieces_width(pieces) <= room else list(self._tabs(narrow=True))

    def _tabs(self, *, narrow: bool) -> Iterator[Piece]:
        yield Piece(" auditail ", "key")
        yield Piece(" ")
        for number, name in TABS:
            click = ShowTab(number)
            badge = self._badge() if number == _ALERTS else ""
            role = level_role(self.alerts.worst_new) if badge and self.alerts is not None else ""
            if number == self.number:
                yield Piece(f" {number} {name} ", "tab", click)
                yield Piece(badge, f"tab-{role}" if role in ("error", "warning") else "tab", click)
            else:
                yield Piece(f" {number} ", "faint", click)
                yield Piece("" if narrow else f"{name} ", "muted", click)
                yield Piece(badge, role, click)

    def _badge(self) -> str:
        """Return the sign of new alerts with their number; empty: there are none."""
        new = 0 if self.alerts is None else self.alerts.by_state.get(AlertState.NEW, 0)
        return f"{self.glyphs.alert}{short_count(new)} " if new else ""

    def right(self) -> Sequence[Piece]:
        """Return the state, what is watched, the rate and the number of events, in as many words as leave the tabs."""
        width = self.size.width
        room = width - pieces_width(self._tabs(narrow=width < _NARROW)) - _GAP
        forms = [list(self._said(form)) for form in _FORMS if not form.path or width >= _NARROW]
        return next((pieces for pieces in forms if pieces_width(pieces) <= room), forms[-1])

    def _said(self, form: _Form) -> Iterator[Piece]:
        narrow = self.size.width < _NARROW
        yield from self._state(self.header, path=form.path)
        yield from self._capturing(self.header, form.words, narrow=narrow)
        yield from self._numbers(self.header, narrow=narrow)
        yield Piece(" ")

    def _state(self, header: HeaderState, *, path: bool) -> Iterator[Piece]:
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
        if header.watching and path:
            yield Piece(f" {header.watching}", "muted")

    def _capturing(self, header: HeaderState, words: str, *, narrow: bool) -> Iterator[Piece]:
        # A narrow bar that waits for its first event is full already.
        if header.only_while_open and not (narrow and header.mode == "waiting"):
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


def level_role(level: Level | None) -> str:
    """Return the role of a bar's piece that tells of alerts as bad as that; None: of none."""
    if level in (Level.CRITICAL, Level.HIGH):
        return "error"
    return "warning" if level is Level.MEDIUM else "muted"
