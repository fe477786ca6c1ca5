"""What is known of the scanner, the sources and the store's own file, as the System tab and `status` show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from store.left_alone import PassedOver, Staying


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One watched folder or file, or standard input, as the System tab shows it."""

    path: str
    kind: Literal["folder", "file", "stream"]
    state: Literal["ok", "idle", "slow", "missing", "unreadable"]
    reason: str | None
    """One line that says what is wrong and what to do; None where nothing is."""
    formats: tuple[str, ...]
    files: int
    events: int
    duplicates: int
    quarantined: int
    redacted: int
    pending_bytes: int
    last_event_us: int | None
    """When something of this source was last stored; None: never."""
    folder_no: int = 0
    watcher: str = "off"
    """How its changes are noticed: `inotify`, `polling` or `off`."""
    watcher_reason: str | None = None
    """One line that says why its changes are noticed in this way; None: nothing is out of the ordinary."""
    lag_ms: int | None = None
    """From a file's change to its events' commit, of its last batch; None: not known."""
    per_minute: tuple[int, ...] = ()
    """Events stored in each of the last ten minutes, oldest first; the last one is not over yet."""
    passed_over: tuple[PassedOver, ...] = ()
    """What it holds that is no plain file, as last looked at."""
    staying: tuple[Staying, ...] = ()
    """Finished files that stay though `ingest.after` would have them go."""


@dataclass(frozen=True, slots=True)
class ScannerHealth:
    """The scanner that feeds this store."""

    running: bool
    pid: int | None
    started_us: int | None
    heartbeat_us: int | None
    watcher: str
    """`inotify`, `polling`, … or `off`."""
    watcher_reason: str | None
    events_per_second: float
    lag_ms: int | None
    """From a file's change to its events' commit, of the last batch; None: nothing read yet."""
    files_pending: int
    last_scan_us: int | None
    """When the last reconcile ended: the full scan that finds what the watcher did not tell."""
    pending_bytes: int = 0
    kind: str = "dashboard"
    """Who started it: `dashboard` (it ends with it), `service`, or `ingest` (a one-time run)."""
    cpu_us: int = 0
    """Processor time since its start, with the second process."""
    memory_bytes: int = 0
    scan_ms: int | None = None
    """How long the last reconcile took; None: there was none."""
    trouble: str | None = None
    """What keeps it from storing now, in one line that says what to do; None: nothing."""


@dataclass(frozen=True, slots=True)
class StoreHealth:
    """The store's own file. `events` is how many rows there are, whether they count or only add to an event.

    `bytes` is its size once the write-ahead log (`wal_bytes`) is folded in.
    """

    path: str
    bytes: int
    wal_bytes: int
    events: int
    disk_free_bytes: int
    schema_version: int
    counted: int | None = None
    """Rows with counts=1: the events that lists show. None: a limited scope may not know."""
    oldest_us: int | None = None
    """Time of the oldest event; None: there is none, or the scope may not know."""
    checkpoint_us: int | None = None
    """When the write-ahead log was last folded into the file: in WAL mode nothing else writes to it."""
    migrations: tuple[str, ...] = ()
    """What each version of the schema brought, the first one first."""


@dataclass(frozen=True, slots=True)
class StoreParts:
    """What the store's file is filled with, in bytes. To find out, every page is looked at: never ask often."""

    events: int
    """Rows of events."""
    text: int
    """The full text, which is also the index of lists."""
    index: int
    """What finds events otherwise: order of arrival, identities, calls, counts."""
    rest: int
    """Sources, quarantine, free pages and so on."""


@dataclass(frozen=True, slots=True)
class IngestMinute:
    """How many rows were stored and records refused in one minute of arrival."""

    events: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Health:
    """Everything that the System tab and `auditail status` show. In a limited scope there are no `sources`."""

    scanner: ScannerHealth
    store: StoreHealth
    sources: tuple[SourceHealth, ...]
    quarantined: int
    """Records in the quarantine now."""
    duplicates: int
    redacted: int
    last_hour: tuple[IngestMinute, ...] = ()
    """Sixty minutes of arrival, oldest first; the last one is not over yet."""
    last_day: IngestMinute = IngestMinute()
    """What arrived in the last 24 hours."""
    day_us: int = 0
    """How much of those 24 hours there has been anything to arrive in, microseconds."""
