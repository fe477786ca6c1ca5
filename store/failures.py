"""Turns the driver's errors into the store's, in one place."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError

from store.errors import NotAStoreError, StoreBusyError, StoreError, StoreFullError, StoreUnusableError

_PRIMARY: Final = 0xFF


def as_store_error(error: sqlite3.Error, path: Path) -> StoreError:
    """Return the store error that says what a driver error means for the user."""
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    if code == sqlite3.SQLITE_FULL:
        return StoreFullError(path)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreBusyError(path)
    if code == sqlite3.SQLITE_NOTADB:
        return NotAStoreError(path, "it is not an SQLite database")
    if code == sqlite3.SQLITE_CORRUPT:
        return StoreUnusableError(path, "its file is damaged; keep it, and restore a backup")
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return StoreUnusableError(path, "it cannot be written; check the permissions of the file and its folder")
    return StoreUnusableError(path, str(error))


def wrapped_store_error(error: DBAPIError, path: Path) -> StoreError:
    """Return the store error for a driver error that SQLAlchemy has wrapped."""
    if isinstance(error.orig, sqlite3.Error):
        return as_store_error(error.orig, path)
    return StoreUnusableError(path, str(error.orig))
