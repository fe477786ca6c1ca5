"""What an ingest did or has done so far, and whoever wants to know while it goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ingest.scan.batcher import Batcher

PROGRESS_EVERY_S: Final = 0.1
"""An ingest tells how far it has come no more often than this."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What an ingest did, or has done so far."""

    files: int = 0
    events: int = 0
    duplicates: int = 0
    quarantined: int = 0
    redacted: int = 0
    unreadable: int = 0
    """Paths that could not be read."""
    seconds: float = 0.0
    unfinished: int = 0
    """Files whose last record is not complete yet; it is read when the rest has come."""
    problems: tuple[str, ...] = ()
    """One line for each unreadable path (at most 100)."""


OnProgress = Callable[[Summary], None]
"""Is told how far an ingest has come."""


class Reporter:
    """Tells how far an ingest has come, at most ten times a second."""

    def __init__(self, started: float, on_progress: OnProgress | None) -> None:
        """Count from `started` (monotonic seconds); None: nobody listens."""
        self._started = started
        self._on_progress = on_progress
        self._due = 0.0

    def report(self, batcher: Batcher, *, files: int) -> None:
        """Tell, if it is time."""
        now = time.monotonic()
        if self._on_progress is not None and now >= self._due:
            self._due = now + PROGRESS_EVERY_S
            self._on_progress(self.summary(batcher, files=files))

    def summary(
        self,
        batcher: Batcher,
        *,
        files: int,
        unreadable: int = 0,
        unfinished: int = 0,
        problems: tuple[str, ...] = (),
    ) -> Summary:
        """Return what was done so far; `files` were read."""
        tally = batcher.tally
        return Summary(
            files=files,
            events=tally.events,
            duplicates=tally.duplicates,
            quarantined=tally.quarantined,
            redacted=tally.redacted,
            unreadable=unreadable,
            seconds=time.monotonic() - self._started,
            unfinished=unfinished,
            problems=problems,
        )
