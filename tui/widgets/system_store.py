"""The store's file and the scanner that feeds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from tui import format as fmt
from tui.widgets.line import BLANK, Line, Span, heading, pad, wrap
from tui.widgets.system_pane import SystemPane

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.service import ScannerHealth, StoreHealth

LABEL: Final = 14
NUMBER: Final = 10
LOW_DISK: Final = 1 << 30
"""Fewer free bytes than this are worth a warning."""
DAY_US: Final = 86_400 * fmt.MICROS
STALE_US: Final = 10 * fmt.MICROS
"""A heartbeat older than this is worth a warning."""


class SystemStore(SystemPane):
    """Two blocks of facts to read; arrows scroll."""

    GUTTER: ClassVar[int] = 0

    def build(self, width: int) -> Sequence[Line]:
        """Return both blocks."""
        if self.health is None:
            waiting = Line(((f"{self.glyphs.pending} reading", "muted"),))
            return [heading("Store"), waiting, BLANK, heading("Scanner"), waiting]
        return [*_store(self.health.store, width), BLANK, *self._scanner(self.health.scanner)]

    def _scanner(self, scanner: ScannerHealth) -> Iterator[Line]:
        yield heading("Scanner", ("running", "success") if scanner.running else ("not running", "error"))
        pid = self.glyphs.none if scanner.pid is None else f"pid {scanner.pid}"
        up = "" if scanner.started_us is None else f"up {_long(self.now_us - scanner.started_us)}"
        yield _fact("process", pid, up if scanner.running else "ended")
        stale = scanner.heartbeat_us is None or self.now_us - scanner.heartbeat_us > STALE_US
        role = "warning" if scanner.running and stale else ""
        yield _fact("heartbeat", self.ago(scanner.heartbeat_us), "the lease is renewed every few seconds", role)
        limited = scanner.watcher_reason is not None
        told = "see the remarks on the sources" if limited else "tells of changes at once"
        if scanner.watcher == "off" and not limited:
            told = "no folder is watched; + adds one"
        yield _fact("watcher", scanner.watcher, told if scanner.running else "", "warning" if limited else "")
        yield _fact("last scan", self.ago(scanner.last_scan_us), "looks at every file, whatever the watcher says")


def _store(store: StoreHealth, width: int) -> Iterator[Line]:
    yield heading("Store", (f"SQLite · schema {store.schema_version}", "muted"))
    for index, row in enumerate(wrap(store.path, width - LABEL, 3)):
        yield Line(((pad("file" if index == 0 else "", LABEL), "muted"), (row, "")))
    each = f"{store.bytes // store.events:,} bytes an event" if store.events else "no events yet"
    yield _fact("size", fmt.size(store.bytes), each)
    yield _fact("write-ahead", fmt.size(store.wal_bytes), "goes into the file at the next checkpoint")
    low = store.disk_free_bytes < LOW_DISK
    free = "the disk is nearly full: events will be lost to sight" if low else _room(store)
    yield _fact("disk free", fmt.size(store.disk_free_bytes), free, "error" if low else "")


def _room(store: StoreHealth) -> str:
    if not store.events or not store.bytes:
        return ""
    return f"room for about {fmt.short_count(store.disk_free_bytes * store.events // store.bytes)} more events"


def _long(micros: int) -> str:
    days, rest = divmod(max(micros, 0), DAY_US)
    return f"{days} d {fmt.elapsed(rest)}" if days else fmt.elapsed(rest)


def _fact(label: str, number: str, remark: str, role: str = "") -> Line:
    spans: tuple[Span, ...] = ((pad(label, LABEL), "muted"), (pad(number, NUMBER, right=True), role))
    return Line((*spans, (f"  {remark}", "muted")))
