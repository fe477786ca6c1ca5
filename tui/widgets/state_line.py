"""The line under the list: following or paused, and what is going on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from textual.reactive import reactive

from store.events import EventSummary
from store.service import Tally
from tui.format import MICROS, count, elapsed
from tui.messages import RunAction, ShowTab
from tui.widgets.notice_line import NoticeLine
from tui.widgets.one_line import Piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NARROW: Final = 110


@dataclass(frozen=True, slots=True)
class ListState:
    """`arrived` and `alerts` count what came since the pause began; `paused_s` are whole seconds since then."""

    mode: Literal["loading", "following", "paused"] = "loading"
    paused_s: int = 0
    arrived: Tally = field(default_factory=Tally)
    alerts: int = 0


class StateLine(NoticeLine):
    """Says in what state the list is. Tinted while paused; zeros are left out."""

    state: reactive[ListState] = reactive(ListState())
    """Following or paused."""
    lag_ms: reactive[int | None] = reactive(None)
    """From a file's change to its events in the store; None: not known."""
    today: reactive[Tally | None] = reactive(None)
    """The present day's tally of what passes the filter; None: not counted yet."""
    under_cursor: reactive[EventSummary | None] = reactive(None)
    """Shown on a narrow screen, where the list has no room for user and summary."""

    def watch_state(self, state: ListState) -> None:
        """Tint the line while paused."""
        self.set_class(state.mode == "paused", "-paused")

    def standing(self, room: int) -> Sequence[Piece]:
        """Return the state."""
        del room
        if self.state.mode == "paused":
            return list(self._paused())
        return list(self._following())

    def _following(self) -> Iterator[Piece]:
        if self.state.mode == "loading":
            yield Piece(f"  {self.glyphs.pending} reading the store", "muted")
            return
        yield Piece(f"  {self.glyphs.following} following  ", "success")
        if self.size.width >= _NARROW:
            yield Piece("newest at the bottom", "muted")
        else:
            yield from self._cursor_row()

    def _cursor_row(self) -> Iterator[Piece]:
        event = self.under_cursor
        if event is None:
            return
        who = [part for part in (event.user_id, event.server) if part]
        yield Piece(" " + f" {self.glyphs.none} ".join(who) + "  ")
        yield Piece(event.message or "", "" if event.trouble else "muted")

    def _paused(self) -> Iterator[Piece]:
        dot = f"  {self.glyphs.none}  "
        arrived = self.state.arrived
        yield Piece(f" {self.glyphs.paused} paused ", "warning")
        yield Piece(elapsed(self.state.paused_s * MICROS))
        if arrived.events:
            yield Piece(dot, "muted")
            yield Piece(count(arrived.events), "strong")
            yield Piece(" new")
        if arrived.errors:
            yield Piece(dot, "muted")
            yield Piece(f"{self.glyphs.failure} ", "error")
            yield Piece(f"{count(arrived.errors)} failed")
        if arrived.denials:
            yield Piece(dot, "muted")
            yield Piece(f"{self.glyphs.denied} ", "warning")
            yield Piece(f"{count(arrived.denials)} denied")
        if self.state.alerts:
            yield Piece(dot, "muted")
            yield Piece(f"{self.glyphs.alert} ", "error", ShowTab(4))
            yield Piece(f"{count(self.state.alerts)} alert{'' if self.state.alerts == 1 else 's'}", "", ShowTab(4))

    def right(self) -> Sequence[Piece]:
        """Return the way back while paused, else lag and today's trouble."""
        if self.state.mode == "paused":
            click = RunAction("screen.newest")
            return Piece("End", "key", click), Piece(" to catch up ", "", click)
        return [*self._lag(), *self._today(), Piece(" ")] if self.size.width >= _NARROW else list(self._today())

    def _lag(self) -> Iterator[Piece]:
        if self.lag_ms is not None:
            yield Piece("lag ", "muted")
            yield Piece(f"{count(self.lag_ms)} ms")
            yield Piece(f"  {self.glyphs.none}  ", "muted")

    def _today(self) -> Iterator[Piece]:
        if self.today is None:
            return
        narrow = self.size.width < _NARROW
        if not narrow:
            yield Piece("today ", "muted")
        words = ("", "") if narrow else (" failed", " denied")
        for number, sign, word in zip(
            (self.today.errors, self.today.denials), (self.glyphs.failure, self.glyphs.denied), words, strict=True
        ):
            yield Piece(f"{sign} {count(number)}{word}  ", "" if number else "muted")
