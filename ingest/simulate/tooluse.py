"""How a tool call looks in the log: one row, or a call and its result; and the small mishaps of every day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from ingest.simulate.cast import Tool
    from ingest.simulate.conversation import Conversation
    from ingest.simulate.stage import Beat, Event

PAIRED_SERVERS: Final = frozenset({"shop", "github", "browser", "warehouse"})
"""Servers that log a call when it starts and its result when it ends; the others log one row at the end."""

_MISHAP: Final = 0.026
_TIMEOUT: Final = 0.2
"""Share of mishaps that are timeouts."""
_DENIAL: Final = 0.018

_FAILURES: Final = {
    "github": "rate limit reached · resets in 41 s",
    "browser": "HTTP 503 from upstream",
    "shop": "409 order was changed meanwhile",
    "billing": "payment provider answered 502",
    "content": "409 revision is not the newest",
    "ci": "exit code 1 · 3 tests failed",
    "warehouse": "relation is locked by a load",
}


def call(
    talk: Conversation,
    tool: Tool,
    message: str,
    *,
    result: str | None = None,
    arguments: Event | None = None,
    cleared: bool = False,
) -> Generator[Beat, None, str | None]:
    """Tell one tool call and give back the span of the call, or None where it failed or was denied.

    `message` describes the outcome of a one-row call, and the question of a paired one, whose outcome is `result`.
    A `cleared` call has had its permission check and is never denied.
    """
    stage = talk.stage
    talk.pause(8, 90)
    if not cleared and stage.chance(_DENIAL):
        yield talk.checks_permission(tool, allowed=False)
        return None
    if stage.chance(_MISHAP):
        yield from _mishap(talk, tool, arguments)
        return None
    span = stage.token(64)
    metadata: Event | None = {"arguments": arguments} if arguments is not None else None
    if tool.server in PAIRED_SERVERS:
        yield from _pair(talk, tool, message, result or message, span=span, metadata=metadata)
    else:
        yield talk.event(
            "mcp.tool_call",
            result or message,
            tool=tool,
            took_ms=stage.around(tool.typical_ms),
            span=span,
            parent=talk.model_span,
            metadata=metadata,
        )
    return span


def _pair(
    talk: Conversation, tool: Tool, question: str, outcome: str, *, span: str, metadata: Event | None
) -> Iterator[Beat]:
    call_id = f"call_{talk.stage.token(48)}"
    took_ms = talk.stage.around(tool.typical_ms)
    yield talk.event(
        "mcp.tool_call",
        question,
        status=None,
        tool=tool,
        span=span,
        parent=talk.model_span,
        metadata=metadata,
        call_id=call_id,
    )
    yield talk.event("mcp.tool_result", outcome, tool=tool, took_ms=took_ms, parent=span, call_id=call_id)


def _mishap(talk: Conversation, tool: Tool, arguments: Event | None) -> Iterator[Beat]:
    """Tell a call that failed or gave no answer; sometimes the agent says so itself."""
    stage = talk.stage
    span = stage.token(64)
    slow = stage.chance(_TIMEOUT)
    reason = "no answer after 10 s" if slow else _FAILURES.get(tool.server, "tool answered with an error")
    yield talk.event(
        "mcp.tool_call",
        reason,
        status="timeout" if slow else "failure",
        tool=tool,
        took_ms=10_000 if slow else stage.around(tool.typical_ms),
        span=span,
        parent=talk.model_span,
        metadata={"arguments": arguments or {}, "error": {"kind": "timeout" if slow else "tool", "retryable": True}},
    )
    if stage.chance(0.25):
        yield talk.stumbles(f"ToolError: {tool.name}: {reason}", tool, span)
