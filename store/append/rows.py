"""From an event to the values of its row."""

from __future__ import annotations

import json
import sqlite3
from hashlib import blake2b
from typing import Any, Final

from store.append.prepared import Names, names_of, tail_of
from store.events import STATUS_CODES, NewEvent, trouble_of
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
TROUBLE: Final = 1
TENANT: Final = 5
"""Where a row's numbers have them."""
INSERT: Final = f"INSERT INTO event ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"


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
        self._combinations: dict[Names, tuple[Numbers, str]] = {}

    def forget(self) -> None:
        """Drop all cached names."""
        self._combinations.clear()
        for names in self._caches:
            names.forget()

    def build(self, event: NewEvent, place: tuple[int, ...]) -> tuple[Row, str, Numbers]:
        """Return an event's row in the order of `COLUMNS`, its full text, and what `numbers_of` gives of its names.

        `place` is the first eleven values.
        """
        numbers, tokens = self.numbers_of(names_of(event))
        return (*place, *numbers, *tail_of(event)), f"{tokens} {event.indexed or indexed_text(event)}", numbers

    def numbers_of(self, names: Names) -> tuple[Numbers, str]:
        """Return a row's values from `status` to `model_no`, and their tokens."""
        known = self._combinations.get(names)
        return self._combine(names) if known is None else known

    def _combine(self, combination: Names) -> tuple[Numbers, str]:
        status, texts = combination
        names = tuple(column[text] for column, text in zip(self._columns, texts, strict=True))
        numbers = (STATUS_CODES[status], trouble_of(texts[0] or "", status), *names)
        if len(self._combinations) >= _COMBINATIONS:
            self._combinations.clear()
        known = self._combinations[combination] = (numbers, indexed_numbers(*numbers))
        return known
