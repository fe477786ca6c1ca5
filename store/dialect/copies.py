"""A whole database: its size and what fills it, copying it, looking for damage, leaving the write-ahead log."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import text

from store.dialect.connections import connect_reader

_COPY_PAGES: Final = 256
"""Pages of a copy between two looks at whether it shall go on: 2 MiB."""
_CHECK_STEPS: Final = 200_000
"""Instructions of a check between two such looks: some milliseconds."""
SIZE: Final = text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
"""Bytes of the database as it is with its write-ahead log folded in; the file alone may still lack most of it."""
_SIZES: Final = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name"
_WHOLE: Final = ("page_count", "page_size")
_STEPS_BETWEEN_LOOKS: Final = 10_000
_TABLES: Final = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
    " ORDER BY name = 'event', name = 'event_text_data', name"
)
"""All tables with pages of their own, the greatest last."""


def size_by_object(path: Path, stopped: Callable[[], bool]) -> dict[str, int] | None:
    """Return how many bytes of the file each table and index takes; pages of no table stand under an empty name.

    Looks at every page on a connection of its own. None: this SQLite cannot tell, or `stopped` became true.
    """
    connection = connect_reader(path)
    try:
        connection.set_progress_handler(stopped, _STEPS_BETWEEN_LOOKS)
        sizes = {str(name): int(size) for name, size in connection.execute(_SIZES)}
        pages, page_size = (int(connection.execute(f"PRAGMA {what}").fetchone()[0]) for what in _WHOLE)
    except sqlite3.OperationalError:
        return None
    finally:
        connection.close()
    return sizes | {"": max(pages * page_size - sum(sizes.values()), 0)}


def copy_database(source: sqlite3.Connection, target: sqlite3.Connection, on_step: Callable[[int, int], None]) -> None:
    """Copy everything into an empty database; `on_step` gets the pages done and all pages, and may raise to end it.

    The copy is of one moment. The read transaction is held throughout: it keeps no writer of a write-ahead log waiting,
    and without it each commit of another process would make the copy begin anew.
    """
    source.execute("BEGIN")
    try:
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(target, pages=_COPY_PAGES, progress=lambda _status, left, total: on_step(total - left, total))
    finally:
        source.execute("ROLLBACK")


def size_of(connection: sqlite3.Connection) -> int:
    """Return how many bytes a copy of the database takes."""
    return int(
        connection.execute("PRAGMA page_count").fetchone()[0] * connection.execute("PRAGMA page_size").fetchone()[0]
    )


def leave_wal(connection: sqlite3.Connection, wait_ms: int = 500) -> bool:
    """Fold the write-ahead log into the file and go on without one.

    Returns False where another connection still has the file open after `wait_ms`.
    """
    connection.execute(f"PRAGMA busy_timeout = {wait_ms}")
    try:
        return connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0] == "delete"
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            return False
        raise


def damage(connection: sqlite3.Connection, on_step: Callable[[], None]) -> str | None:
    """Look at every page; return what is wrong in a few words, or None. `on_step` is called now and then."""

    def step() -> int:
        on_step()
        return 0

    connection.set_progress_handler(step, _CHECK_STEPS)
    try:
        found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    finally:
        connection.set_progress_handler(None, 0)
    return None if found == "ok" else " ".join(found.split())


def damage_within(connection: sqlite3.Connection, limit_s: float) -> tuple[str | None, bool]:
    """Look for damage for at most `limit_s` seconds, in the small tables first; it takes about 4 s for a gigabyte.

    Returns what is wrong in one line (None: nothing was found), and whether all of the file was looked at.

    Raises:
        sqlite3.Error: it cannot even be read.
    """
    until = time.monotonic() + limit_s
    named = connection.execute(_TABLES).fetchall()
    connection.set_progress_handler(lambda: time.monotonic() > until, _CHECK_STEPS)
    try:
        for (name,) in named:
            found = str(connection.execute(f'PRAGMA quick_check("{name}")').fetchone()[0])
            if found != "ok":
                return " ".join(found.split()), True
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return None, False
    finally:
        connection.set_progress_handler(None, 0)
    return None, True
