"""All lines that are neither a user's nor the assistant's. What is unknown is kept whole under its own name."""

from __future__ import annotations

from ingest.formats.claude_code.binary import without_binary
from ingest.formats.claude_code.line import Line
from ingest.formats.claude_code.permission import mode_events
from ingest.formats.claude_code.wording import name_of, object_of, one_line, plain_text, text_of
from ingest.formats.protocol import JsonObject
from ingest.formats.quantities import scaled_number
from store.events import NewEvent


def read_system(line: Line) -> list[NewEvent]:
    """Return an error of the service as agent.error, everything else under its subtype."""
    subtype = line.record.get("subtype")
    duration = line.rest.pop("durationMs", None)
    if subtype == "api_error":
        event = line.event("agent.error", "error")
        event.status = "failure"
        event.message = one_line(_error_text(line)) or "API error"
    else:
        event = line.event(f"system.claude_code.{'system' if subtype is None else name_of(subtype)}", "system")
        event.message = one_line(plain_text(line.record.get("content")))
    _set_duration(event, duration)
    return [event]


def _error_text(line: Line) -> str | None:
    """Return the innermost message of an error, which may be wrapped several times."""
    found = text_of(line.record, "error") or text_of(line.record, "content")
    inner = line.record
    for _ in range(4):
        inner = object_of(inner, "error") or object_of(inner, "cause")
        found = text_of(inner, "message") or found
    return found


def _set_duration(event: NewEvent, stated: object) -> None:
    scaled = scaled_number(stated, 1_000)
    if scaled is not None:
        event.duration_us = scaled[0]
    if stated is not None and (scaled is None or not scaled[1]) and event.metadata is not None:
        event.metadata["durationMs"] = stated


def read_attachment(line: Line) -> list[NewEvent]:
    """Return a hook's veto as permission.denied, everything else under the attachment's own type."""
    attachment = object_of(line.record, "attachment")
    kind = attachment.get("type")
    if kind != "hook_blocking_error":
        event = line.event(f"system.claude_code.{name_of(kind) if attachment else 'attachment'}", "attachment")
        event.message = one_line(text_of(attachment, "hookName") or plain_text(attachment.get("content")))
        _hang_on_call(line, event, attachment)
        return [event]
    event = line.event(
        "permission.denied", "denied", decider="hook", tool_use_id=attachment.get("toolUseID"), inferred=True
    )
    event.status = "denied"
    name = text_of(attachment, "hookName")
    if name is not None and text_of(attachment, "hookEvent") in ("PreToolUse", "PostToolUse"):
        _, _, tool = name.partition(":")
        server, known, _ = line.memory.tool(text_of(attachment, "toolUseID") or "")
        event.server, event.tool = (server, known) if known else (None, tool or None)
    error = attachment.get("blockingError")
    text = error if type(error) is str else text_of(object_of(attachment, "blockingError"), "blockingError")
    event.message = one_line(text or name)
    _hang_on_call(line, event, attachment)
    return [event]


def _hang_on_call(line: Line, event: NewEvent, told: JsonObject) -> None:
    """Let what a hook did about a call hang under it; hooks of other moments name something that is no call."""
    call_id = text_of(told, "toolUseID")
    if call_id is not None and line.memory.tool(call_id) != (None, None, None):
        event.parent_id = call_id


def read_progress(line: Line) -> list[NewEvent]:
    """Return a hook's run; the other progress lines only move a spinner, and give no event."""
    data = object_of(line.record, "data")
    if data.get("type") != "hook_progress":
        return []
    event = line.event("system.claude_code.hook_progress", "progress")
    event.message = one_line(text_of(data, "hookName") or text_of(data, "command"))
    _hang_on_call(line, event, line.record)
    return [event]


def read_permission_mode(line: Line) -> list[NewEvent]:
    """Return a change of the permission mode; nothing where the line only repeats it."""
    mode = line.rest.pop("permissionMode", None)
    if type(mode) is not str:
        line.rest["permissionMode"] = mode
        return read_any(line)
    return mode_events(line, mode)


def read_any(line: Line) -> list[NewEvent]:
    """Return any other line as one event under its type's name, with the whole record in its metadata."""
    kind = line.record.get("type")
    metadata = {"type": kind} if name_of(kind) != kind else {}
    event = line.event(f"system.claude_code.{name_of(kind)}", "record", **metadata)
    texts = (text_of(line.record, key) for key in ("summary", "lastPrompt", "content", "operation", "prUrl"))
    event.message = one_line(next((text for text in texts if text), None))
    if event.metadata is not None:
        event.metadata |= {
            key: without_binary(line.record[key]) for key in ("message", "toolUseResult") if key in line.record
        }
    return [event]
