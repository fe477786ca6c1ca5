"""The quarantine's side of an append: records that could not be read go in, settled ones come out."""

from __future__ import annotations

import sqlite3
from typing import Final

from store.batch import Rejected, SourceBatch
from store.errors import QuarantineChangedError

RAW_LIMIT: Final = 64 * 1024
"""Bytes of a record that the quarantine keeps."""

LAST_NUMBER: Final = "quarantine"
"""Counter: the greatest number that has left the quarantine. A number never comes again, so that nobody who has read it
in a list meets another record under it."""
REQUESTS: Final = "retries"
"""Counter: it grows with every request to read records again, so that nobody has to search for requests in vain."""

_ADD: Final = (
    "INSERT INTO quarantine (id, at_us, source_no, generation, byte_offset, line, reason, size, raw)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_RAISE: Final = (
    "INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET"
    " value = CASE WHEN counter.value < excluded.value THEN excluded.value ELSE counter.value END"
)
_COUNT: Final = (
    "INSERT INTO counter (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = counter.value + 1"
)


class QuarantineRows:
    """Changes the quarantine within the transaction of an append."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Nothing is kept between transactions."""
        self._connection = connection

    def save(self, batch: SourceBatch, now_us: int) -> None:
        """Add what a batch could not read, take out what it settles, and ask for retries where it read anew.

        Raises:
            QuarantineChangedError: a record to be taken out is not there any more.
        """
        if batch.released:
            self._release(batch)
        if batch.again:
            self._ask_again(batch.source_no, now_us)
        if batch.rejected:
            number = self._last_number()
            rows = [_row(batch, rejected, now_us) for rejected in batch.rejected]
            self._connection.executemany(_ADD, [(number + place, *row) for place, row in enumerate(rows, 1)])

    def _release(self, batch: SourceBatch) -> None:
        asked = "DELETE FROM quarantine WHERE id = ? AND at_us = ?"
        if self._connection.executemany(asked, batch.released).rowcount != len(batch.released):
            raise QuarantineChangedError
        self._connection.execute(_RAISE, (LAST_NUMBER, max(number for number, _ in batch.released)))

    def _ask_again(self, source_no: int, now_us: int) -> None:
        """Have a document that could not be read as a whole tried again; most sources have none, which costs one look.

        Single records of it are left to people: one that is not there any more may have been mended or dropped.
        """
        row = self._connection.execute("SELECT quarantined FROM source WHERE source_no = ?", (source_no,)).fetchone()
        if row and row[0] > 0:
            asked = (
                "UPDATE quarantine SET retry_us = ?"
                " WHERE source_no = ? AND byte_offset = 0 AND line IS NULL AND retry_us IS NULL"
            )
            self._connection.execute(asked, (now_us, source_no))
            self._connection.execute(_COUNT, (REQUESTS,))

    def _last_number(self) -> int:
        held = self._connection.execute("SELECT max(id) FROM quarantine").fetchone()
        left = self._connection.execute("SELECT value FROM counter WHERE name = ?", (LAST_NUMBER,)).fetchone()
        return max(held[0] or 0, left[0] if left else 0)


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
