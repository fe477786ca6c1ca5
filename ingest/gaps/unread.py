"""Bytes that were seen and never read: a file that was cut off, written anew or deleted too early."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from ingest.gaps.event import INGEST_GAP, gap_event, shown
from ingest.scan.tracked import Tracked
from store.events import NewEvent

_SCANS: Final = 2
"""So many scans must end after the loss, so that one began after it: a copy or a new name would be found by then."""
_MOST_KEPT: Final = 10_000
_COMPRESSED: Final = (b".gz", b".zst")


@dataclass(slots=True)
class _Lost:
    tracked: Tracked
    start: int
    end: int
    scans: int = 0


class UnreadBytes:
    """Remembers sources whose end was not read, until it is certain that nothing else has their bytes."""

    def __init__(self) -> None:
        """Nothing was lost yet."""
        self._lost: list[_Lost] = []

    def lose(self, tracked: Tracked) -> None:
        """Take note of a source whose file is gone or was written anew."""
        checkpoint = tracked.checkpoint
        if checkpoint is None or tracked.is_document or tracked.path.endswith(_COMPRESSED):
            return
        end = max(checkpoint.size, tracked.seen_size)
        if checkpoint.offset < end and len(self._lost) < _MOST_KEPT:
            self._lost.append(_Lost(tracked, checkpoint.offset, end))

    def scanned(self, now_us: int, holds: Callable[[Tracked], bool]) -> Iterator[NewEvent]:
        """Give events for what a whole scan has not brought back; `holds` says whether a source is still kept track of.

        A source that was taken over by another file goes on there, and has lost nothing.
        """
        waiting: list[_Lost] = []
        for lost in self._lost:
            lost.scans += 1
            if not lost.tracked.gone or not holds(lost.tracked):
                continue
            if lost.scans < _SCANS:
                waiting.append(lost)
            else:
                yield _event(lost, now_us)
        self._lost = waiting


def _event(lost: _Lost, now_us: int) -> NewEvent:
    tracked = lost.tracked
    generation = tracked.checkpoint.generation if tracked.checkpoint else 0
    path, size = shown(tracked.path), lost.end - lost.start
    return gap_event(
        INGEST_GAP,
        now_us,
        f"{size:,} bytes of {path} were seen and are gone: it was cut off, written anew or deleted before byte"
        f" {lost.end:,} was read",
        {
            "reason": "unread_bytes",
            "path": path,
            "generation": generation,
            "from_byte": lost.start,
            "to_byte": lost.end,
            "bytes": size,
        },
        (tracked.lineage.hex(), generation, lost.start, lost.end),
    )
