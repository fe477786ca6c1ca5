"""One scanner per store: an operating-system lock, and a row in which the holder says how it is."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import update
from sqlmodel import Session, col

from store.errors import StoreError, StoreUnusableError
from store.lease_note import LeaseNote, lock_path, read_note, write_note
from store.session import writing
from store.store import Store
from store.tables import Counter, Folder, Lease

_ROW: Final = 1
_CHECK_S: Final = 1.0
"""How long the file is looked at for damage before a scanner writes to it: whole up to about 300 MB."""
_CAPTURED: Final = "captured_us"
"""Counter that holds when a watching scanner last beat. The lease's own row is also taken by one-time runs."""


class LeaseHeldError(StoreError):
    """Another scanner already feeds this store. `pid` is its process, 0 where that is not known."""

    def __init__(self, pid: int) -> None:
        """Name the process."""
        super().__init__(f"another scanner already feeds this store (pid {pid}): nothing to do")
        self.pid = pid


@dataclass(frozen=True, slots=True)
class ScannerStats:
    """What a scanner says of itself about once a second. `lag_ms` None: nothing was read yet."""

    watcher: str
    watcher_reason: str | None
    events_per_second: float
    lag_ms: int | None
    files_pending: int
    pending_bytes: int
    last_scan_us: int | None
    scan_ms: int | None = None
    """How long the last full scan took."""
    cpu_us: int = 0
    """Processor time since the start, with the second process."""
    memory_bytes: int = 0
    """Resident memory of both processes."""
    trouble: str | None = None
    """What keeps it from storing now, in one line that says what to do; None: nothing."""


@dataclass(frozen=True, slots=True)
class FolderStats:
    """How one named folder is at present. `lag_ms` None: nothing of it was stored yet."""

    folder_no: int
    watcher: str
    """`inotify`, `fsevents`, `polling` or `off`."""
    watcher_reason: str | None
    lag_ms: int | None
    pending_bytes: int


class ScannerLease:
    """The right to scan for one store. The lock dies with the process, so a crash never leaves it held."""

    def __init__(self, store: Store, kind: str = "dashboard") -> None:
        """Prepare; nothing is held yet. `kind` says who started the scanner, see `Lease.kind`."""
        self._store = store
        self._kind = kind
        self._path = lock_path(store.path)
        self._descriptor: int | None = None
        self._noted: str | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lease."""
        return self._descriptor is not None

    @property
    def descriptor(self) -> int | None:
        """The open lock file, for a child process that must keep the lease alive with us; None: nothing is held."""
        return self._descriptor

    def acquire(self) -> None:
        """Take the lease.

        Raises:
            LeaseHeldError: another process has it.
            StoreDamagedError: the store's file is damaged; nothing was written to it, and nothing is held.
            StoreError: the lock file or the store cannot be written; nothing is held.
        """
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreUnusableError(self._path, error.strerror or str(error)) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise LeaseHeldError(self._holder()) from error
        try:
            self._store.require_sound(_CHECK_S)
            now = self._say_hello()
        except StoreError:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        self._noted = None
        write_note(descriptor, LeaseNote(os.getpid(), now, None))

    def captured_until(self) -> int | None:
        """Return when a scanner of this store that keeps watching last gave a sign of life; None: none ever did.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._session() as session:
            row = session.get(Counter, _CAPTURED)
            return None if row is None else row.value

    def note(self, trouble: str) -> None:
        """Say beside the store what keeps the scanner from storing: for when the heartbeat cannot be stored either."""
        if self._descriptor is not None:
            self._noted = trouble
            write_note(self._descriptor, LeaseNote(os.getpid(), self._store.clock(), trouble))

    def heartbeat(self, stats: ScannerStats, folders: Sequence[FolderStats] = ()) -> None:
        """Say that the scanner lives and keeps watching, how it is, and how these folders are.

        Raises:
            StoreError: the store cannot be written now; the lease is held all the same.
        """
        now = self._store.clock()
        with self._session() as session:
            row = session.get_one(Lease, _ROW)
            row.heartbeat_us = now
            row.watcher, row.watcher_reason = stats.watcher, stats.watcher_reason
            row.events_per_second, row.lag_ms = stats.events_per_second, stats.lag_ms
            row.files_pending, row.pending_bytes = stats.files_pending, stats.pending_bytes
            row.last_scan_us, row.scan_ms = stats.last_scan_us, stats.scan_ms
            row.cpu_us, row.memory_bytes, row.trouble = stats.cpu_us, stats.memory_bytes, stats.trouble
            session.merge(Counter(name=_CAPTURED, value=now))
            for folder in folders:
                _update_folder(session, folder)
        if self._noted is not None and stats.trouble is None and self._descriptor is not None:
            self._noted = None
            write_note(self._descriptor, LeaseNote(os.getpid(), now, None))

    def release(self) -> None:
        """Give the lease back; without one, do nothing.

        Raises:
            StoreError: the store cannot be written now; the lock is given back all the same.
        """
        if self._descriptor is None:
            return
        try:
            with self._session() as session:
                session.get_one(Lease, _ROW).released = 1
                session.exec(update(Folder).values(watcher="off", watcher_reason=None))
        finally:
            os.close(self._descriptor)
            self._descriptor = None

    def _say_hello(self) -> int:
        now = self._store.clock()
        row = Lease(
            id=_ROW, pid=os.getpid(), host=socket.gethostname(), started_us=now, heartbeat_us=now, kind=self._kind
        )
        with self._session() as session:
            session.merge(row)
        return now

    def _holder(self) -> int:
        note = read_note(self._store.path)
        return 0 if note is None else note.pid

    def _session(self) -> AbstractContextManager[Session]:
        return writing(self._store.engine, self._store.lock, self._store.path)


def lease_is_held(store_path: Path) -> bool:
    """Return whether some process scans this store at present; a store that was never scanned has no lock file."""
    try:
        descriptor = os.open(lock_path(store_path), os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def scanners_kept_out(store_path: Path) -> Generator[None]:
    """Let no scanner begin to read into the store during the block; the store itself is not opened.

    Raises:
        LeaseHeldError: one reads into it already; its process is not looked up.
        StoreUnusableError: the lock file cannot be written.
    """
    path = lock_path(store_path)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreUnusableError(path, error.strerror or str(error)) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise LeaseHeldError(0) from error
    try:
        yield
    finally:
        os.close(descriptor)


def _update_folder(session: Session, stats: FolderStats) -> None:
    values: dict[str, str | int | None] = {
        "watcher": stats.watcher,
        "watcher_reason": stats.watcher_reason,
        "lag_ms": stats.lag_ms,
        "pending_bytes": stats.pending_bytes,
    }
    session.exec(update(Folder).where(col(Folder.folder_no) == stats.folder_no).values(**values))
