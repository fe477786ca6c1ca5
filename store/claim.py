"""A service's standing claim on a store: while the service lives, scanners that end with a dashboard give way to it."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from store.errors import StoreError, StoreUnusableError

_PATIENCE_S: Final = 1.0
"""Who asks whether there is a service holds the lock for an instant."""


class ClaimHeldError(StoreError):
    """Another service already keeps reading into this store."""

    def __init__(self, store_path: Path) -> None:
        """Name the store."""
        super().__init__(f"a service already reads into {store_path}: `auditail service status` shows it")


class ServiceClaim:
    """Held by a service from its start to its end, also while another scanner has the lease.

    It is a lock of the operating system, so it never outlives its holder.
    """

    def __init__(self, store_path: Path) -> None:
        """Prepare; nothing is claimed yet. The store's folder must exist."""
        self._store_path = store_path
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        """Claim the store.

        Raises:
            ClaimHeldError: another service has done so.
            StoreUnusableError: the lock file cannot be written.
        """
        path = _lock_of(self._store_path)
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreUnusableError(path, error.strerror or str(error)) from error
        until = time.monotonic() + _PATIENCE_S
        while not _locked(descriptor, fcntl.LOCK_EX):
            if time.monotonic() >= until:
                os.close(descriptor)
                raise ClaimHeldError(self._store_path)
            time.sleep(0.02)
        self._descriptor = descriptor
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Give the claim up."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def service_claims(store_path: Path) -> bool:
    """Return whether a service reads into this store, or waits for its turn to."""
    try:
        descriptor = os.open(_lock_of(store_path), os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    # Shared, so that two who ask at once do not take each other for a service.
    free = _locked(descriptor, fcntl.LOCK_SH)
    os.close(descriptor)
    return not free


def _locked(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _lock_of(store_path: Path) -> Path:
    return store_path.with_name(store_path.name + ".service.lock")
