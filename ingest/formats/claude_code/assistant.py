"""Lines of type `assistant`: what the model said, thought and called, and the tokens that it took."""

from __future__ import annotations

from typing import Any, Final

from ingest.formats.claude_code.binary import without_binary
from ingest.formats.claude_code.blocks import Blocks
from ingest.formats.claude_code.line import Line
from ingest.formats.claude_code.tools import call_line, server_and_tool, target_of
from ingest.formats.claude_code.wording import name_of, object_of, one_line, text_of
from ingest.formats.quantities import whole_number
from store.events import NewEvent
from store.threads.step import STARTERS

_NO_MODEL: Final = "<synthetic>"
"""Model of a text that the program itself wrote; no request was made for it."""
_TOKENS: Final = {
    "input_tokens": "input_tokens",
    "output_tokens": "output_tokens",
    "cache_read_input_tokens": "cache_read_tokens",
    "cache_creation_input_tokens": "cache_write_tokens",
}


def read_assistant(line: Line) -> list[NewEvent]:
    """Return one event per content block, and one for the usage that the line states."""
    message = object_of(line.record, "message")
    model = text_of(message, "model")
    events: list[NewEvent] = []
    blocks = Blocks.of(message.get("content"))
    for index, block in blocks.objects:
        event = _block(line, message, index, block)
        if event is not None:
            event.model = None if model == _NO_MODEL else model
            events.append(event)
    usage = object_of(message, "usage")
    if usage and model != _NO_MODEL and line.record.get("isApiErrorMessage") is not True:
        events += _usage(line, message, usage)
    return blocks.finish(line, events)


def _block(line: Line, message: dict[str, Any], index: int, block: dict[str, Any]) -> NewEvent | None:
    kind = block.get("type")
    if kind == "text":
        return _text(line, message, index, block)
    if kind in ("tool_use", "server_tool_use", "mcp_tool_use"):
        return _tool_use(line, message, index, block)
    if kind in ("thinking", "redacted_thinking"):
        return _thinking(line, message, index, block)
    event = line.event(
        f"system.claude_code.{name_of(kind)}",
        f"block:{index}",
        block=without_binary(block),
        message_id=message.get("id"),
    )
    event.message = one_line(text_of(block, "text"))
    return event


def _text(line: Line, message: dict[str, Any], index: int, block: dict[str, Any]) -> NewEvent:
    text = block.get("text")
    failed = line.record.get("isApiErrorMessage") is True
    event = line.event(
        "agent.error" if failed else "agent.response",
        f"{'error' if failed else 'text'}:{index}",
        text=text,
        citations=block.get("citations"),
        message_id=message.get("id"),
    )
    event.status = "failure" if failed else None
    event.message = one_line(text) if type(text) is str else None
    return event


def _thinking(line: Line, message: dict[str, Any], index: int, block: dict[str, Any]) -> NewEvent:
    """Keep a thought as an event of its own; its signature is of use to the model's provider only and is left out."""
    text = text_of(block, "thinking")
    encrypted = text_of(block, "data")
    event = line.event(
        "system.claude_code.thinking",
        f"thinking:{index}",
        thinking=text,
        redacted_characters=len(encrypted) if encrypted else None,
        message_id=message.get("id"),
    )
    event.message = one_line(text)
    return event


def _tool_use(line: Line, message: dict[str, Any], index: int, block: dict[str, Any]) -> NewEvent:
    name = text_of(block, "name") or "unknown"
    tool_input = object_of(block, "input")
    server, tool = server_and_tool(name)
    event = line.event("mcp.tool_call", f"call:{index}", input=without_binary(block.get("input")), uuid=line.uuid)
    event.server, event.tool = server, tool
    event.message = call_line(tool_input)
    event.parent_id = text_of(message, "id") or line.uuid
    call_id = text_of(block, "id")
    if call_id is not None:
        event.event_id = f"{call_id}:call"
        event.call_id = event.span_id = call_id
        line.memory.remember_tool(call_id, server, tool, target_of(tool, tool_input))
        prompt = text_of(tool_input, "prompt")
        if tool in STARTERS and prompt is not None:
            line.memory.remember_prompt(prompt, call_id)
    return event


def _usage(line: Line, message: dict[str, Any], usage: dict[str, Any]) -> list[NewEvent]:
    """Return the request that a message came from, with the message's running total of tokens.

    Each line of a message repeats the usage, larger than before or not: the id holds the totals, and `usage_key` lets
    the store keep only what is new. A total that the line before stated already gives nothing.
    """
    tokens = {key: whole_number(usage.get(key)) for key in _TOKENS}
    totals = "-".join(str(number or 0) for number in tokens.values())
    message_id = text_of(message, "id")
    if message_id is not None and not line.memory.is_new_total(message_id, totals):
        return []
    others = {key: value for key, value in usage.items() if value is not None and tokens.get(key) is None}
    event = line.event("api.request", "usage", usage=others or None, stop_reason=message.get("stop_reason"))
    for key, column in _TOKENS.items():
        setattr(event, column, tokens[key])
    event.model = text_of(message, "model")
    event.status = "success"
    if message_id is not None:
        event.event_id = f"{message_id}:usage:{totals}"
        event.usage_key = f"claude:{message_id}"
        event.span_id = message_id
    return [event]
