"""One line of progress that overwrites itself, on a terminal only."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final, Self

from store.safe_text import safe_text

if TYPE_CHECKING:
    from types import TracebackType

_AT_MOST_EVERY_S: Final = 0.1
_CLEAR: Final = "\r\x1b[K"


class Progress:
    """Shows the newest line on standard error and wipes it at the end; silent where that is no terminal."""

    def __init__(self) -> None:
        """Show nothing yet."""
        self._visible = sys.stderr.isatty()
        self._last = 0.0
        self._written = False

    def show(self, line: str) -> None:
        """Show a line in place of the one before, at most ten times a second."""
        now = time.monotonic()
        if not self._visible or now - self._last < _AT_MOST_EVERY_S:
            return
        self._last = now
        self._written = True
        sys.stderr.write(_CLEAR + safe_text(line))
        sys.stderr.flush()

    def __enter__(self) -> Self:
        """Return the line itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Wipe the line."""
        if self._written:
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()
