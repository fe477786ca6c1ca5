"""Writes how far sources have been read, what they gave in each minute, and what could not be read."""

from __future__ import annotations

import sqlite3
from typing import Final

from store.append.quarantine_rows import QuarantineRows
from store.batch import SourceBatch
from store.ids import FOLDER_BITS, MINUTE_US

_CHECKPOINT: Final = (
    "UPDATE source SET generation = ?, byte_offset = ?, line = ?, head = ?, head_size = ?, tail = ?, device = ?,"
    " inode = ?, size = ?, mtime_ns = ?, format = coalesce(?, format), reader_state = ?, settled = ?"
    " WHERE source_no = ?"
)
_COUNTS: Final = (
    "UPDATE source SET events = events + ?, duplicates = duplicates + ?, quarantined = quarantined + ?,"
    " redacted = redacted + ?, uncounted = uncounted + ?,"
    " newest_ms = CASE WHEN newest_ms < ? THEN ? ELSE newest_ms END,"
    " last_us = CASE WHEN ? > 0 THEN ? ELSE last_us END WHERE source_no = ?"
)
_MINUTE: Final = (
    "INSERT INTO ingest_minute (id, events, refused) VALUES (?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET events = ingest_minute.events + excluded.events,"
    " refused = ingest_minute.refused + excluded.refused"
)
_KEPT_MINUTES: Final = 48 * 60
"""Older minutes of arrival are dropped: they are for looking at how it goes, not at what happened."""
_DROP_EVERY: Final = 60
"""Minutes between two looks for minutes that are too old."""
_CACHED: Final = 10_000


class Progress:
    """The side of a batch that is not events."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Start with nothing known of any source."""
        self._connection = connection
        self._quarantine = QuarantineRows(connection)
        self._known: dict[int, tuple[int, int]] = {}
        self._minutes: dict[int, tuple[int, int]] = {}
        self._dropped_minute = 0

    def forget(self) -> None:
        """Drop what is cached, after a rollback or another writer's commit."""
        self._known.clear()
        self._minutes.clear()

    def newest_ms(self, source_no: int) -> int:
        """Return the greatest sort time that this source's lines have, -1 where it has none."""
        return self._look_up(source_no)[0]

    def _look_up(self, source_no: int) -> tuple[int, int]:
        """Return a source's greatest sort time and its folder's number."""
        known = self._known.get(source_no)
        if known is None:
            asked = "SELECT newest_ms, folder_no FROM source WHERE source_no = ?"
            row = self._connection.execute(asked, (source_no,)).fetchone()
            known = (int(row[0]), int(row[1])) if row else (-1, 0)
            if len(self._known) > _CACHED:
                self._known.clear()
            self._known[source_no] = known
        return known

    def flush(self) -> None:
        """Add what this transaction gave to its minute, one row a folder; now and then drop minutes long past."""
        if not self._minutes:
            return
        self._connection.executemany(_MINUTE, [(key, *counts) for key, counts in sorted(self._minutes.items())])
        minute = max(self._minutes) >> FOLDER_BITS
        self._minutes.clear()
        if abs(minute - self._dropped_minute) >= _DROP_EVERY:
            self._dropped_minute = minute
            self._connection.execute(
                "DELETE FROM ingest_minute WHERE id < ?", ((minute - _KEPT_MINUTES) << FOLDER_BITS,)
            )

    def _count_minute(self, folder_no: int, now_us: int, added: int, refused: int) -> None:
        if added or refused:
            key = now_us // MINUTE_US << FOLDER_BITS | folder_no
            before = self._minutes.get(key, (0, 0))
            self._minutes[key] = (before[0] + added, before[1] + refused)

    def save(self, batch: SourceBatch, added: int, duplicates: int, newest_ms: int, now_us: int) -> None:
        """Write a source's checkpoint, counts and rejected records."""
        known_newest, folder_no = self._look_up(batch.source_no)
        self._known[batch.source_no] = (max(newest_ms, known_newest), folder_no)
        self._count_minute(folder_no, now_us, added, len(batch.rejected))
        if batch.checkpoint is not None:
            c = batch.checkpoint
            self._connection.execute(
                _CHECKPOINT,
                (
                    c.generation, c.offset, c.line, c.head, c.head_size, c.tail, c.device, c.inode, c.size,
                    c.mtime_ns, c.format, c.reader_state, int(c.settled), batch.source_no,
                ),
            )  # fmt: skip
        self._connection.execute(
            _COUNTS,
            (
                added, duplicates, len(batch.rejected) - len(batch.released), batch.redacted, batch.uncounted,
                newest_ms, newest_ms, added, now_us, batch.source_no,
            ),
        )  # fmt: skip
        self._quarantine.save(batch, now_us)
