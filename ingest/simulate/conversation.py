"""One request that an agent works on: its events share their ids and follow a clock of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ingest.simulate.stage import MS
from ingest.simulate.wording import tokens_text

if TYPE_CHECKING:
    from ingest.simulate.cast import Agent, Model, Tool, User
    from ingest.simulate.stage import Beat, Event, Stage

_CACHE_READ_SHARE: Final = 0.1
_CACHE_WRITE_SHARE: Final = 1.25
"""What a cached token costs in shares of an uncached one."""


class Conversation:
    """Builds the events of one request. `now_us` is the time of the next one; a record is stamped when it is complete.

    Every method that returns a beat first lets its own duration pass, so a caller only adds pauses between them.
    """

    def __init__(self, stage: Stage, at_us: int, agent: Agent, user: User | None = None) -> None:
        """Begin a request at a time; without a user the agent's audience decides who asks."""
        self.stage: Final = stage
        self.agent: Final = agent
        self.user: Final = stage.dice.choice(agent.users) if user is None else user
        self.now_us = at_us
        self.root_span: Final = stage.token(64)
        self.model_span = self.root_span
        """Span of the newest model call, under which its tool calls hang."""
        self._who: Final[Event] = {
            "agent_id": agent.name,
            "user_id": self.user.name,
            "tenant_id": self.user.tenant,
            "host": agent.host,
        }
        self._ids: Final[Event] = {
            "request_id": f"req_{stage.token(48)}",
            "session_id": stage.session(agent, self.user, at_us),
            "trace_id": stage.token(128),
        }

    def pause(self, low_ms: int, high_ms: int) -> None:
        """Let some time pass."""
        self.now_us += self.stage.between(low_ms, high_ms) * MS

    def event(
        self,
        event_type: str,
        message: str,
        *,
        status: str | None = "success",
        took_ms: int | None = None,
        tool: Tool | None = None,
        span: str | None = None,
        parent: str | None = None,
        metadata: Event | None = None,
        **fields: Any,
    ) -> Beat:
        """Return an event that is complete after `took_ms` from now. `fields` are further native fields.

        Without `span` it gets a fresh one, without `parent` it hangs under the request's root.
        """
        event: Event = {"timestamp": "", "event_type": event_type, **self._who}
        if tool is not None:
            event["tool"] = tool.name
            event["server"] = tool.server
        if status is not None:
            event["status"] = status
        if took_ms is not None:
            event["duration_ms"] = took_ms
            self.now_us += took_ms * MS
        event.update(self._ids)
        event["span_id"] = span or self.stage.token(64)
        if span != self.root_span:
            event["parent_id"] = parent or self.root_span
        event.update(fields)
        event["message"] = message
        if metadata is not None:
            event["metadata"] = metadata
        return self.now_us, event

    def hears(self, text: str, metadata: Event | None = None) -> Beat:
        """Return what the user (or a trigger) said; it opens the request."""
        return self.event("agent.message", text, span=self.root_span, metadata=metadata)

    def checks_token(self, tool: Tool) -> Beat:
        """Return the tool server's look at the caller's token."""
        return self.event(
            "mcp.auth_check", f"scope {tool.scope}", tool=tool, took_ms=self.stage.between(1, 4), parent=self.model_span
        )

    def asks_model(self, fresh: int, answer: int, *, model: Model | None = None, cached: int = 0) -> Beat:
        """Return a model call of about so many uncached, answered and cached tokens; later tool calls hang under it."""
        stage, model = self.stage, model or self.agent.model
        fresh, answer = stage.around(fresh), stage.around(answer)
        cache_read = stage.around(cached) if cached else 0
        cache_write = stage.around(cached / 8) if cached and stage.chance(0.2) else 0
        fields: Event = {"model": model.name, "input_tokens": fresh, "output_tokens": answer}
        if cached:
            fields["cache_read_tokens"] = cache_read
            fields["cache_write_tokens"] = cache_write
        if model.input_price is not None and model.output_price is not None:
            full_price = fresh + cache_read * _CACHE_READ_SHARE + cache_write * _CACHE_WRITE_SHARE
            fields["cost_microusd"] = round(full_price * model.input_price + answer * model.output_price)
        self.model_span = stage.token(64)
        total = tokens_text(fresh + answer + cache_read + cache_write)
        return self.event(
            "api.request",
            f"POST /v1/messages · 200 · {total}",
            took_ms=stage.around(400 + answer * 6, 0.25),
            span=self.model_span,
            metadata={"endpoint": "/v1/messages", "http_status": 200, "stop_reason": "end_turn"},
            **fields,
        )

    def answers(self, text: str) -> Beat:
        """Return the agent's reply, which ends the request; its duration is that of the whole request's writing."""
        return self.event("agent.response", text, took_ms=self.stage.around(1500, 0.4))

    def stumbles(self, text: str, tool: Tool | None = None, parent: str | None = None) -> Beat:
        """Return the agent's own report of an error."""
        self.pause(5, 60)
        return self.event("agent.error", text, status="failure", tool=tool, parent=parent)

    def checks_permission(self, tool: Tool, *, allowed: bool = True) -> Beat:
        """Return the decision about one tool for the user's role."""
        role = self.user.role
        message = f"{tool.scope} allowed by role {role}" if allowed else f"role {role} lacks {tool.scope}"
        return self.event(
            "permission.check",
            message,
            status="success" if allowed else "denied",
            tool=tool,
            took_ms=self.stage.between(1, 4),
            parent=self.model_span,
            metadata={"role": role, "scope": tool.scope, "decision": "allow" if allowed else "deny"},
        )

    def does(
        self, event_type: str, message: str, tool: Tool, *, parent: str | None = None, metadata: Event | None = None
    ) -> Beat:
        """Return a file or content operation that a tool carried out."""
        return self.event(
            event_type,
            message,
            tool=tool,
            took_ms=self.stage.around(tool.typical_ms if tool.server == "fs" else 8),
            parent=parent or self.model_span,
            metadata=metadata,
        )
