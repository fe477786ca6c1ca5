"""From an event to the values of its row."""

from __future__ import annotations

import json
import sqlite3
from hashlib import blake2b
from typing import Any, Final

import orjson
from msgspec.structs import astuple

from store.events import STATUS_CODES, NewEvent, Status, trouble_of
from store.ids import DIGEST_SIZE
from store.names import NameKind, WriterNames
from store.tokens import indexed_numbers, indexed_text

Row = tuple[Any, ...]
Numbers = tuple[int, ...]

_COMBINATIONS: Final = 32_768
"""Combinations of names held in memory."""

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
TROUBLE: Final = COLUMNS.index("trouble")
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
        self._combinations: dict[tuple[Status | None, tuple[Any, ...]], tuple[Numbers, str]] = {}

    def forget(self) -> None:
        """Drop all cached names."""
        self._combinations.clear()
        for names in self._caches:
            names.forget()

    def build(self, event: NewEvent, place: tuple[int, ...]) -> tuple[Row, str]:
        """Return the row's values in the order of `COLUMNS`, and its full text; `place` is the first eleven values."""
        values = astuple(event)
        combination = (event.status, values[:_NAMED])
        known = self._combinations.get(combination)
        if known is None:
            known = self._combine(*combination)
        numbers, tokens = known
        metadata = event.metadata_text
        if metadata is None and event.metadata is not None:
            metadata = json_text(event.metadata)
        row = (*place, *numbers, *values[_NAMED:_AS_IS], metadata)
        return row, f"{tokens} {event.indexed or indexed_text(event)}"

    def _combine(self, status: Status | None, texts: tuple[Any, ...]) -> tuple[Numbers, str]:
        """Return the numbers from `status` to `model_no` and their tokens. Events repeat few combinations of names."""
        names = tuple(column[text] for column, text in zip(self._columns, texts, strict=True))
        numbers = (STATUS_CODES[status], trouble_of(texts[0], status), *names)
        if len(self._combinations) >= _COMBINATIONS:
            self._combinations.clear()
        known = self._combinations[(status, texts)] = (numbers, indexed_numbers(*numbers))
        return known
