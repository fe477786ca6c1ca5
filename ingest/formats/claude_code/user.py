"""Lines of type `user`: what a person wrote, what tools answered, and what the program says in the user's name."""

from __future__ import annotations

from typing import Any

from ingest.formats.claude_code.binary import without_binary
from ingest.formats.claude_code.blocks import Blocks
from ingest.formats.claude_code.line import Line
from ingest.formats.claude_code.permission import mode_events
from ingest.formats.claude_code.results import read_results
from ingest.formats.claude_code.subagent import Start, start_of
from ingest.formats.claude_code.wording import object_of, one_line, plain_text
from store.events import NewEvent

_RESULT = "tool_result"


def read_user(line: Line) -> list[NewEvent]:
    """Return the results of tools, or else the message; then the permission mode, where the line changes it."""
    content = object_of(line.record, "message").get("content")
    blocks = Blocks.of(content)
    results = [(index, block) for index, block in blocks.objects if block.get("type") == _RESULT]
    others = [block for _, block in blocks.objects if block.get("type") != _RESULT]
    if results:
        events = read_results(line, results, others)
    elif others:
        events = [_message(line, content, others)]
    else:
        events = []
    events = blocks.finish(line, events)
    return events + mode_events(line, line.record.get("permissionMode"))


def _message(line: Line, content: Any, blocks: list[dict[str, Any]]) -> NewEvent:
    text = plain_text(content)
    event_type = _type_of(line)
    start: Start | None = None
    if event_type == "agent.message":
        _start_trace(line)
        start = start_of(line, text)
    attachments = [without_binary(block) for block in blocks if block.get("type") != "text"]
    event = line.event(
        event_type,
        "message",
        text=text or None,
        attachments=attachments or None,
        agent_type=start.agent_type if start else None,
        task=start.description if start else None,
    )
    event.message = one_line(text)
    if start and start.call_id:
        event.parent_id = start.call_id
    return event


def _type_of(line: Line) -> str:
    if line.record.get("isCompactSummary") is True:
        return "system.claude_code.compact_summary"
    return "system.claude_code.meta" if line.record.get("isMeta") is True else "agent.message"


def _start_trace(line: Line) -> None:
    """Let a message of a version that names no prompt begin a trace of its own, named after the message."""
    if line.uuid is not None and type(line.record.get("promptId")) is not str:
        line.start_trace(line.uuid)
