"""The JSON Schema of the canonical event, as `auditail schema` prints it and every JSON and CSV output follows it."""

from __future__ import annotations

from typing import Any, Final

_TEXT: Final = {"type": "string"}
_COUNT: Final = {"type": "integer", "minimum": 0}


def _text(about: str) -> dict[str, Any]:
    return {**_TEXT, "description": about}


def _count(about: str) -> dict[str, Any]:
    return {**_COUNT, "description": about}


EVENT_SCHEMA: Final[dict[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "auditail event",
    "description": "One thing an AI agent did. A key that is absent means that its producer stated nothing.",
    "type": "object",
    "required": ["timestamp", "event_type"],
    "properties": {
        "event_id": _text("The producer's id where it is unique by contract, else derived from the record's bytes."),
        "timestamp": {"type": "string", "format": "date-time", "description": "UTC, up to microseconds."},
        "event_type": _text("A dotted name such as mcp.tool_call; names that are not known are kept."),
        "agent_id": _text("The agent that acted."),
        "user_id": _text("The person it acted for."),
        "tenant_id": _text("The tenant it acted for."),
        "resource_tenant_id": _text("Whose resource was touched; differs from tenant_id in a cross-tenant access."),
        "host": _text("The machine it ran on."),
        "tool": _text("The tool that was called."),
        "server": _text("The MCP server that offers the tool."),
        "status": {
            "enum": ["success", "failure", "denied", "pending", "timeout"],
            "description": "How it ended; the producer's own word is in metadata where it differs.",
        },
        "duration_ms": {"type": "number", "minimum": 0, "description": "Milliseconds."},
        "call_id": _text("Pairs a tool call with its result."),
        "request_id": _text("The request that this was part of."),
        "session_id": _text("The session that this was part of."),
        "trace_id": _text("The distributed trace that this was part of."),
        "span_id": _text("This step in the trace."),
        "parent_id": _text("The step above this one."),
        "model": _text("The language model."),
        "input_tokens": _count("Input tokens that were not cached."),
        "output_tokens": _count("Output tokens."),
        "cache_read_tokens": _count("Input tokens read from a cache."),
        "cache_write_tokens": _count("Input tokens written to a cache."),
        "cost_microusd": {"type": "integer", "description": "Cost as reported, in millionths of a US dollar."},
        "message": _text("One readable line."),
        "metadata": {"type": "object", "description": "Everything else, as it was, with credentials replaced."},
        "counts": {
            "enum": [0, 1],
            "description": "0 where this row is not a new occurrence and only adds to an earlier one.",
        },
        "outcome": {"enum": [0, 1], "description": "1 on the one row that settles a call."},
        "seq": {"type": "integer", "minimum": 1, "description": "Order of arrival, without holes."},
        "source": {
            "type": "object",
            "description": "Where the event's bytes are.",
            "properties": {
                "path": _TEXT,
                "lineage": _TEXT,
                "generation": _COUNT,
                "offset": _COUNT,
                "format": _TEXT,
            },
        },
    },
    "additionalProperties": False,
}
"""Properties stand in the order of the canonical output."""

EVENT_FIELDS: Final[tuple[str, ...]] = tuple(EVENT_SCHEMA["properties"])
"""The canonical names, in order: the columns of a CSV."""
