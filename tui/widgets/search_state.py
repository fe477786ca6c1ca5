"""The line under the list of a result: where in it the cursor is, how it is sorted, how far was searched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from textual.reactive import reactive

from store.events import EventSummary
from tui.format import clock, count, day
from tui.messages import RunAction
from tui.widgets.notice_line import NoticeLine
from tui.widgets.one_line import Piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NARROW: Final = 110


@dataclass(frozen=True, slots=True)
class ResultState:
    """What is going on.

    `reached_us` is how far was searched, `found` what passed of it. `row` counts from 1, and is about right where
    `surely` is False; None: not known. `order` says how the list is sorted.
    """

    mode: Literal["loading", "searching", "sorting", "stopped", "failed", "found"] = "loading"
    reached_us: int | None = None
    found: int = 0
    row: int | None = None
    of: int | None = None
    surely: bool = True
    order: str = "by time, newest last"


class SearchStateLine(NoticeLine):
    """Says where the cursor is, or what is being done about finding more."""

    state: reactive[ResultState] = reactive(ResultState())
    """What is going on."""
    under_cursor: reactive[EventSummary | None] = reactive(None)
    """The row under the cursor."""
    chosen = reactive("")
    """Which part of a histogram without words is chosen; empty: it says so itself, or none is."""
    utc = reactive(default=False)
    """Show times in UTC instead of local time."""

    def watch_state(self, state: ResultState) -> None:
        """Tint the line while something goes on that can be stopped."""
        self.set_class(state.mode in ("searching", "sorting", "stopped"), "-busy")

    def standing(self, room: int) -> Sequence[Piece]:
        """Return what is going on, or where the cursor is."""
        del room
        state = self.state
        match state.mode:
            case "loading":
                return (Piece(f" {self.glyphs.pending} reading the store", "muted"),)
            case "searching":
                return list(self._searching("searching back" if state.reached_us is None else "searched back to"))
            case "sorting":
                return list(self._searching("sorting" if state.reached_us is None else "sorting, back to"))
            case "stopped":
                return list(self._stopped())
            case "failed":
                return (Piece(f" {self.glyphs.failure} the store did not answer", "error"),)
            case "found":
                return list(self._row())

    def _searching(self, doing: str) -> Iterator[Piece]:
        yield Piece(f" {self.glyphs.pending} {doing} ", "muted")
        yield from self._reached()
        yield Piece(f", {count(self.state.found)} found", "")

    def _stopped(self) -> Iterator[Piece]:
        yield Piece(" stopped at " if self.state.reached_us is not None else " stopped", "warning")
        yield from self._reached()
        yield Piece(f", {count(self.state.found)} found", "")

    def _reached(self) -> Iterator[Piece]:
        if self.state.reached_us is not None:
            hms, _ = clock(self.state.reached_us, utc=self.utc)
            yield Piece(f"{day(self.state.reached_us, utc=self.utc)} {hms}", "strong")

    def _row(self) -> Iterator[Piece]:
        state, event = self.state, self.under_cursor
        if self.chosen:
            yield Piece(" chosen ", "muted")
            yield Piece(self.chosen, "strong")
            return
        if state.row is not None and state.of is not None:
            about = "" if state.surely else "about "
            yield Piece(f" row {about}", "muted")
            yield Piece(count(state.row), "strong")
            yield Piece(f" of {count(state.of)}", "muted")
        if event is None:
            return
        if self.size.width < _NARROW:
            who = [part for part in (event.user_id, event.server) if part]
            yield Piece("  " + f" {self.glyphs.none} ".join(who) + "  ")
            yield Piece(event.message or "", "" if event.trouble else "muted")
            return
        hms, _ = clock(event.ts_us, utc=self.utc)
        yield Piece(f"   {day(event.ts_us, utc=self.utc)} {hms}", "muted")

    def right(self) -> Sequence[Piece]:
        """Return how to stop or to go on; else how the list is sorted."""
        mode = self.state.mode
        if mode in ("searching", "sorting"):
            click = RunAction("screen.back")
            return Piece("Esc", "key", click), Piece(" stops ", "", click)
        if mode in ("stopped", "failed"):
            click = RunAction("screen.retry")
            return Piece("r", "key", click), Piece(" goes on " if mode == "stopped" else " asks again ", "", click)
        if self.size.width < _NARROW:
            return ()
        return (Piece(f"sorted {self.state.order} ", "muted"),)
