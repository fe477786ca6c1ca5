"""Invented events that look like a small agent platform's day; deterministic for a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from store.events import EventSummary, Status, trouble_of

if TYPE_CHECKING:
    from collections.abc import Iterator

MILLI: Final = 1000
SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND

FROZEN_US: Final = 1_795_356_126_204_000
"""2026-11-22 14:02:06.204 UTC: the moment at which frozen tests live."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What one kind of event looks like."""

    event_type: str
    agent: str | None
    user: str | None
    tenant: str
    tool: str | None
    server: str | None
    duration_ms: float | None
    status: Status | None
    message: str
    weight: int = 10


SHAPES: Final = (
    Shape("mcp.tool_call", "code-reviewer", "ci", "acme", "get_diff", "github", 388, "success", "PR #4127 · 14 files"),
    Shape("file.read", "code-reviewer", "ci", "acme", "read_file", "fs", 6, "success", "services/auth/session.py"),
    Shape("agent.message", "support-bot", "mei", "globex", None, None, None, "success", "where is my invoice?"),
    Shape("mcp.auth_check", "support-bot", "mei", "globex", "find_invoice", "billing", 2, "success", "invoices:read"),
    Shape("mcp.tool_call", "support-bot", "mei", "globex", "find_invoice", "billing", 271, "success", "1 page"),
    Shape("api.request", "content-writer", "bob", "acme", None, None, 1400, "success", "POST /v1/messages · 200", 14),
    Shape("mcp.tool_call", "code-reviewer", "ci", "acme", "run_tests", "ci", 30_000, "timeout", "no answer in 30 s", 1),
    Shape(
        "agent.error", "code-reviewer", "ci", "acme", "run_tests", "ci", None, "failure", "TimeoutError: no result", 1
    ),
    Shape("content.create", "content-writer", "bob", "acme", "create_content", "content", 8, "success", "post p_5512"),
    Shape("permission.check", "support-bot", "mallory", "acme", "delete_user", "identity", 2, "denied", "no right", 2),
    Shape("auth.failed", None, "root", "globex", None, None, 14, "failure", "bad password · 198.51.100.23", 2),
    Shape("mcp.tool_call", "research-agent", "yuki", "initech", "web_search", "browser", 1200, "success", "10 results"),
    Shape("file.write", "code-reviewer", "ci", "acme", "write_file", "fs", 11, "success", "reviews/4127.md · 3.2 KB"),
    Shape(
        "mcp.tool_call", "billing-assistant", "dmitri", "globex", "list_payments", "billing", 421, "success", "118 paid"
    ),
    Shape("agent.response", "research-agent", "yuki", "initech", None, None, 3900, "success", "CC7.2 asks that"),
    Shape(
        "mcp.tool_call", "content-writer", "bob", "acme", "publish_content", "content", None, "pending", "waiting", 2
    ),
    Shape("auth.token_issued", None, "alice", "acme", None, None, 19, "success", "scopes orders:read, content:write"),
    Shape("mcp.tool_result", "support-bot", "alice", "acme", "query_orders", "shop", 167, "success", "3 rows · 2.4 KB"),
    Shape("content.update", "content-writer", "bob", "acme", "update_content", "content", 41, "success", "title, body"),
)
_WEIGHTS: Final = [shape.weight for shape in SHAPES]


def event_of(shape: Shape, *, seq: int, ts_us: int, arrived_us: int | None = None) -> EventSummary:
    """Return an event of that shape; its id sorts by time, then by arrival, as the store's ids do."""
    return EventSummary(
        id=ts_us * 4096 + seq % 4096,
        seq=seq,
        ts_us=ts_us,
        arrived_us=ts_us if arrived_us is None else arrived_us,
        event_type=shape.event_type,
        agent_id=shape.agent,
        user_id=shape.user,
        tenant_id=shape.tenant,
        resource_tenant_id=None,
        tool=shape.tool,
        server=shape.server,
        model=None,
        status=shape.status,
        duration_us=None if shape.duration_ms is None else int(shape.duration_ms * MILLI),
        trouble=trouble_of(shape.event_type, shape.status),
        message=shape.message,
    )


def made_up(
    number: int, *, end_us: int = FROZEN_US, step_us: int = SECOND // 4, seed: int = 1
) -> Iterator[EventSummary]:
    """Yield `number` events, the last at `end_us`, one every `step_us` give or take, `seq` counting from 1."""
    dice = random.Random(seed)
    for seq in range(1, number + 1):
        wobble = 0 if seq == number else dice.randrange(step_us)
        ts_us = end_us - (number - seq) * step_us - wobble
        yield event_of(dice.choices(SHAPES, _WEIGHTS)[0], seq=seq, ts_us=ts_us)


def one_of_each(*, end_us: int = FROZEN_US, step_us: int = SECOND // 4) -> tuple[EventSummary, ...]:
    """Return one event of every shape, the last at `end_us`."""
    last = len(SHAPES)
    return tuple(
        event_of(shape, seq=number, ts_us=end_us - (last - number) * step_us) for number, shape in enumerate(SHAPES, 1)
    )
