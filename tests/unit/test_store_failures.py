"""What the driver's errors mean for a person: a full disk, permissions, or neither."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from store.errors import StoreFullError, StoreUnusableError
from store.failures import as_store_error


def failure(code: int, text: str) -> sqlite3.Error:
    """Return an error as the driver raises it."""
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return error


def forbidden(*_: object) -> bool:
    """Stand for a system that allows nothing."""
    return False


def allowed(*_: object) -> bool:
    """Stand for a system that allows everything."""
    return True


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "s.db"
    path.write_bytes(b"")
    return path


UNABLE = failure(sqlite3.SQLITE_CANTOPEN, "unable to open database file")


def test_a_full_disk_is_told_by_its_code(store: Path) -> None:
    full = failure(sqlite3.SQLITE_FULL, "database or disk is full")
    assert isinstance(as_store_error(full, store), StoreFullError)


@pytest.mark.parametrize("error", [UNABLE, failure(sqlite3.SQLITE_READONLY, "attempt to write a readonly database")])
def test_permissions_are_named_where_they_forbid_it(
    store: Path, monkeypatch: pytest.MonkeyPatch, error: sqlite3.Error
) -> None:
    monkeypatch.setattr(os, "access", forbidden)
    found = as_store_error(error, store)
    assert isinstance(found, StoreUnusableError)
    assert str(found).endswith("it cannot be written; check the permissions of the file and its folder")


def test_permissions_are_not_blamed_where_they_allow_it(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", allowed)
    assert str(as_store_error(UNABLE, store)).endswith(
        "it cannot be written (unable to open database file), though its permissions allow it:"
        " look at the disk's space and quota"
    )


def test_a_store_that_is_not_there_is_a_matter_of_permissions(tmp_path: Path) -> None:
    assert "check the permissions" in str(as_store_error(UNABLE, tmp_path / "absent" / "s.db"))
