"""Drops the platform's events into a folder as time passes, after a stretch of history."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from ingest.simulate.dropbox import DropBox
from ingest.simulate.platform import Platform
from ingest.simulate.stage import SECOND

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from pathlib import Path

ROTATE_BYTES: Final = 4_000_000
"""At what size a growing file is rotated."""

_SINGLE_FILES: Final = {"auth": "identity", "permission": "identity", "content": "content"}
"""Kinds of events that come as single files, and the sub-folder for them."""

_LONGEST_WAIT_S: Final = 0.25
_SHORTEST_WAIT_S: Final = 0.005
_AT_ONCE: Final = 5_000
"""Events between two looks at whether to stop."""


def wall_clock() -> int:
    """Return the present time in UTC microseconds."""
    return time.time_ns() // 1_000


class LiveDrop:
    """Writes what a `Platform` does into a folder, up to the clock's present.

    Its first step writes `backfill_us` of history, all of it to the growing files. After that identity and content
    events come as single files renamed into place. An incident begins within a minute of the end of the history.
    """

    def __init__(
        self,
        folder: Path,
        *,
        seed: int,
        rate: float,
        clock: Callable[[], int] = wall_clock,
        backfill_us: int = 0,
        rotate_bytes: int = ROTATE_BYTES,
    ) -> None:
        """Begin at the clock's present; nothing but the folder is made before the first step.

        Raises:
            ValueError: the rate is not greater than zero.
            OSError: the folder cannot be made.
        """
        self._clock: Final = clock
        self._live_from_us: Final = clock()
        platform = Platform(seed, self._live_from_us - backfill_us, rate, anchor_us=self._live_from_us)
        self._told: Final = iter(platform)
        self._ahead = next(self._told)
        self._box: Final = DropBox(folder, rotate_bytes)
        self.written = 0
        """Events written so far."""

    def step(self, now_us: int, at_most: int | None = None) -> int:
        """Write every event up to `now_us` (UTC microseconds, inclusive), or the first `at_most`; return how many.

        Raises:
            OSError: the folder cannot be written.
        """
        count = 0
        while self._ahead[0] <= now_us and (at_most is None or count < at_most):
            at_us, event = self._ahead
            into = _SINGLE_FILES.get(event["event_type"].partition(".")[0])
            if into is None or at_us < self._live_from_us:
                self._box.append(event)
            else:
                self._box.drop(event, into)
            self._ahead = next(self._told)
            count += 1
        self._box.flush()
        self.written += count
        return count

    def run(self, stop: threading.Event) -> None:
        """Step along with the clock until `stop` is set, then close the files.

        Raises:
            OSError: the folder cannot be written.
        """
        with self._box:
            while not stop.is_set():
                if self.step(self._clock(), _AT_ONCE) < _AT_ONCE:
                    wait_s = (self._ahead[0] - self._clock()) / SECOND
                    stop.wait(min(max(wait_s, _SHORTEST_WAIT_S), _LONGEST_WAIT_S))

    def close(self) -> None:
        """Close the files; for those who step by hand."""
        self._box.close()
