"""Transactions, and what a connection says of the database as a whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def transaction(connection: sqlite3.Connection, *, durable: bool = False) -> Generator[None]:
    """Commit what the block does, or nothing of it where it raises.

    `durable`: the commit waits for the disk. The log is written in order, so that everything that was committed before,
    by whichever process, is then safe from a loss of power too; an ordinary commit is safe only from a kill.
    """
    if durable:
        connection.execute("PRAGMA synchronous = FULL")
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    finally:
        if durable:
            connection.execute("PRAGMA synchronous = NORMAL")


def write_something(connection: sqlite3.Connection) -> None:
    """Change the file without changing what it says: a commit that wrote nothing would not wait for the disk."""
    connection.execute("UPDATE counter SET value = value WHERE name = 'source'")


def data_version(connection: sqlite3.Connection) -> int:
    """Return a number that changes when another connection has committed."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def path_of(connection: sqlite3.Connection) -> Path:
    """Return the file that a connection is about."""
    return Path(next(file for _, name, file in connection.execute("PRAGMA database_list") if name == "main"))


def user_version(connection: sqlite3.Connection) -> int:
    """Return the schema's number; 0 for a new file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
