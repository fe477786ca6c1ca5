"""Results of tools: their status, refusals that only their text tells, and the file or page that was touched."""

from __future__ import annotations

from typing import Any, cast

from ingest.formats.claude_code.binary import without_binary
from ingest.formats.claude_code.denials import decider_of
from ingest.formats.claude_code.line import Line
from ingest.formats.claude_code.tools import derived_type
from ingest.formats.claude_code.wording import object_of, one_line, plain_text, text_of
from ingest.formats.quantities import scaled_number
from store.events import NewEvent


def read_results(line: Line, results: list[tuple[int, dict[str, Any]]], others: list[dict[str, Any]]) -> list[NewEvent]:
    """Return, for every result, the refusal if it was one, the result, and what it did to a file or page.

    `others` are the remaining blocks of the line, remarks on the first result; they are kept with it.
    """
    events: list[NewEvent] = []
    for index, block in results:
        events += _result(line, index, block, others)
        others = []
    return events


def _result(line: Line, index: int, block: dict[str, Any], remarks: list[dict[str, Any]]) -> list[NewEvent]:
    content = block.get("content")
    text = plain_text(content)
    failed = block.get("is_error") is True
    decider = decider_of(text) if failed else None
    call_id = text_of(block, "tool_use_id")
    server, tool, target = line.memory.tool(call_id) if call_id else (None, None, None)

    detail = _detail(line, index, text)
    event = line.event(
        "mcp.tool_result",
        f"result:{index}",
        result=without_binary(content),
        remarks=without_binary(remarks) if remarks else None,
        decider=decider,
        **detail,
    )
    event.server, event.tool = server, tool
    event.status = "denied" if decider else "failure" if failed else "success"
    event.message = one_line(text)
    event.duration_us = _duration_us(line) if index == 0 else None
    if call_id is not None:
        event.event_id = f"{call_id}:result"
        event.call_id = call_id
    if decider:
        return [_denied(line, event, decider), event]
    derived = None if failed else _derived(line, event, target)
    return [event, derived] if derived else [event]


def _detail(line: Line, index: int, text: str) -> dict[str, Any]:
    """Return the tool's own account of its result, without what the result says already."""
    account = line.record.get("toolUseResult")
    if account is None or index != 0:
        return {}
    if type(account) is str:
        return {} if account.removeprefix("Error: ") == text else {"toolUseResult": account}
    if type(account) is not dict:
        return {"toolUseResult": without_binary(account)}
    stated = cast("dict[str, Any]", account)
    kept = {key: value for key, value in stated.items() if not (text and value == text)}
    detail: dict[str, Any] = {"toolUseResult": without_binary(kept)} if kept else {}
    child = text_of(stated, "agentId")
    if child is not None:
        detail["child_agent_id"] = child
    return detail


def _duration_us(line: Line) -> int | None:
    """Return how long the tool says that it took; None where it says nothing, which is usual."""
    account = object_of(line.record, "toolUseResult")
    stated = account.get("totalDurationMs", account.get("durationMs"))
    scaled = scaled_number(stated, 1_000) if type(stated) is not str else None
    return scaled[0] if scaled else None


def _denied(line: Line, result: NewEvent, decider: str) -> NewEvent:
    event = line.event("permission.denied", "denied", decider=decider, tool_use_id=result.call_id, inferred=True)
    event.server, event.tool = result.server, result.tool
    event.status = "denied"
    event.message = result.message
    return _beside_call(event, result, "denied")


def _derived(line: Line, result: NewEvent, target: str | None) -> NewEvent | None:
    """Return the file or page event of a call that succeeded; a refused or failed call touched nothing."""
    event_type = derived_type(result.server, result.tool)
    if event_type is None:
        return None
    key = "path" if event_type.startswith("file.") else "url"
    target = target or line.common.get("cwd")
    event = line.event(event_type, "derived", derived=True, by_tool=result.tool, tool_use_id=result.call_id)
    event.metadata = {**(event.metadata or {}), key: target}
    event.status = "success"
    event.message = one_line(target)
    return _beside_call(event, result, event_type)


def _beside_call(event: NewEvent, result: NewEvent, kind: str) -> NewEvent:
    """Hang an event that a result implies on the call; it is no step of its own."""
    event.span_id = None
    if result.call_id is not None:
        event.event_id = f"{result.call_id}:{kind}"
        event.parent_id = result.call_id
    return event
