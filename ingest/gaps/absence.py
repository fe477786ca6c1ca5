"""A time in which nothing was captured, though something happened: told when it is known what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from ingest.gaps.event import INGEST_GAP, gap_event, iso, lasting
from store.batch import SourceBatch
from store.events import NewEvent

LEAST_US: Final = 10_000_000
"""A hand-over from one scanner to the next takes less."""
_US: Final = 1_000_000
_MOST_FILES: Final = 1_000_000
Why = Literal["not_running", "stood_still", "store_not_writable"]

_WORDS: Final[dict[Why, str]] = {
    "not_running": "nothing was captured",
    "stood_still": "the scanner stood still",
    "store_not_writable": "the store could not be written",
}


class Absence:
    """Nobody read from `from_us` to `to_us` (UTC microseconds). Counts what of that time is found afterwards."""

    def __init__(self, why: Why, from_us: int, to_us: int) -> None:
        """Nothing was found yet."""
        self.why: Why = why
        self.from_us = from_us
        self.to_us = to_us
        self._events = 0
        self._files: set[int] = set()
        self._gone = 0

    @property
    def is_long(self) -> bool:
        """Whether it is worth a word."""
        return self.to_us - self.from_us >= LEAST_US

    def found(self, batches: Sequence[SourceBatch]) -> None:
        """Count what was read of that time: events that state a time before its end."""
        for batch in batches:
            late = sum(1 for event in batch.events if event.ts_us is not None and event.ts_us < self.to_us)
            self._events += late
            if late and len(self._files) < _MOST_FILES:
                self._files.add(batch.source_no)

    def lost(self) -> None:
        """Count a file that was there before and is not any more."""
        self._gone += 1

    def event(self) -> NewEvent | None:
        """Return it as an event; None: nothing happened meanwhile."""
        if not self._events and not self._gone:
            return None
        span = f"from {iso(self.from_us)} to {iso(self.to_us)} ({lasting((self.to_us - self.from_us) / _US)})"
        gone = f"; {self._gone:,} known files were gone or written anew" if self._gone else ""
        return gap_event(
            INGEST_GAP,
            self.to_us,
            f"{_WORDS[self.why]} {span}; {self._events:,} events in {len(self._files):,} files were read afterwards"
            f"{gone}",
            {
                "reason": self.why,
                "from": iso(self.from_us),
                "to": iso(self.to_us),
                "events": self._events,
                "files": len(self._files),
                "files_gone": self._gone,
            },
            (self.why, self.from_us),
        )
