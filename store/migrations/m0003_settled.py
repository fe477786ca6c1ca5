"""Schema 3: files that are done with in small rows of their own, their directories named once."""

from __future__ import annotations

import sqlite3
from typing import Final

from store import dialect

_STATEMENTS: Final = (
    "ALTER TABLE source ADD COLUMN gone_us {big}",
    """CREATE TABLE directory (
      directory_no {key} PRIMARY KEY, folder_no {int} NOT NULL, path {bytes} NOT NULL, device {big} NOT NULL,
      format TEXT NOT NULL, files {big} NOT NULL, events {big} NOT NULL, duplicates {big} NOT NULL,
      redacted {big} NOT NULL, uncounted {big} NOT NULL, last_us {big})""",
    """CREATE TABLE settled (
      source_no {key} PRIMARY KEY, directory_no {int} NOT NULL, name {bytes} NOT NULL, lineage {bytes} NOT NULL,
      inode {big}, size {big}, changed_ns {big}, mark {bytes}, state {big}, gone_us {big})""",
)


def apply(connection: sqlite3.Connection) -> None:
    """Create the two tables; the next scan moves what belongs there. The caller owns the transaction."""
    for statement in _STATEMENTS:
        connection.execute(statement.format_map(dialect.COLUMN_TYPES))
