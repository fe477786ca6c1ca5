"""Schema 2: what is known of the health of ingest: by minute and folder, of the scanner, of what waits for a retry."""

from __future__ import annotations

import sqlite3
from typing import Final

from store import dialect

_STATEMENTS: Final = (
    "ALTER TABLE lease ADD COLUMN kind TEXT NOT NULL DEFAULT 'dashboard'",
    "ALTER TABLE lease ADD COLUMN cpu_us {big} NOT NULL DEFAULT 0",
    "ALTER TABLE lease ADD COLUMN memory_bytes {big} NOT NULL DEFAULT 0",
    "ALTER TABLE lease ADD COLUMN scan_ms {big}",
    "ALTER TABLE lease ADD COLUMN trouble TEXT",
    "ALTER TABLE folder ADD COLUMN watcher TEXT NOT NULL DEFAULT 'off'",
    "ALTER TABLE folder ADD COLUMN watcher_reason TEXT",
    "ALTER TABLE folder ADD COLUMN lag_ms {big}",
    "ALTER TABLE folder ADD COLUMN pending_bytes {big} NOT NULL DEFAULT 0",
    "ALTER TABLE quarantine ADD COLUMN retry_us {big}",
    "ALTER TABLE quarantine ADD COLUMN tried_us {big}",
    "ALTER TABLE quarantine ADD COLUMN tried_reason TEXT",
    """CREATE TABLE ingest_minute (
      id {key} PRIMARY KEY, events {big} NOT NULL, refused {big} NOT NULL)""",
)


def apply(connection: sqlite3.Connection) -> None:
    """Add the columns and the table. The caller owns the transaction."""
    for statement in _STATEMENTS:
        connection.execute(statement.format_map(dialect.COLUMN_TYPES))
