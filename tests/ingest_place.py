"""A folder, a store, and what came of ingesting one into the other: real files and a real store."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson

from config.settings import IngestSettings
from ingest.service import ingest_once
from ingest.summary import Summary
from tests.rollup_sums import assert_sums_are_right


def line(message: str, **fields: Any) -> bytes:
    """Return a native event without an id as one line."""
    event = {"event_type": "agent.message", "timestamp": "2026-01-27T10:30:00Z", "message": message, **fields}
    return orjson.dumps(event) + b"\n"


class Place:
    """One trial's folder and store."""

    def __init__(self, root: Path, settings: IngestSettings | None = None) -> None:
        """Make an empty folder below `root`; the store comes with the first ingest."""
        self.folder = root / "events"
        self.folder.mkdir(parents=True)
        self.store = root / "store.db"
        self.settings = settings or IngestSettings()

    def write(self, name: str, data: bytes) -> Path:
        """Write a file anew, in place."""
        path = self.folder / name
        path.write_bytes(data)
        return path

    def append(self, name: str, data: bytes) -> Path:
        """Write on at a file's end."""
        path = self.folder / name
        with path.open("ab") as file:
            file.write(data)
        return path

    def replace(self, name: str, data: bytes) -> Path:
        """Put a file in place by an atomic rename."""
        draft = self.folder / (name + ".tmp")
        draft.write_bytes(data)
        return draft.rename(self.folder / name)

    def ingest(self, *names: str) -> Summary:
        """Ingest the folder, or the named files in it, as a process that starts anew would."""
        paths = [self.folder / name for name in names] or [self.folder]
        return ingest_once(self.store, [os.fsencode(path) for path in paths], self.settings)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the store's database."""
        with closing(sqlite3.connect(self.store, timeout=60.0)) as connection:
            return connection.execute(sql).fetchall()

    def check_sums(self) -> None:
        """Check that the sums by hour and day are those of the events."""
        with closing(sqlite3.connect(self.store, timeout=60.0, isolation_level=None)) as connection:
            assert_sums_are_right(connection)

    def messages(self) -> list[str]:
        """Return the messages of all stored events, sorted; what the scanner says of itself is left out."""
        return sorted(row[0] for row in self.rows("SELECT coalesce(message, '') FROM event WHERE source_no != 0"))

    def reasons(self) -> list[str]:
        """Return why records are in the quarantine, in order."""
        return [row[0] for row in self.rows("SELECT reason FROM quarantine ORDER BY id")]
