"""What the program says beside its data: one safe line at a time, on standard error."""

from __future__ import annotations

import contextlib
import sys

from store.safe_text import safe_text


def narrate(line: str) -> None:
    """Write one line to standard error. Whatever the line quotes cannot steer the terminal."""
    # Nobody may be listening any more, and a lost remark is no reason to stop.
    with contextlib.suppress(OSError, ValueError, AttributeError):
        print(safe_text(line), file=sys.stderr, flush=True)  # noqa: T201 (this is the place that prints)
