"""Schema 4: what is passed over in each named folder, and indexes over the records that wait for a retry."""

from __future__ import annotations

import sqlite3
from typing import Final

from store import dialect

_STATEMENTS: Final = (
    """CREATE TABLE passed_over (
      id {key} PRIMARY KEY, folder_no {int} NOT NULL, kind TEXT NOT NULL, number {big} NOT NULL,
      example TEXT NOT NULL)""",
    "CREATE INDEX quarantine_waiting ON quarantine (source_no, id) WHERE retry_us IS NOT NULL",
    "CREATE INDEX quarantine_whole ON quarantine (source_no) WHERE byte_offset = 0 AND line IS NULL",
)


def apply(connection: sqlite3.Connection) -> None:
    """Create the table and both indexes. The caller owns the transaction."""
    for statement in _STATEMENTS:
        connection.execute(statement.format_map(dialect.COLUMN_TYPES))
