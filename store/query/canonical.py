"""The canonical JSON form of stored events, made for whole exports: one pass, constant memory."""

from __future__ import annotations

from typing import Any, Final

import orjson
from sqlmodel import col

from store.events import STATUS_NAMES
from store.ids import derived_id
from store.query.access import Access
from store.tables import Event
from store.timestamp_text import timestamp_text

COLUMNS: Final = (
    col(Event.id),
    col(Event.seq),
    col(Event.ts_us),
    col(Event.source_no),
    col(Event.generation),
    col(Event.byte_offset),
    col(Event.format_no),
    col(Event.type_no),
    col(Event.agent_no),
    col(Event.user_no),
    col(Event.tenant_no),
    col(Event.resource_tenant_no),
    col(Event.host_no),
    col(Event.tool_no),
    col(Event.server_no),
    col(Event.model_no),
    col(Event.status),
    col(Event.counts),
    col(Event.outcome),
    col(Event.occurrence),
    col(Event.duration_us),
    col(Event.input_tokens),
    col(Event.output_tokens),
    col(Event.cache_read_tokens),
    col(Event.cache_write_tokens),
    col(Event.cost_microusd),
    col(Event.digest),
    col(Event.producer_id),
    col(Event.call_id),
    col(Event.request_id),
    col(Event.session_id),
    col(Event.trace_id),
    col(Event.span_id),
    col(Event.parent_id),
    col(Event.message),
    col(Event.payload),
)


def duration_ms(duration_us: int | None) -> int | float | None:
    """Return microseconds as milliseconds: a whole number where it is one."""
    if duration_us is None:
        return None
    whole, rest = divmod(duration_us, 1000)
    return whole if not rest else duration_us / 1000


def record(access: Access, row: tuple[Any, ...]) -> dict[str, Any]:
    """Return a row of `COLUMNS` under the canonical names; what has no value is left out, metadata is a Fragment."""
    names = access.names(row[6:16])
    path, lineage = access.source(row[3])
    values: dict[str, Any] = {
        "event_id": row[27] if row[27] is not None else derived_id(row[0], row[26], row[19]),
        "timestamp": timestamp_text(row[2]),
        "event_type": names[row[7]],
        "agent_id": names[row[8]],
        "user_id": names[row[9]],
        "tenant_id": names[row[10]],
        "resource_tenant_id": names[row[11]],
        "host": names[row[12]],
        "tool": names[row[13]],
        "server": names[row[14]],
        "status": STATUS_NAMES[row[16]],
        "duration_ms": duration_ms(row[20]),
        "call_id": row[28],
        "request_id": row[29],
        "session_id": row[30],
        "trace_id": row[31],
        "span_id": row[32],
        "parent_id": row[33],
        "model": names[row[15]],
        "input_tokens": row[21],
        "output_tokens": row[22],
        "cache_read_tokens": row[23],
        "cache_write_tokens": row[24],
        "cost_microusd": row[25],
        "message": row[34],
        "metadata": None if row[35] is None else orjson.Fragment(row[35]),
        "counts": row[17],
        "outcome": row[18],
        "seq": row[1],
        "source": {
            "path": path,
            "lineage": lineage,
            "generation": row[4],
            "offset": row[5],
            "format": names[row[6]],
        },
    }
    return {name: value for name, value in values.items() if value is not None}


def json_bytes(access: Access, row: tuple[Any, ...]) -> bytes:
    """Return a row of `COLUMNS` as one line of JSON."""
    return orjson.dumps(record(access, row))
