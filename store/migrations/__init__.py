"""Numbered migrations: each file is one step and is never changed after a release."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from store import dialect
from store.errors import NewerSchemaError
from store.migrations import (
    m0001_events,
    m0002_health,
    m0003_settled,
    m0004_left_alone,
    m0005_saved_views,
    m0006_rollups,
    m0007_alerts,
)

Step = Callable[[sqlite3.Connection], None]

STEPS: Final[tuple[Step, ...]] = (
    m0001_events.apply,
    m0002_health.apply,
    m0003_settled.apply,
    m0004_left_alone.apply,
    m0005_saved_views.apply,
    m0006_rollups.apply,
    m0007_alerts.apply,
)
"""Step N brings a store from schema N-1 to N."""

SCHEMA_VERSION: Final = len(STEPS)


def check_version(connection: sqlite3.Connection, path: Path) -> int:
    """Return the store's schema number.

    Raises:
        NewerSchemaError: it is greater than this program knows.
    """
    found = dialect.user_version(connection)
    if found > SCHEMA_VERSION:
        raise NewerSchemaError(path, found, SCHEMA_VERSION)
    return found


def migrate(connection: sqlite3.Connection, path: Path, finish: Step) -> None:
    """Bring the store to the present schema; each step and its number are one transaction.

    `finish` is called within the last one: it makes what only the present program can make of what is stored, so that
    no step of before depends on code that goes on changing.

    Raises:
        NewerSchemaError: see `check_version`.
    """
    while check_version(connection, path) < SCHEMA_VERSION:
        connection.execute("BEGIN IMMEDIATE")
        try:
            found = check_version(connection, path)  # another process may have been first
            if found < SCHEMA_VERSION:
                STEPS[found](connection)
                if found + 1 == SCHEMA_VERSION:
                    finish(connection)
                connection.execute(f"PRAGMA application_id = {dialect.APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {found + 1}")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
