"""Questions that may take long, asked from the command line: how far they are stands on the terminal meanwhile."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final

from tui import format as words

if TYPE_CHECKING:
    from store.analytics.model import Usage
    from store.searching import Counted, Progress

_QUIET_S: Final = 0.5
"""Nothing is said of what takes less."""
_EVERY_S: Final = 0.2


class ProgressLine:
    """One line of standard error that is written again and again, on a terminal only; leave it with `clear`."""

    def __init__(self, *, utc: bool) -> None:
        """Say nothing yet; times are shown in UTC or local time."""
        self._utc = utc
        self._next = time.monotonic() + _QUIET_S
        self._shown = False
        self._on_terminal = sys.stderr.isatty()

    def searched(self, progress: Progress) -> bool:
        """Say how far a search has come; it shall go on."""
        return self._say(progress.reached_us, progress.found)

    def counted(self, so_far: Counted) -> bool:
        """Say what was counted so far; it shall go on."""
        return self._say(so_far.reached_us, so_far.tally.events)

    def summed(self, so_far: Usage) -> bool:
        """Say what was summed up so far; it shall go on."""
        return self._say(so_far.reached_us, sum(row.figures.events for row in so_far.rows), done="counted")

    def _say(self, reached_us: int | None, found: int, *, done: str = "searched") -> bool:
        now = time.monotonic()
        if self._on_terminal and reached_us is not None and now >= self._next:
            self._next = now + _EVERY_S
            self._shown = True
            back_to = words.full_time(reached_us, utc=self._utc)
            sys.stderr.write(f"\r\x1b[K{done} back to {back_to}, {found:,} found (Ctrl-C stops)")
            sys.stderr.flush()
        return True

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = False
