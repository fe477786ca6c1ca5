"""Three states of the machinery, for the System tab: all is fine, much is wrong, nothing is read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from store.health import Health, IngestMinute, SourceHealth
from store.service import QuarantineEntry
from tests.pilot.fake_service import healthy
from tests.pilot.made_up_events import FROZEN_US, MINUTE, SECOND

if TYPE_CHECKING:
    from typing import Any

HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

CUT_OFF: Final = QuarantineEntry(
    id=3,
    at_us=FROZEN_US - 170 * SECOND,
    path="/data/events/platform-14.jsonl",
    generation=2,
    line=40_118,
    offset=0x1CB929,
    reason="not UTF-8 at byte 74 of the record",
    size=76,
    raw=b'{"timestamp":"2026-11-22T13:59:12.002Z","message":"refund rf_2\x1b]52;c;AAAA\x07\xff\xfe',
)
NOT_UTF8: Final = QuarantineEntry(
    id=2,
    at_us=FROZEN_US - 100 * MINUTE,
    path="/data/events/batch-0091.json",
    generation=0,
    line=None,
    offset=0,
    reason="not UTF-8 at byte 128 of the record",
    size=4200,
    raw=bytes(range(256)) * 16,
)
TOO_DEEP: Final = replace(
    NOT_UTF8, id=1, at_us=FROZEN_US - 25 * HOUR, reason="nested deeper than 64 levels", raw=b"[" * 400
)
RECORDS: Final = [TOO_DEEP, NOT_UTF8, CUT_OFF]
"""What is in the quarantine of `degraded`."""


def source(path: str, **values: Any) -> SourceHealth:
    """Return a folder in order, changed in some values."""
    plain = SourceHealth(path, "folder", "ok", None, ("native",), 214, 9_120_441, 0, 0, 0, 0, FROZEN_US - 4 * SECOND)
    busy = replace(plain, watcher="inotify", lag_ms=84, per_minute=(40, 12, 60, 9, 33, 0, 25, 60, 41, 8))
    return replace(busy, **values)


def fine() -> Health:
    """Return two folders in order, and nothing in quarantine."""
    health = healthy(12_403_118)
    scanner = replace(
        health.scanner,
        started_us=FROZEN_US - 6 * DAY - 4 * HOUR,
        heartbeat_us=FROZEN_US - SECOND,
        last_scan_us=FROZEN_US - 12 * SECOND,
        scan_ms=412,
        kind="service",
        cpu_us=310 * SECOND,
        memory_bytes=88_000_000,
    )
    claude = source(
        "/home/me/.claude/projects", folder_no=2, formats=("claude_code",), events=2_118_020, duplicates=311, lag_ms=112
    )
    store = replace(health.store, oldest_us=FROZEN_US - 68 * DAY, checkpoint_us=FROZEN_US - 8 * SECOND)
    sources = (source("./events", folder_no=1), claude)
    return replace(health, scanner=scanner, store=store, sources=sources)


def degraded() -> Health:
    """Return sources with every kind of trouble, a watcher that gave up, and three records in quarantine."""
    health = fine()
    scanner = replace(
        health.scanner,
        watcher="polling",
        watcher_reason="inotify has no watches left, so every file is looked at every 2 s. "
        "Run sysctl fs.inotify.max_user_watches=524288 to have changes told at once.",
        lag_ms=1900,
        files_pending=12,
        pending_bytes=812_000_000,
    )
    sources = (
        source("./events", folder_no=1, quarantined=3, redacted=5),
        source("/home/me/.codex/sessions", state="idle", duplicates=18, last_event_us=FROZEN_US - 2 * HOUR),
        source(
            "/mnt/nfs/platform-14",
            state="slow",
            watcher="polling",
            lag_ms=1900,
            pending_bytes=812_000_000,
            reason="this file system does not tell of changes, so it is read every 2 s.",
        ),
        source("standard input", kind="stream", state="idle", last_event_us=None, events=0, per_minute=(0,) * 10),
        source("/mnt/usb", state="missing", reason="the folder is gone. It is read again once it is back."),
        source(
            "/var/log/gateway",
            state="unreadable",
            formats=(),
            reason="permission denied. Run setfacl -m u:auditail:rx /var/log/gateway; it is tried again by itself.",
        ),
    )
    return replace(health, scanner=scanner, sources=sources, quarantined=3, redacted=17)


def empty() -> Health:
    """Return a store that has just been made: a scanner runs, nothing is watched."""
    health = fine()
    store = replace(health.store, bytes=131_072, wal_bytes=0, events=0, counted=0, oldest_us=None, checkpoint_us=None)
    scanner = replace(health.scanner, events_per_second=0.0, lag_ms=None, watcher="off", cpu_us=0, started_us=FROZEN_US)
    nothing = tuple(IngestMinute() for _ in range(60))
    return replace(
        health, scanner=scanner, store=store, sources=(), duplicates=0, redacted=0, last_hour=nothing,
        last_day=IngestMinute(), day_us=0,
    )  # fmt: skip


def without_scanner() -> Health:
    """Return an old store that nobody feeds."""
    health = fine()
    scanner = replace(health.scanner, running=False, pid=None, watcher="off", heartbeat_us=FROZEN_US - 2 * HOUR - 1)
    return replace(health, scanner=scanner, sources=())
