"""Stories that run side by side, told in order of time; a few events arrive late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Final

from ingest.simulate.stage import MS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.simulate.stage import Beat, Event, Stage

LATE: Final = 0.002
"""Share of events that reach the log later than younger ones."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def iso_time(at_us: int) -> str:
    """Return UTC microseconds as ISO 8601 with milliseconds and `Z`."""
    return (_EPOCH + timedelta(microseconds=at_us)).isoformat(timespec="milliseconds")[:-6] + "Z"


class Interleaver:
    """Holds beats that are still to come. A beat's own time never changes; only its arrival may be late."""

    def __init__(self, stage: Stage) -> None:
        """Begin with nothing to tell."""
        self._stage: Final = stage
        self._waiting: Final[list[tuple[int, int, int, Event]]] = []
        self._added = 0

    def add(self, at_us: int, event: Event) -> None:
        """Take a beat and stamp its event."""
        event["timestamp"] = iso_time(at_us)
        arrival_us = at_us + self._stage.between(2_000, 20_000) * MS if self._stage.chance(LATE) else at_us
        self._added += 1
        heappush(self._waiting, (arrival_us, self._added, at_us, event))

    def until(self, now_us: int) -> Iterator[Beat]:
        """Yield the beats that arrive before a time, in order of arrival."""
        waiting = self._waiting
        while waiting and waiting[0][0] < now_us:
            _, _, at_us, event = heappop(waiting)
            yield at_us, event

    def rest(self) -> Iterator[Beat]:
        """Yield all that is left, in order of arrival."""
        while self._waiting:
            _, _, at_us, event = heappop(self._waiting)
            yield at_us, event
