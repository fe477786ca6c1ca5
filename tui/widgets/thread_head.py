"""The line above a thread's tree: on whose behalf, since when, and its totals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.reactive import reactive

from tui.format import clock, count, day, money
from tui.widgets.one_line import OneLine, Piece
from tui.widgets.thread_axis import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.threads.model import Thread

_NARROW: Final = 110
_WIDE: Final = 140
_NAMES: Final = 3
"""Users that are named; more are counted."""


class ThreadHead(OneLine):
    """Shows the numbers of `thread`; zeros of what is bad are left out."""

    thread: reactive[Thread | None] = reactive(None)
    """None: it is being read."""
    utc = reactive(default=False)
    """Show times in UTC instead of local time."""

    def left(self, room: int) -> Sequence[Piece]:
        """Return on whose behalf, and when it began."""
        del room
        return [] if self.thread is None else [Piece(" "), *self._whose(self.thread), *self._when(self.thread)]

    def _whose(self, thread: Thread) -> Iterator[Piece]:
        narrow = self.size.width < _NARROW
        if not thread.users:
            yield Piece("no user is named", "muted")
        else:
            more = len(thread.users) - _NAMES
            yield Piece("for " if narrow else "on behalf of ", "muted")
            yield Piece(", ".join(thread.users[:_NAMES]))
            yield Piece(f" and {more} more" if more > 0 else "", "muted")
        if thread.tenants:
            more = len(thread.tenants) - _NAMES
            yield Piece(f" {self.glyphs.none} {', '.join(thread.tenants[:_NAMES])}", "muted")
            yield Piece(f" and {more} more" if more > 0 else "", "muted")

    def _when(self, thread: Thread) -> Iterator[Piece]:
        hms, millis = clock(thread.start_us, utc=self.utc)
        yield Piece("   " if self.size.width < _NARROW else "   started ", "muted")
        yield Piece(f"{day(thread.start_us, utc=self.utc)} " if self.size.width >= _WIDE else "", "muted")
        yield Piece(hms)
        yield Piece(millis if self.size.width >= _WIDE else "", "muted")

    def right(self) -> Sequence[Piece]:
        """Return events, time, tokens, cost, failures and denials."""
        return [] if self.thread is None else [*self._numbers(self.thread), *self._trouble(self.thread), Piece(" ")]

    def _numbers(self, thread: Thread) -> Iterator[Piece]:
        totals = thread.totals
        narrow = self.size.width < _NARROW
        gap = "  " if narrow else "   "
        yield Piece(count(totals.events))
        yield Piece(f" event{'' if totals.events == 1 else 's'}{gap}", "muted")
        yield Piece(spoken(thread.wall_us))
        if totals.tokens.total:
            yield Piece(f"{gap}{count(totals.tokens.total)}")
            yield Piece(" tok" if narrow else " tokens", "muted")
        if totals.cost_microusd is not None:
            yield Piece(f"{gap}{money(totals.cost_microusd)}")

    def _trouble(self, thread: Thread) -> Iterator[Piece]:
        totals = thread.totals
        words = self.size.width >= _NARROW
        if totals.errors:
            noun = f" failure{'' if totals.errors == 1 else 's'}" if words else ""
            yield Piece(f"   {self.glyphs.failure} {totals.errors:,}{noun}", "error")
        if totals.denials:
            noun = f" denial{'' if totals.denials == 1 else 's'}" if words else ""
            yield Piece(f"   {self.glyphs.denied} {totals.denials:,}{noun}", "warning")
