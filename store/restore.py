"""Puts a backup in a store's place: checked before, the old store kept beside, and no moment without a store."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from store import dialect
from store.backup import BackupError, OnProgress, copy_checked, draft_beside, synchronise
from store.clock import now_us
from store.errors import NotAStoreError, StoreError
from store.lease import LeaseHeldError, scanners_kept_out
from store.store import Store

_LOGS: Final = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did."""

    events: int
    """Rows in the restored store."""
    kept: Path | None
    """Where the old store is now; None: there was none."""


class ScannerRunningError(StoreError):
    """A scanner reads into the store that shall be replaced. `kind` as in `Lease.kind`; `pid` 0: not known."""

    def __init__(self, store_path: Path, kind: str, pid: int) -> None:
        """Say what to end first."""
        what = {
            "service": "stop the service",
            "ingest": "let `auditail ingest` end",
        }.get(kind, "close the dashboard that is open on it")
        super().__init__(f"a scanner reads into {store_path} (pid {pid or 'unknown'}): {what}, then restore again")
        self.kind = kind
        self.pid = pid


def restore(backup: Path, store_path: Path, *, on_progress: OnProgress, clock: Callable[[], int] = now_us) -> Restored:
    """Put a copy of `backup` in the place of the store; the old store stays beside it under a dated name.

    Until the last step the old store is untouched, and that step is one renaming: whoever opens the store finds the
    old one or the new one. The backup is only read.

    Raises:
        BackupError: the backup is missing, damaged, or the store itself.
        ScannerRunningError: a scanner reads into the store.
        StoreError: the backup is not a store or is newer than this program, or another process has the store open.
    """
    try:
        _check_places(backup, store_path)
        with scanners_kept_out(store_path), draft_beside(store_path) as draft:
            copy_checked(backup, draft, on_progress)
            with Store.open(draft, create=False) as copy:  # an older schema is brought up to date here, or not at all
                events = int(copy.connection.execute("SELECT count(*) FROM event").fetchone()[0])
            synchronise(draft)
            return Restored(events, _swap(draft, store_path, clock()))
    except NotAStoreError as error:
        raise BackupError(
            f"{backup} is no copy of an auditail store: name a file that `auditail backup` wrote"
        ) from error
    except LeaseHeldError as error:
        raise ScannerRunningError(store_path, *_holder(store_path)) from error
    except OSError as error:
        raise BackupError(f"{error.filename or store_path.parent}: {error.strerror or error}") from error


def _check_places(backup: Path, store_path: Path) -> None:
    dialect.refuse_other_addresses(str(store_path))
    if not backup.exists():
        raise BackupError(f"there is no {backup}: name the file that `auditail backup` has written")
    if store_path.exists() and backup.samefile(store_path):
        raise BackupError(f"{backup} is the store itself: name a backup of it")
    if store_path.is_dir():
        raise BackupError(f"{store_path} is a folder: name the store's file with --store")
    dialect.check_file(backup)
    store_path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)


def _swap(draft: Path, store_path: Path, at_us: int) -> Path | None:
    """Keep the old store and put the new one in its place; return where the old one is."""
    if not store_path.exists():
        _set_logs_aside(store_path, _free_name(store_path, at_us))
        draft.replace(store_path)
        synchronise(store_path.parent)
        return None
    _fold(store_path)
    kept = _free_name(store_path, at_us)
    # The old log must be gone before the new store is there: SQLite would apply it to the new one.
    try:
        os.link(store_path, kept)
        _set_logs_aside(store_path, kept)
    except OSError:  # a file system without links: for an instant there is no store
        _set_logs_aside(store_path, kept)
        store_path.rename(kept)
    draft.replace(store_path)
    synchronise(store_path.parent)
    return kept


def _fold(store_path: Path) -> None:
    """Bring the old store's log into its file, so that it is whole under its new name.

    This also finds out whether anybody has it open, scanner or not. A store that is too damaged for it is kept with
    its log as it is.

    Raises:
        BackupError: another process has it open.
    """
    try:
        dialect.check_file(store_path)  # the driver throws the log of a file away that it takes for no database
        with contextlib.closing(dialect.connect_writer(store_path)) as old:
            alone = dialect.leave_wal(old)
    except (sqlite3.Error, StoreError):
        return
    if not alone:
        raise BackupError(f"another process has {store_path} open: close dashboards and commands, then restore again")


def _set_logs_aside(store_path: Path, kept: Path) -> None:
    for ending in _LOGS:
        with contextlib.suppress(FileNotFoundError):
            store_path.with_name(store_path.name + ending).rename(kept.with_name(kept.name + ending))


def _free_name(store_path: Path, at_us: int) -> Path:
    """Return `auditail.db.before-20260127T103000Z`, with a number where that is taken."""
    stamp = datetime.fromtimestamp(at_us // 1_000_000, UTC).strftime("%Y%m%dT%H%M%SZ")
    name = f"{store_path.name}.before-{stamp}"
    number = 1
    while os.path.lexists(found := store_path.with_name(name if number == 1 else f"{name}-{number}")):
        number += 1
    return found


def _holder(store_path: Path) -> tuple[str, int]:
    """Return kind and process of the scanner as the store says it."""
    try:
        with contextlib.closing(dialect.connect_reader(store_path)) as reader:
            row = reader.execute("SELECT kind, pid FROM lease").fetchone()
    except sqlite3.Error:
        row = None
    return row or ("dashboard", 0)
