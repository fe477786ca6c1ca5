"""An order that a support agent looks for: a timeout, a retry, a sub-agent that is denied something; 25 rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from store.events import EventSummary, trouble_of
from store.threads.model import Tokens
from store.threads.step import Step
from tests.pilot.made_up_events import FROZEN_US, MILLI, SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGIN_US: Final = FROZEN_US - 40 * SECOND
REQUEST: Final = "req_7f31c02"
SESSION: Final = "ses_44d0a91"

_Told = tuple[int, str, str | None, str | None, str | None, int | None, str, dict[str, Any]]

_STORY: Final[tuple[_Told, ...]] = (
    (0, "agent.message", None, None, "success", None, "where is order o_77813?", {"span": "root"}),
    (90, "permission.check", "query_orders", "shop", "success", 3, "allowed by support-read", {}),
    (1500, "api.request", None, None, "success", 1380, "POST /v1/messages", {"span": "m1", "in": 3120, "cost": 14_200}),
    (1510, "mcp.auth_check", "query_orders", "shop", "success", 2, "scope orders:read", {"parent": "m1"}),
    (1520, "mcp.tool_call", "query_orders", "shop", None, None, "orders of c_9812", {"parent": "m1", "call": "c1"}),
    (1704, "mcp.tool_result", "query_orders", "shop", "success", 184, "1 row · 0.8 KB", {"call": "c1"}),
    (1710, "file.read", "read_file", "fs", "success", 6, "templates/order-status.md · 2 KB", {"parent": "m1"}),
    (3720, "mcp.tool_call", "track_parcel", "carrier", "timeout", 2000, "no answer", {"parent": "m1", "span": "t1"}),
    (3730, "agent.error", "track_parcel", "carrier", "failure", None, "TimeoutError: gave no answer", {"parent": "t1"}),
    (5100, "api.request", None, None, "success", 1200, "POST · retry", {"span": "m2", "in": 3602, "cost": 13_100}),
    (5120, "mcp.tool_call", "track_parcel", "carrier", None, None, "JD0146…9921", {"parent": "m2", "call": "c2"}),
    (5760, "mcp.tool_result", "track_parcel", "carrier", "success", 640, "in transit · depot Lyon", {"call": "c2"}),
    (5770, "mcp.tool_call", "Task", "builtin", None, None, "estimate the time", {"parent": "m2", "call": "c3"}),
    (6600, "api.request", None, None, "success", 800, "", {"span": "s1", "parent": "c3", "agent": "eta", "in": 1204}),
    (6640, "mcp.tool_call", "history", "carrier", None, None, "JD0146", {"parent": "s1", "agent": "eta", "call": "c4"}),
    (7060, "mcp.tool_result", "history", "carrier", "success", 420, "212 rows · 18 KB", {"agent": "eta", "call": "c4"}),
    (7100, "permission.check", "weather", "geo", "denied", 2, "role lacks geo:read", {"parent": "s1", "agent": "eta"}),
    (8400, "agent.response", None, None, "success", 1300, "likely Thursday", {"parent": "s1", "agent": "eta"}),
    (8410, "mcp.tool_result", "Task", "builtin", "success", 2640, "likely Thursday", {"call": "c3"}),
    (8450, "mcp.tool_call", "update_order", "shop", "success", 31, "note on order o_77813", {"parent": "m2"}),
    (8500, "mcp.tool_call", "notify", "shop", None, None, "tell alice", {"parent": "m2", "call": "c5"}),
    (10100, "agent.response", None, None, "success", 1600, "Your order is in Lyon.", {"in": 486, "cost": 7_300}),
)
_LATER: Final[tuple[_Told, ...]] = (
    (30_000, "agent.message", None, None, "success", None, "thank you!", {"span": "r2", "request": "req_2"}),
    (31_500, "agent.response", None, None, "success", 900, "You are welcome.", {"parent": "r2", "request": "req_2"}),
)


def story() -> Iterator[Step]:
    """Yield the steps of the request, then those of a later one in the same session."""
    for seq, told in enumerate((*_STORY, *_LATER), 1):
        yield _step(seq, told)
    first = _step(5, _STORY[4])
    yield Step(
        event=_summary(90, _STORY[4]),
        format="claude_hooks",
        counts=0,
        call_id=first.call_id,
        request_id=REQUEST,
        session_id=SESSION,
    )


def _step(seq: int, told: _Told) -> Step:
    more = told[-1]
    return Step(
        event=_summary(seq, told),
        format="native",
        call_id=more.get("call"),
        request_id=more.get("request", REQUEST),
        session_id=SESSION,
        span_id=more.get("span", f"span-{seq}"),
        parent_id=more.get("parent", None if "span" in more and more["span"] in ("root", "r2") else "root"),
        tokens=Tokens(input=more.get("in", 0)),
        cost_microusd=more.get("cost"),
    )


def _summary(seq: int, told: _Told) -> EventSummary:
    at_ms, event_type, tool, server, status, took_ms, message, more = told
    ts_us = BEGIN_US + at_ms * MILLI
    return EventSummary(
        id=ts_us * 4096 + seq,
        seq=seq,
        ts_us=ts_us,
        arrived_us=ts_us,
        event_type=event_type,
        agent_id=more.get("agent", "support-bot"),
        user_id="alice",
        tenant_id="acme",
        resource_tenant_id=None,
        tool=tool,
        server=server,
        model="claude-sonnet-4-5" if event_type == "api.request" else None,
        status=status,  # pyright: ignore[reportArgumentType]  (the story's texts are statuses)
        duration_us=None if took_ms is None else took_ms * MILLI,
        trouble=trouble_of(event_type, status),
        message=message or None,
    )
