"""From an event to the values of its row."""

from __future__ import annotations

import json
import sqlite3
from hashlib import blake2b
from typing import Any, Final

import orjson
from msgspec.structs import astuple

from store.events import STATUS_CODES, NewEvent
from store.ids import DIGEST_SIZE
from store.names import NameKind, WriterNames
from store.tokens import indexed_numbers, indexed_text

Row = tuple[Any, ...]

COLUMNS: Final = (
    "id", "seq", "ts_us", "arrived_us", "source_no", "generation", "format_no", "byte_offset",
    "counts", "outcome", "occurrence", "status", "trouble",
    "type_no", "agent_no", "user_no", "tenant_no", "resource_tenant_no", "host_no", "tool_no", "server_no", "model_no",
    "duration_us", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "cost_microusd",
    "digest", "producer_id", "call_id", "request_id", "session_id", "trace_id", "span_id", "parent_id",
    "message", "metadata",
)  # fmt: skip
_NAMED: Final = 9
"""The first fields of `NewEvent` are texts that become numbers,"""
_AS_IS: Final = 24
"""and those up to here go into the row as they are."""
TENANT: Final = COLUMNS.index("tenant_no")
INSERT: Final = f"INSERT INTO event ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"


def json_text(value: dict[str, Any]) -> str:
    """Return metadata as JSON text; what the fast writer refuses (integers beyond 64 bits) the slow one takes."""
    try:
        return orjson.dumps(value).decode()
    except (orjson.JSONEncodeError, TypeError):
        return json.dumps(value, ensure_ascii=True, separators=(",", ":"), default=str)


_NOT_CONTENT: Final = frozenset(
    {
        "event_id",
        "digest",
        "occurrence",
        "offset",
        "counts",
        "ts_inferred",
        "metadata_text",
        "call_scope",
        "usage_key",
        "indexed",
    }
)


def content_digest(event: NewEvent) -> bytes:
    """Return 80 bits of a hash of what the producer said: equal for equal content whatever the order of its keys.

    A time that was inferred is not the producer's: the same record in another file would infer another.
    """
    event.whole_metadata()
    fields = {name: value for name, value in event.stated().items() if name not in _NOT_CONTENT}
    if event.ts_inferred:
        fields.pop("ts_us", None)
    text = json.dumps(fields, sort_keys=True, default=str)
    return blake2b(text.encode("utf-8", "backslashreplace"), digest_size=DIGEST_SIZE).digest()


class RowBuilder:
    """Builds rows for one writer: it holds the interned names."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Start with empty caches."""
        kinds = (
            NameKind.TYPE, NameKind.AGENT, NameKind.USER, NameKind.TENANT, NameKind.TENANT,
            NameKind.HOST, NameKind.TOOL, NameKind.SERVER, NameKind.MODEL,
        )  # fmt: skip
        caches = {kind: WriterNames(connection, kind) for kind in NameKind}
        self.formats = caches[NameKind.FORMAT]
        self._caches = tuple(caches.values())
        self._columns = tuple(caches[kind] for kind in kinds)

    def forget(self) -> None:
        """Drop all cached names."""
        for names in self._caches:
            names.forget()

    def build(self, event: NewEvent, place: tuple[int, ...], bits: int) -> tuple[Row, str]:
        """Return the row's values in the order of `COLUMNS`, and its full text; `place` is the first eleven values."""
        values = astuple(event)
        types, agents, users, tenants, resources, hosts, tools, servers, models = self._columns
        numbers = (
            types[values[0]], agents[values[1]], users[values[2]], tenants[values[3]], resources[values[4]],
            hosts[values[5]], tools[values[6]], servers[values[7]], models[values[8]],
        )  # fmt: skip
        status = STATUS_CODES[event.status]
        metadata = event.metadata_text
        if metadata is None and event.metadata is not None:
            metadata = json_text(event.metadata)
        row = (*place, status, bits, *numbers, *values[_NAMED:_AS_IS], metadata)
        return row, f"{indexed_numbers(status, bits, *numbers)} {event.indexed or indexed_text(event)}"
