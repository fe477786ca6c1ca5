"""Writes how far sources have been read, what they gave, and what could not be read."""

from __future__ import annotations

import sqlite3
from typing import Final

from store.batch import Rejected, SourceBatch

RAW_LIMIT: Final = 64 * 1024
"""Bytes of a record that the quarantine keeps."""

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
_QUARANTINE: Final = (
    "INSERT INTO quarantine (at_us, source_no, generation, byte_offset, line, reason, size, raw)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


class Progress:
    """The side of a batch that is not events."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Start with nothing known of any source."""
        self._connection = connection
        self._newest_ms: dict[int, int] = {}

    def forget(self) -> None:
        """Drop what is cached, after a rollback or another writer's commit."""
        self._newest_ms.clear()

    def newest_ms(self, source_no: int) -> int:
        """Return the greatest sort time that this source's lines have, -1 where it has none."""
        newest = self._newest_ms.get(source_no)
        if newest is None:
            row = self._connection.execute("SELECT newest_ms FROM source WHERE source_no = ?", (source_no,)).fetchone()
            newest = int(row[0]) if row else -1
            if len(self._newest_ms) > 10_000:  # noqa: PLR2004 (a cache, of any size that fits)
                self._newest_ms.clear()
            self._newest_ms[source_no] = newest
        return newest

    def save(self, batch: SourceBatch, added: int, duplicates: int, newest_ms: int, now_us: int) -> None:
        """Write a source's checkpoint, counts and rejected records."""
        self._newest_ms[batch.source_no] = max(newest_ms, self._newest_ms.get(batch.source_no, -1))
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
                added, duplicates, len(batch.rejected), batch.redacted, batch.uncounted, newest_ms,
                newest_ms, added, now_us, batch.source_no,
            ),
        )  # fmt: skip
        if batch.rejected:
            self._connection.executemany(_QUARANTINE, [_row(batch, rejected, now_us) for rejected in batch.rejected])


def _row(batch: SourceBatch, rejected: Rejected, now_us: int) -> tuple[int | str | bytes | None, ...]:
    return (
        now_us,
        batch.source_no,
        batch.generation,
        rejected.offset,
        rejected.line,
        rejected.reason,
        rejected.size,
        rejected.raw[:RAW_LIMIT],
    )
