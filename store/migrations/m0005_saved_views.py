"""Schema 5: views that people saved under a name."""

from __future__ import annotations

import sqlite3
from typing import Final

from store import dialect

_TABLE: Final = """CREATE TABLE saved_view (
  name TEXT PRIMARY KEY NOT NULL, query TEXT NOT NULL, columns TEXT NOT NULL, sort TEXT NOT NULL,
  saved_us {big} NOT NULL)"""


def apply(connection: sqlite3.Connection) -> None:
    """Create the table. The caller owns the transaction."""
    connection.execute(_TABLE.format_map(dialect.COLUMN_TYPES))
