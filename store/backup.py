"""A copy of a store that is in use: of one moment, checked, and in place only when it is whole."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from store import dialect, migrations
from store.errors import StoreError, StoreMissingError
from store.failures import as_store_error

COMPANIONS: Final = ("", "-wal", "-shm", "-journal", ".scanner.lock", ".service.lock")
"""What may stand beside a store and belongs to it, as endings of its name; the empty one is the store."""


@dataclass(frozen=True, slots=True)
class CopyProgress:
    """How far a copy is. While it is checked nobody knows how far that is, and `done` is `total`; both in bytes."""

    doing: Literal["copying", "checking"]
    done: int
    total: int


OnProgress = Callable[[CopyProgress], None]


class BackupError(StoreError):
    """A backup cannot be made or used; the text is ready to be shown."""


def back_up(store_path: Path, target: Path, *, replace: bool, on_progress: OnProgress) -> int:
    """Copy the store as it is at this moment to `target`; return the copy's bytes.

    Writers go on meanwhile. The copy is one file, owner-only, and stands under its name only after it was checked and
    is safe on the disk; whatever goes wrong, a file that was there is left as it was.

    Raises:
        StoreMissingError: there is no store.
        BackupError: the target cannot be written, is part of the store, exists (unless `replace`), or the copy is
            damaged.
        StoreError: the store cannot be read.
    """
    dialect.refuse_other_addresses(str(store_path))
    dialect.check_file(store_path)
    if not store_path.exists():
        raise StoreMissingError(store_path)
    refuse_target(store_path, target, replace=replace)
    with draft_beside(target) as draft:
        copy_checked(store_path, draft, on_progress)
        size = draft.stat().st_size
        try:
            _put_in_place(draft, target, replace=replace)
        except OSError as error:
            raise BackupError(f"{target}: {error.strerror or error}: name another place") from error
    return size


def refuse_target(store_path: Path, target: Path, *, replace: bool) -> None:
    """Check that a copy may be written to `target`.

    Raises:
        BackupError: it belongs to the store, is no ordinary file, or exists and may not be replaced.
    """
    own = [store_path.with_name(store_path.name + ending) for ending in COMPANIONS]
    if any(os.path.realpath(target) == os.path.realpath(path) or _same_file(target, path) for path in own):
        raise BackupError(f"{target} is the store's own file: name another one")
    if target.is_dir():
        raise BackupError(f"{target} is a folder: name a file in it")
    if not target.parent.is_dir():
        raise BackupError(f"there is no folder {target.parent}: create it, or name another place")
    if target.exists() and not target.is_file():
        raise BackupError(f"{target} is not an ordinary file: name another one")
    if os.path.lexists(target) and not replace:
        raise BackupError(f"{target} is there already: name another file, or add --force to replace it")


def copy_checked(source: Path, draft: Path, on_progress: OnProgress) -> None:
    """Copy the database `source` into the empty file `draft`, check the copy and bring it safely to the disk.

    Raises:
        BackupError: there is no room, or the copy is damaged.
        StoreError: the source is not a store, is newer than this program, or cannot be read.
    """
    try:
        with contextlib.closing(dialect.connect_reader(source)) as reader:
            dialect.check_application(reader, source)
            migrations.check_version(reader, source)
            total = dialect.size_of(reader)
            _require_room(draft, total)
            with contextlib.closing(dialect.connect_draft(draft)) as writer:
                dialect.copy_database(
                    reader,
                    writer,
                    lambda done, pages: on_progress(CopyProgress("copying", total * done // max(pages, 1), total)),
                )
        _check(draft, source, total, on_progress)
        synchronise(draft)
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_INTERRUPT:  # Ctrl-C inside a callback of the driver arrives as this
            raise KeyboardInterrupt from error
        if code == sqlite3.SQLITE_FULL:
            raise BackupError(f"no space left beside {draft.parent}: free some, or name another place") from error
        if code == sqlite3.SQLITE_CORRUPT:
            raise BackupError(f"{source} is damaged ({error}): nothing was kept of it; use an older backup") from error
        raise as_store_error(error, source) from error
    except OSError as error:
        raise BackupError(f"{draft.parent}: {error.strerror or error}") from error


@contextlib.contextmanager
def draft_beside(target: Path) -> Generator[Path]:
    """Give an empty, owner-only file in the target's folder; what is left of it at the end is removed.

    Raises:
        BackupError: the folder cannot be written.
    """
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise BackupError(f"{target.parent} cannot be written: {error.strerror or error}") from error
    os.close(descriptor)
    draft = Path(name)
    try:
        yield draft
    finally:
        for ending in COMPANIONS:
            draft.with_name(draft.name + ending).unlink(missing_ok=True)


def synchronise(path: Path) -> None:
    """Bring a file, or the names in a folder, safely to the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check(draft: Path, source: Path, total: int, on_progress: OnProgress) -> None:
    with contextlib.closing(dialect.connect_draft(draft)) as copy:
        # A file without a log of its own can be carried around and read where nothing can be written.
        dialect.leave_wal(copy)
        found = dialect.damage(copy, lambda: on_progress(CopyProgress("checking", total, total)))
    if found is not None:
        raise BackupError(f"the copy of {source} is damaged ({found}): nothing was kept of it; use an older backup")


def _require_room(draft: Path, size: int) -> None:
    free = _free_bytes(draft.parent)
    if free < size:
        wanted, there = (f"{number / 1_000_000:,.1f} MB" for number in (size, free))
        raise BackupError(f"{draft.parent} has {there} left and {wanted} are needed: free some, or name another place")


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _put_in_place(draft: Path, target: Path, *, replace: bool) -> None:
    if replace:
        draft.replace(target)
    else:
        try:
            os.link(draft, target)  # unlike a renaming, it never replaces what somebody has put there meanwhile
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            draft.rename(target)
    synchronise(target.parent)


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
