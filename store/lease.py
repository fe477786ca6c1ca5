"""One scanner per store: an operating-system lock, and a row in which the holder says how it is."""

from __future__ import annotations

import fcntl
import os
import socket
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlmodel import Session

from store.errors import StoreError, StoreUnusableError
from store.session import writing
from store.store import Store
from store.tables import Lease

_ROW: Final = 1


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


class ScannerLease:
    """The right to scan for one store. The lock dies with the process, so a crash never leaves it held."""

    def __init__(self, store: Store) -> None:
        """Prepare; nothing is held yet."""
        self._store = store
        self._path = _lock_of(store.path)
        self._descriptor: int | None = None

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
        now = self._store.clock()
        row = Lease(id=_ROW, pid=os.getpid(), host=socket.gethostname(), started_us=now, heartbeat_us=now)
        try:
            with self._session() as session:
                session.merge(row)
        except StoreError:
            os.close(descriptor)
            raise
        self._descriptor = descriptor

    def heartbeat(self, stats: ScannerStats) -> None:
        """Say that the scanner lives, and how it is.

        Raises:
            StoreError: the store cannot be written now; the lease is held all the same.
        """
        with self._session() as session:
            row = session.get_one(Lease, _ROW)
            row.heartbeat_us = self._store.clock()
            row.watcher, row.watcher_reason = stats.watcher, stats.watcher_reason
            row.events_per_second, row.lag_ms = stats.events_per_second, stats.lag_ms
            row.files_pending, row.pending_bytes = stats.files_pending, stats.pending_bytes
            row.last_scan_us = stats.last_scan_us

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
        finally:
            os.close(self._descriptor)
            self._descriptor = None

    def _holder(self) -> int:
        with self._session() as session:
            row = session.get(Lease, _ROW)
            return row.pid if row else 0

    def _session(self) -> AbstractContextManager[Session]:
        return writing(self._store.engine, self._store.lock, self._store.path)


def lease_is_held(store_path: Path) -> bool:
    """Return whether some process scans this store at present; a store that was never scanned has no lock file."""
    try:
        descriptor = os.open(_lock_of(store_path), os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _lock_of(store_path: Path) -> Path:
    return store_path.with_name(store_path.name + ".scanner.lock")
