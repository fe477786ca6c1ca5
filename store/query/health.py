"""How the scanner, the sources and the store's file are."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from typing import Any, Final, Literal

from sqlalchemy import case, func, select
from sqlmodel import col

from store import dialect, migrations
from store.query.access import Access
from store.service import Health, QuarantineEntry, ScannerHealth, SourceHealth, StoreHealth
from store.tables import Folder, Lease, Quarantine, Source

STALE_US: Final = 5_000_000
"""A scanner that has not been heard of for so long is taken to be gone."""
_NEWEST: Final = 50

_SUMS: Final = tuple(
    dialect.total(col(column)) for column in (Source.events, Source.duplicates, Source.quarantined, Source.redacted)
)


class HealthReport:
    """Answers about the machinery."""

    def __init__(self, access: Access, clock: Callable[[], int]) -> None:
        """Read through `access`; `clock` gives UTC microseconds."""
        self._access = access
        self._clock = clock

    def health(self) -> Health:
        """Return everything at once."""
        _, duplicates, quarantined, redacted = self._access.fetch(select(*_SUMS))[0]
        hidden = self._access.scope.limited
        return Health(
            scanner=self._scanner(),
            store=self._store(),
            sources=() if hidden else self._sources(),
            quarantined=quarantined,
            duplicates=duplicates,
            redacted=redacted,
            quarantine=tuple(self.quarantine(_NEWEST)),
        )

    def quarantine(self, limit: int | None, reason: str | None = None) -> list[QuarantineEntry]:
        """Return quarantined records, newest first; `reason` keeps those whose reason contains it.

        In a limited scope there are none to be seen: a record that could not be read has no tenant.
        """
        if self._access.scope.limited:
            return []
        statement = _QUARANTINE.order_by(col(Quarantine.id).desc())
        if reason is not None:
            statement = statement.where(col(Quarantine.reason).contains(reason, autoescape=True))
        if limit is not None:
            statement = statement.limit(limit)
        return [_entry(row) for row in self._access.fetch(statement)]

    def quarantined_record(self, number: int) -> QuarantineEntry | None:
        """Return one quarantined record, None where there is no such number or the scope is limited."""
        if self._access.scope.limited:
            return None
        rows = self._access.fetch(_QUARANTINE.where(col(Quarantine.id) == number))
        return _entry(rows[0]) if rows else None

    def _scanner(self) -> ScannerHealth:
        columns = (
            Lease.pid, Lease.host, Lease.started_us, Lease.heartbeat_us, Lease.released, Lease.watcher,
            Lease.watcher_reason, Lease.events_per_second, Lease.lag_ms, Lease.files_pending, Lease.last_scan_us,
        )  # fmt: skip
        rows = self._access.fetch(select(*(col(column) for column in columns)))
        if not rows:
            return ScannerHealth(
                running=False, pid=None, started_us=None, heartbeat_us=None, watcher="off", watcher_reason=None,
                events_per_second=0.0, lag_ms=None, files_pending=0, last_scan_us=None,
            )  # fmt: skip
        pid, host, started, heartbeat, released, watcher, why, rate, lag, pending, scanned = rows[0]
        fresh = self._clock() - heartbeat < STALE_US
        running = not released and fresh and _alive(pid, host)
        return ScannerHealth(
            running, pid, started, heartbeat, watcher if running else "off", why, rate if running else 0.0, lag,
            pending, scanned,
        )  # fmt: skip

    def _store(self) -> StoreHealth:
        path = self._access.path
        wal = path.with_name(path.name + "-wal")
        events = self._access.last_seq()
        return StoreHealth(
            path=str(path),
            bytes=path.stat().st_size,
            wal_bytes=wal.stat().st_size if wal.exists() else 0,
            events=events,
            disk_free_bytes=shutil.disk_usage(path.parent).free,
            schema_version=migrations.SCHEMA_VERSION,
        )

    def _sources(self) -> tuple[SourceHealth, ...]:
        pending = case(
            (col(Source.size) > col(Source.byte_offset), col(Source.size) - col(Source.byte_offset)), else_=0
        )
        unread = case((col(Source.generation).is_(None), 0), (col(Source.settled) == 1, 0), else_=pending)
        grouped = select(
            col(Source.folder_no),
            func.count(),
            *_SUMS,
            dialect.total(unread),
            func.max(col(Source.last_us)),
        ).group_by(col(Source.folder_no))
        sums = {row[0]: row[1:] for row in self._access.fetch(grouped)}
        formats: dict[int, list[str]] = {}
        named = select(col(Source.folder_no), col(Source.format)).where(col(Source.format).is_not(None)).distinct()
        for folder_no, name in self._access.fetch(named):
            formats.setdefault(folder_no, []).append(name)
        columns = (Folder.folder_no, Folder.path, Folder.kind, Folder.state, Folder.reason)
        rows = self._access.fetch(select(*(col(column) for column in columns)).order_by(col(Folder.folder_no)))
        return tuple(_source(row, sums.get(row[0], (0, 0, 0, 0, 0, 0, None)), formats.get(row[0], [])) for row in rows)


_QUARANTINE: Final = select(
    col(Quarantine.id), col(Quarantine.at_us), col(Source.path), col(Quarantine.generation), col(Quarantine.line),
    col(Quarantine.byte_offset), col(Quarantine.reason), col(Quarantine.size), col(Quarantine.raw),
).join_from(Quarantine, Source, col(Source.source_no) == col(Quarantine.source_no), isouter=True)  # fmt: skip


def _entry(row: tuple[Any, ...]) -> QuarantineEntry:
    number, at_us, path, *rest = row
    return QuarantineEntry(number, at_us, (path or b"").decode("utf-8", "backslashreplace"), *rest)


def _source(row: tuple[Any, ...], sums: tuple[Any, ...], formats: list[str]) -> SourceHealth:
    _, path, kind, state, reason = row
    files, events, duplicates, quarantined, redacted, pending, last_us = sums
    return SourceHealth(
        path.decode("utf-8", "backslashreplace"), _kind(kind), state, reason, tuple(sorted(formats)), files, events,
        duplicates, quarantined, redacted, pending, last_us,
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
