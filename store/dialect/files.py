"""What can be told of a file before it is opened as a store, and whose database it is."""

from __future__ import annotations

import os
import re
import sqlite3
from pathlib import Path
from typing import Final

from store.errors import (
    NetworkFileSystemError,
    NotAStoreError,
    StoreDamagedError,
    StoreUnusableError,
    UnsupportedStoreError,
)

APPLICATION_ID: Final = 0x61756474
"""`audt`: tells an auditail store from another program's database."""
MOUNTS: Final = Path("/proc/self/mounts")
"""Where Linux lists what is mounted; elsewhere there is no such file, and no file system is refused."""
_HEADER: Final = b"SQLite format 3\x00"
_NETWORK_FILE_SYSTEMS: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "fuse.sshfs"})
_MOUNT_PARTS: Final = 3
_MOUNT_ESCAPE: Final = re.compile(r"\\([0-7]{3})")
"""How a list of mounts writes a blank in a path."""


def refuse_other_addresses(path: str) -> None:
    """Raise where `path` is the address of a database server instead of a file."""
    if "://" in path:
        raise UnsupportedStoreError(path)


def file_system_of(path: Path, mounts: Path = MOUNTS) -> str | None:
    """Return the type of the file system that holds `path`; None where the system does not tell."""
    try:
        lines = mounts.read_text(errors="replace").splitlines()
    except OSError:
        return None
    target = os.path.realpath(path)
    best, kind = "", None
    for line in lines:
        if len(parts := line.split()) < _MOUNT_PARTS:
            continue
        point, found = _MOUNT_ESCAPE.sub(lambda match: chr(int(match[1], 8)), parts[1]), parts[2]
        inside = target == point or target.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, found
    return kind


def check_file(path: Path, mounts: Path = MOUNTS) -> None:
    """Raise where the file at `path` cannot be an SQLite store; an absent or empty file is fine.

    Raises:
        NotAStoreError: it is a folder or another kind of file.
        NetworkFileSystemError: it lies on a network file system.
        StoreDamagedError: it was a store, and its beginning was overwritten.
        StoreUnusableError: it cannot be read.
    """
    kind = file_system_of(path, mounts)
    if kind in _NETWORK_FILE_SYSTEMS:
        raise NetworkFileSystemError(path, kind or "")
    try:
        if path.is_dir():
            raise NotAStoreError(path, "it is a folder")
        if not path.exists():
            return
        with path.open("rb") as file:
            start = file.read(len(_HEADER))
    except OSError as error:
        raise StoreUnusableError(path, error.strerror or str(error)) from error
    if start and start != _HEADER:
        if path.with_name(path.name + ".scanner.lock").exists():  # it was a store of ours once
            raise StoreDamagedError(path, "the beginning of its file was overwritten")
        raise NotAStoreError(path, "it is not an SQLite database")


def check_application(connection: sqlite3.Connection, path: Path) -> None:
    """Raise `NotAStoreError` where the database belongs to another program."""
    # In this order: a store that another process creates between the two has its number along with its first table.
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    found = connection.execute("PRAGMA application_id").fetchone()[0]
    if found != APPLICATION_ID and tables:
        raise NotAStoreError(path, "it is another program's database")


def flush_folder(path: Path) -> None:
    """Wait until the folder that holds the store's file is on the disk, so that the file cannot vanish from it."""
    descriptor = os.open(path.absolute().parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
