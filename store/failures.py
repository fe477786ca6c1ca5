"""Turns the driver's errors into the store's, in one place."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError

from store.errors import (
    NotAStoreError,
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreUnusableError,
)

_PRIMARY: Final = 0xFF
_LEAST_FREE: Final = 64 * 1024
"""Bytes: with less free, an error of reading or writing is taken to be a full disk's."""


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
        return StoreDamagedError(path)
    # The log's index (-shm) is memory that the driver maps: it says "I/O error" or "cannot open" where it cannot grow.
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and _is_full(path):
        return StoreFullError(path)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return StoreUnusableError(path, _why_not_written(error, path))
    return StoreUnusableError(path, str(error))


def _why_not_written(error: sqlite3.Error, path: Path) -> str:
    """Return what to look at. Where the permissions allow it, they are not it: a quota may be, say."""
    is_file = os.path.isfile(path)  # noqa: PTH113 (it never raises)
    if is_file and os.access(path, os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK):
        return f"it cannot be written ({error}), though its permissions allow it: look at the disk's space and quota"
    return "it cannot be written; check the permissions of the file and its folder"


def _is_full(path: Path) -> bool:
    try:
        found = os.statvfs(path.parent)
    except OSError:
        return False
    no_files_left = found.f_files > 0 and found.f_favail == 0
    return found.f_bavail * found.f_frsize < _LEAST_FREE or no_files_left


def wrapped_store_error(error: DBAPIError, path: Path) -> StoreError:
    """Return the store error for a driver error that SQLAlchemy has wrapped."""
    if isinstance(error.orig, sqlite3.Error):
        return as_store_error(error.orig, path)
    return StoreUnusableError(path, str(error.orig))
