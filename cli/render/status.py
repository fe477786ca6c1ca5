"""The state of things as text for people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cli.report import not_in_force, settings_in_force
from cli.wording import counted
from store.safe_text import safe_text
from tui import format as words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from config.loading import Loaded
    from store.service import Health, ScannerHealth, SourceHealth


def status_lines(loaded: Loaded, path: Path, health: Health | None) -> Iterator[str]:
    """Give the lines of `auditail status`; `health` None: there is no store yet."""
    for line in _lines(loaded, path, health):
        yield safe_text(line)


def _lines(loaded: Loaded, path: Path, health: Health | None) -> Iterator[str]:
    now = words.now_us()
    if health is None:
        yield f"store     none yet at {path}: `auditail ingest PATH` makes it"
    else:
        yield f"scanner   {_scanner(health, now)}"
        yield f"store     {path}, {_store(health)}"
        yield f"read      {counted(health.duplicates, 'duplicate')}, {counted(health.redacted, 'credential')} replaced"
        yield f"unread    {_quarantine(health)}"
        yield ""
        yield "sources" if health.sources else "sources   none yet: `auditail ingest PATH` adds one"
        for source in health.sources:
            yield f"  {_source(source, now)}"
    yield ""
    yield "settings in force"
    yield from _settings(loaded)


def _scanner(health: Health, now_us: int) -> str:
    scanner: ScannerHealth = health.scanner
    if not scanner.running:
        times = [source.last_event_us for source in health.sources if source.last_event_us is not None]
        return f"not running, last ingested {words.ago(now_us - max(times))}" if times else "not running"
    lag = "" if scanner.lag_ms is None else f", lag {scanner.lag_ms} ms"
    reason = f" ({scanner.watcher_reason})" if scanner.watcher_reason else ""
    return f"running, pid {scanner.pid}, {scanner.watcher}{reason}, {words.rate(scanner.events_per_second)}{lag}"


def _store(health: Health) -> str:
    store = health.store
    size, free = words.size(store.bytes + store.wal_bytes), words.size(store.disk_free_bytes)
    return f"{counted(store.events, 'event')}, {size}, schema {store.schema_version}, {free} free"


def _quarantine(health: Health) -> str:
    if not health.quarantined:
        return "nothing in quarantine"
    return f"{counted(health.quarantined, 'record')} that could not be read: see `auditail quarantine list`"


def _source(source: SourceHealth, now_us: int) -> str:
    last = "" if source.last_event_us is None else f", last {words.ago(now_us - source.last_event_us)}"
    formats = f", {' '.join(source.formats)}" if source.formats else ""
    reason = f": {source.reason}" if source.reason else ""
    read = f"{counted(source.files, 'file')}, {counted(source.events, 'event')}"
    return f"{source.path}  {source.state}{reason}  {read}{formats}{last}"


def _settings(loaded: Loaded) -> Iterator[str]:
    rows = [(key, _value(value), origin) for key, value, origin in settings_in_force(loaded)]
    key_width = max(len(key) for key, _, _ in rows)
    value_width = min(40, max(len(value) for _, value, _ in rows))
    for key, value, origin in rows:
        yield f"  {key:<{key_width}}  {value:<{value_width}}  {origin}"
    for key, instead in not_in_force(loaded):
        yield f"  {key} is set but not yet in force: {instead}"
    if loaded.notice:
        yield f"  {loaded.notice}"


def _value(value: Any) -> str:
    return "-" if value is None else json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)
