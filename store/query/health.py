"""How the scanner, the sources and the store's file are."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Literal

from sqlalchemy import func, select
from sqlmodel import col

from store import dialect, migrations
from store.health import Health, ScannerHealth, SourceHealth, StoreHealth
from store.lease_note import read_note
from store.query.access import Access
from store.query.arrivals_by_minute import RECENT, RecentMinutes, last_day, recent_minutes
from store.query.folder_sums import FolderSums, folder_sums
from store.query.left_alone import passed_over, staying
from store.query.paced import Paced
from store.service import Extent
from store.tables import Folder, Lease, Quarantine, Source

STALE_US: Final = 5_000_000
"""A scanner that has not been heard of for so long is taken to be gone."""

_MIGRATIONS: Final = tuple((sys.modules[step.__module__].__doc__ or "").strip() for step in migrations.STEPS)
_LEASE: Final = (
    Lease.pid, Lease.host, Lease.started_us, Lease.heartbeat_us, Lease.released, Lease.watcher, Lease.watcher_reason,
    Lease.events_per_second, Lease.lag_ms, Lease.files_pending, Lease.last_scan_us, Lease.pending_bytes, Lease.kind,
    Lease.cpu_us, Lease.memory_bytes, Lease.scan_ms, Lease.trouble,
)  # fmt: skip
_FOLDER: Final = (
    Folder.folder_no, Folder.path, Folder.kind, Folder.state, Folder.reason, Folder.watcher, Folder.watcher_reason,
    Folder.lag_ms, Folder.pending_bytes,
)  # fmt: skip


class HealthReport:
    """Answers about the machinery; numbers that a large store makes expensive are found less often than asked for."""

    def __init__(self, access: Access, extent: Callable[[], Extent], clock: Callable[[], int]) -> None:
        """Read through `access`; `clock` gives UTC microseconds."""
        self._access = access
        self._clock = clock
        self._extent = Paced(extent)
        self._sums = Paced(lambda: folder_sums(access))
        self._minutes = Paced(lambda: recent_minutes(access, clock()))
        self._day = Paced(lambda: last_day(access, clock()))
        self._bad = Paced(self._quarantined)
        self._staying = Paced(lambda: staying(access))

    def health(self) -> Health:
        """Return everything at once."""
        sums, minutes, bad = self._sums.get(), self._minutes.get(), self._bad.get()
        last, day_us = self._day.get()
        hidden = self._access.scope.limited
        return Health(
            scanner=self._scanner(),
            store=self._store(),
            sources=() if hidden else self._sources(sums, minutes, bad),
            quarantined=sum(bad.values()),
            duplicates=sum(one.duplicates for one in sums.values()),
            redacted=sum(one.redacted for one in sums.values()),
            last_hour=minutes.hour,
            last_day=last,
            day_us=day_us,
        )

    def _scanner(self) -> ScannerHealth:
        rows = self._access.fetch(select(*(col(column) for column in _LEASE)))
        if not rows:
            return ScannerHealth(
                running=False, pid=None, started_us=None, heartbeat_us=None, watcher="off", watcher_reason=None,
                events_per_second=0.0, lag_ms=None, files_pending=0, last_scan_us=None,
            )  # fmt: skip
        pid, host, started, heartbeat, released, watcher, why, rate, lag, files, *rest, trouble = rows[0]
        note = read_note(self._access.path)
        if note is not None and note.pid == pid and note.at_us > heartbeat:
            # The store itself could not be written: what is in it is older than what stands beside it.
            heartbeat, trouble = note.at_us, note.trouble
        fresh = self._clock() - heartbeat < STALE_US
        running = not released and fresh and _alive(pid, host)
        return ScannerHealth(
            running, pid, started, heartbeat, watcher if running else "off", why, rate if running else 0.0, lag,
            files, *rest, trouble=trouble if running else None,
        )  # fmt: skip

    def _store(self) -> StoreHealth:
        path = self._access.path
        wal = path.with_name(path.name + "-wal")
        found = path.stat()
        extent = None if self._access.scope.limited else self._extent.get()
        return StoreHealth(
            path=str(path),
            bytes=int(self._access.fetch(dialect.SIZE)[0][0]),
            wal_bytes=wal.stat().st_size if wal.exists() else 0,
            events=self._access.last_seq(),
            disk_free_bytes=shutil.disk_usage(path.parent).free,
            schema_version=migrations.SCHEMA_VERSION,
            counted=None if extent is None else extent.events,
            oldest_us=None if extent is None else extent.oldest_us,
            checkpoint_us=found.st_mtime_ns // 1000,
            migrations=_MIGRATIONS,
        )

    def _quarantined(self) -> dict[int, int]:
        """Return how many records of each folder are in the quarantine; 0 stands for files that are forgotten."""
        folder = func.coalesce(col(Source.folder_no), 0)
        counted = select(folder, func.count()).join_from(
            Quarantine, Source, col(Source.source_no) == col(Quarantine.source_no), isouter=True
        )
        return {int(row[0]): int(row[1]) for row in self._access.fetch(counted.group_by(folder))}

    def _sources(
        self, sums: dict[int, FolderSums], minutes: RecentMinutes, bad: dict[int, int]
    ) -> tuple[SourceHealth, ...]:
        rows = self._access.fetch(select(*(col(column) for column in _FOLDER)).order_by(col(Folder.folder_no)))
        nothing = (0,) * RECENT
        passed, kept = passed_over(self._access), self._staying.get()
        return tuple(
            replace(
                _source(
                    row, sums.get(row[0], FolderSums()), bad.get(row[0], 0), minutes.by_folder.get(row[0], nothing)
                ),
                passed_over=passed.get(row[0], ()),
                staying=kept.get(row[0], ()),
            )
            for row in rows
        )


def _source(row: tuple[Any, ...], sums: FolderSums, bad: int, per_minute: tuple[int, ...]) -> SourceHealth:
    folder_no, path, kind, state, reason, watcher, why, lag_ms, pending = row
    return SourceHealth(
        path.decode("utf-8", "backslashreplace"), _kind(kind), state, reason, sums.formats, sums.files, sums.events,
        sums.duplicates, bad, sums.redacted, max(pending, sums.pending_bytes), sums.last_us, folder_no, watcher, why,
        lag_ms, per_minute,
    )  # fmt: skip


def _kind(text: str) -> Literal["folder", "file", "stream"]:
    return "folder" if text == "folder" else "file" if text == "file" else "stream"


def _alive(pid: int, host: str) -> bool:
    """Return whether the process may still run; on another host only its heartbeat can tell."""
    if host != socket.gethostname():
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
