"""One row of a thread as the store has it, before it has a place in the tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from store.events import FINAL_STATUSES, EventSummary
from store.threads.model import NO_TOKENS, Tokens

CALL: Final = "mcp.tool_call"
RESULT: Final = "mcp.tool_result"
REQUEST: Final = "api.request"
MESSAGE: Final = "agent.message"

CHAINED: Final = frozenset({"claude_code"})
"""Formats in which `parent_id` mostly names the line before, not what a step is part of: a chain as long as a session
would make a tree as deep."""


@dataclass(frozen=True, slots=True)
class Step:
    """An event with the ids that tie it to others. `format` is the name of the reader that it came through."""

    event: EventSummary
    format: str
    counts: int = 1
    call_id: str | None = None
    request_id: str | None = None
    session_id: str | None = None
    trace_id: str | None = None
    span_id: str | None = None
    parent_id: str | None = None
    tokens: Tokens = NO_TOKENS
    cost_microusd: int | None = None
    timed: bool = True
    """False where its time was inferred, and lies so far out that it would stretch the thread."""

    @property
    def kind(self) -> str:
        """Its type."""
        return self.event.event_type

    @property
    def settled(self) -> bool:
        """Whether its status is a final one."""
        return self.event.status in FINAL_STATUSES

    def in_one_context(self, other: Step) -> bool:
        """Return whether a call id that both state can mean one call: the first thing that both name is equal."""
        pairs = (
            (self.session_id, other.session_id),
            (self.request_id, other.request_id),
            (self.trace_id, other.trace_id),
            (self.event.agent_id, other.event.agent_id),
        )
        return next((mine == its for mine, its in pairs if mine and its), True)


@dataclass(frozen=True, slots=True)
class Starts:
    """What metadata tells about sub-agents: pairs of row ids and texts."""

    children: tuple[tuple[int, str], ...] = ()
    """A call's or result's row, and the agent that it started."""
    prompts: tuple[tuple[int, str], ...] = ()
    """A call's row, and the words that it sent a sub-agent off with."""
    messages: tuple[tuple[int, str], ...] = ()
    """The row of a sub-agent's first message, and its words."""


STARTERS: Final = frozenset({"Task", "Agent"})
"""Tools that start a sub-agent."""
