"""Connections and engines, with the pragmas that each kind needs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import NullPool, QueuePool, StaticPool

BUSY_TIMEOUT_MS: Final = 10_000
_PAGE_SIZE: Final = 8192
_WRITER_CACHE_KIB: Final = 32 * 1024
_READER_CACHE_KIB: Final = 64 * 1024


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    mode = "ro" if read_only else "rwc"
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, cached_statements=256)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    return connection


def connect_writer(path: Path) -> sqlite3.Connection:
    """Open (and create) the file for writing. Nothing is changed yet: see `prepare_writer`."""
    return _connect(path, read_only=False)


def prepare_writer(connection: sqlite3.Connection) -> None:
    """Set what a writer needs in a file that is known to be ours; before the first table, for it fixes some of it."""
    if connection.execute("PRAGMA page_count").fetchone()[0] == 0:  # else they would write for nothing
        connection.execute(f"PRAGMA page_size = {_PAGE_SIZE}")
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB}")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA wal_autocheckpoint = 4000")


def connect_reader(path: Path) -> sqlite3.Connection:
    """Open the file for reading only."""
    connection = _connect(path, read_only=True)
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA case_sensitive_like = ON")
    connection.execute(f"PRAGMA cache_size = -{_READER_CACHE_KIB}")
    return connection


def prepare_for_filters(connection: sqlite3.Connection) -> None:
    """Let a connection that is no reader's understand the conditions of filters as a reader's does."""
    connection.execute("PRAGMA case_sensitive_like = ON")


def connect_draft(path: Path) -> sqlite3.Connection:
    """Open a file that is being made and that nobody else knows: what is lost with the power can be made again."""
    connection = _connect(path, read_only=False)
    connection.execute("PRAGMA synchronous = OFF")
    return connection


def writer_engine(connection: sqlite3.Connection) -> Engine:
    """Return an engine over one writing connection; every transaction is BEGIN IMMEDIATE.

    A transaction that reads first and writes later would fail at once with SQLITE_BUSY_SNAPSHOT, whatever the timeout.
    """
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)

    @event.listens_for(engine, "begin")
    def _begin(started: Any) -> None:  # pyright: ignore[reportUnusedFunction]
        started.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def reader_engine(path: Path, size: int, prepare: Callable[[sqlite3.Connection], None]) -> Engine:
    """Return an engine of at most `size` reading connections, each statement on its own snapshot.

    `prepare` is called with each new connection.
    """

    def connect() -> sqlite3.Connection:
        connection = connect_reader(path)
        prepare(connection)
        return connection

    pool = QueuePool if size > 1 else NullPool
    options: dict[str, Any] = {"pool_size": size, "max_overflow": 2} if size > 1 else {}
    # Nothing is ever written through these connections, so there is nothing to roll back when one is given back.
    options["pool_reset_on_return"] = None
    return create_engine("sqlite://", creator=connect, poolclass=pool, **options)


def set_patience(connection: sqlite3.Connection, limit_s: float) -> None:
    """Let every statement wait for at most so long while another connection holds the lock that it needs."""
    connection.execute(f"PRAGMA busy_timeout = {round(limit_s * 1000)}")
