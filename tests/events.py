"""Events, sources and stores for the tests of the store: real files, and short words for what they need."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from store.batch import Checkpoint, SourceBatch
from store.events import NewEvent
from store.ids import DIGEST_SIZE
from store.pricing.pricer import Pricer
from store.query.quarantined import Wanted
from store.reader import StoreReader
from store.scope import EVERYTHING, Scope
from store.service import QuarantineEntry
from store.store import Store

BASE_US: Final = 1_795_356_126_000_000
"""2026-11-22 14:02:06 UTC: when these events begin."""
SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
ARRIVED_US: Final = BASE_US + 24 * 60 * MINUTE
"""What the store's clock says."""


SAMPLE: Final[dict[str, Any]] = {
    "timestamp": "2026-01-27T10:30:00Z",
    "event_type": "mcp.tool_call",
    "agent_id": "assistant",
    "user_id": "user_123",
    "tenant_id": "tenant_456",
    "tool": "create_content",
    "server": "content-server",
    "duration_ms": 234,
    "status": "success",
    "metadata": {"content_id": "post_789", "title": "New Blog Post"},
}
"""The event of the original document."""


def open_store(folder: Path, pricer: Pricer | None = None) -> Store:
    """Open (or create) the store of a test's folder, with a clock that stands still."""
    return Store.open(folder / "events.db", clock=lambda: ARRIVED_US, pricer=pricer)


def open_reader(folder: Path, *tenants: str) -> StoreReader:
    """Open that store for reading; with tenants, limited to them."""
    return StoreReader.open(folder / "events.db", Scope(tenants) if tenants else EVERYTHING, clock=lambda: ARRIVED_US)


def add_source(store: Store, path: bytes = b"/logs/a.jsonl") -> int:
    """Register a file with a lineage of its own; return its number."""
    folder = store.sources.add_folder(b"/logs", "folder", "watch")
    return store.sources.add_many([(folder.folder_no, path, digest_of(path.decode()))])[0]


def digest_of(text: str) -> bytes:
    """Return what stands for the hash of a record's bytes."""
    return blake2b(text.encode("utf-8", "backslashreplace"), digest_size=DIGEST_SIZE).digest()


def line(text: str = "a line", ts_us: int | None = BASE_US, **fields: Any) -> NewEvent:
    """Return the event of a line: equal texts are equal lines. Without a time it counts as inferred."""
    fields.setdefault("event_type", "agent.message")
    fields.setdefault("message", text)
    fields.setdefault("ts_inferred", ts_us is None)
    return NewEvent(digest=digest_of(text), ts_us=ARRIVED_US if ts_us is None else ts_us, **fields)


def call(call_id: str | None = "call-1", ts_us: int = BASE_US, **fields: Any) -> NewEvent:
    """Return a tool call."""
    fields.setdefault("status", "pending")
    return line(f"call {call_id} {ts_us}", ts_us, event_type="mcp.tool_call", call_id=call_id, **fields)


def result(call_id: str | None = "call-1", ts_us: int = BASE_US + SECOND, **fields: Any) -> NewEvent:
    """Return a tool's result."""
    fields.setdefault("status", "success")
    return line(f"result {call_id} {ts_us}", ts_us, event_type="mcp.tool_result", call_id=call_id, **fields)


def batch(source_no: int, *events: NewEvent, **fields: Any) -> SourceBatch:
    """Return a batch of one source, in generation 0 of the native format if nothing else is said."""
    fields.setdefault("generation", 0)
    fields.setdefault("format", "native")
    return SourceBatch(source_no=source_no, events=list(events), **fields)


def checkpoint(offset: int, **fields: Any) -> Checkpoint:
    """Return a checkpoint at that offset of generation 0."""
    plain: dict[str, Any] = {
        "generation": 0,
        "line": offset // 10,
        "head": b"head",
        "head_size": 4,
        "tail": b"tail",
        "device": 1,
        "inode": 2,
        "size": offset,
        "mtime_ns": 3,
        "format": "native",
        "reader_state": b"{}",
    }
    return Checkpoint(offset=offset, **(plain | fields))


def rows_of(store: Store, columns: str, order: str = "seq") -> list[tuple[Any, ...]]:
    """Return columns of all stored events."""
    return store.connection.execute(f"SELECT {columns} FROM event ORDER BY {order}").fetchall()


def quarantine_entries(
    reader: StoreReader, limit: int | None = None, reason: str | None = None
) -> list[QuarantineEntry]:
    """Return quarantined records with their bytes, newest first; `reason` keeps those whose reason contains it."""
    rows = reader.quarantined.rows(Wanted(reason=reason), limit)
    return [entry for row in rows if (entry := reader.quarantined.entry(row.id)) is not None]
