"""The usual native line, straight from its bytes. Whatever is unusual is left to the careful way, with equal results.

A typed parser reads the line into a struct in one step; that costs a third of building a dictionary and looking at
each of its keys. It refuses unknown keys and other types than the usual ones, and then nothing has been lost but time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal, cast

import msgspec
from msgspec import Meta, Raw
from msgspec.structs import astuple

from ingest.decode import has_long_integer
from ingest.formats.native_scope import call_scope
from ingest.formats.protocol import PlainKeys
from ingest.formats.quantities import LARGEST
from ingest.formats.timestamps import UnreadableTime, parse_timestamp
from store.events import NewEvent

_Text = Annotated[str, Meta(min_length=1)]
"""An empty text stands for none, which is the careful way's affair."""
_Count = Annotated[int, Meta(ge=0, le=LARGEST)]
_Milliseconds = Annotated[int, Meta(ge=0, le=LARGEST // 1000)]
_Status = Literal["success", "failure", "denied", "pending", "timeout"]


_NO_METADATA: Final = Raw(b"")


class _Line(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """The keys of a native record, in the order in which `NewEvent` takes them."""

    event_type: _Text
    timestamp: str
    agent_id: _Text | None = None
    user_id: _Text | None = None
    tenant_id: _Text | None = None
    resource_tenant_id: _Text | None = None
    host: _Text | None = None
    tool: _Text | None = None
    server: _Text | None = None
    model: _Text | None = None
    duration_ms: _Milliseconds | None = None
    input_tokens: _Count | None = None
    output_tokens: _Count | None = None
    cache_read_tokens: _Count | None = None
    cache_write_tokens: _Count | None = None
    cost_microusd: _Count | None = None
    event_id: _Text | None = None
    call_id: _Text | None = None
    request_id: _Text | None = None
    session_id: _Text | None = None
    trace_id: _Text | None = None
    span_id: _Text | None = None
    parent_id: _Text | None = None
    message: _Text | None = None
    status: _Status | None = None
    metadata: Raw = _NO_METADATA


_MANY_KEYS: Final = 50
"""Keys inside `metadata` beyond which a line is read the careful way, which looks at depth."""
_MANY_BRACKETS: Final = 60
"""Brackets of a line with objects inside `metadata` beyond which the same is done: fewer cannot nest too deeply."""
_FIELDS: Final = len(_Line.__struct_fields__) - 1
_decode_line: Final = msgspec.json.Decoder(_Line).decode
_decode_metadata: Final = msgspec.json.Decoder(dict[str, Any]).decode


def read_usual_line(raw: bytes, plain_keys: PlainKeys) -> NewEvent | None:
    """Return the event of a native line, None where the line must be read the careful way.

    No key is given twice where there are as many `":` as keys.
    """
    try:
        line = _decode_line(raw)
        values = astuple(line)
        ts_us, naive = parse_timestamp(values[1])
        stated = bytes(line.metadata)
        metadata = _decode_metadata(stated) if stated else None
    except (msgspec.DecodeError, UnreadableTime, UnicodeDecodeError, RecursionError):
        return None  # the careful way says what is wrong, and with RecursionError: that it is nested too deeply
    missing = raw.count(b'":') - _FIELDS + values.count(None)
    if missing > _MANY_KEYS or has_long_integer(stated):
        return None
    if metadata is not None:
        flat = missing == len(metadata) + 1
        if not flat and raw.count(b"{") + raw.count(b"[") > _MANY_BRACKETS:
            return None
        keys = (*metadata,) if flat else tuple(_all_keys(metadata))
        missing -= len(keys) + 1
        if not plain_keys(keys):
            return None
    if missing or naive or _splits(line.tool):
        return None
    duration_us = _microseconds(line.duration_ms)
    fields: tuple[Any, ...] = (*values[2:10], duration_us, *values[11:16], b"", *values[16:25])
    event = NewEvent(line.event_type, *fields)
    event.ts_us = ts_us
    event.metadata = metadata
    event.metadata_text = stated.decode() if stated else None
    if event.call_id is not None:
        event.call_scope = call_scope(event)
    return event


def _all_keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        yield from members
        for member in members.values():
            yield from _all_keys(member)
    elif isinstance(value, list):
        for item in cast("list[object]", value):
            yield from _all_keys(item)


def _splits(tool: str | None) -> bool:
    return tool is not None and tool.startswith("mcp__")


def _microseconds(milliseconds: int | None) -> int | None:
    return None if milliseconds is None else milliseconds * 1000
