"""One line of a transcript, with what all its events have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from ingest.formats.claude_code.binary import without_binary
from ingest.formats.claude_code.memory import Memory
from ingest.formats.claude_code.wording import text_of
from ingest.formats.protocol import FileContext, JsonObject
from ingest.formats.timestamps import UnreadableTime, parse_timestamp
from store.events import NewEvent

MAIN_AGENT: Final = "claude-code"
"""`agent_id` of everything that no sub-agent did."""

_ON_EVERY_EVENT: Final = ("cwd", "gitBranch", "version")
_FIELDS: Final = frozenset("type uuid parentUuid sessionId session_id timestamp requestId agentId".split())
"""Keys that are canonical fields where they hold a text."""
_CONTENT: Final = frozenset({"message", "toolUseResult", "isSidechain", *_ON_EVERY_EVENT})
"""Keys that the readers of the single record types take care of."""


@dataclass(slots=True)
class Line:
    """A record and the fields that its events share. None: the record does not state it."""

    record: JsonObject
    context: FileContext
    memory: Memory
    uuid: str | None
    parent_uuid: str | None
    session_id: str | None
    request_id: str | None
    agent_id: str
    ts_us: int | None
    trace_id: str | None = None
    common: dict[str, Any] = field(default_factory=dict[str, Any])
    """Metadata of every event of the line."""
    rest: dict[str, Any] = field(default_factory=dict[str, Any])
    """Metadata of its first event only: every other key of the record."""

    @classmethod
    def of(cls, record: JsonObject, context: FileContext) -> Line:
        """Take a record apart; nothing in it is trusted to have the usual type."""
        line = cls(
            record=record,
            context=context,
            memory=Memory(context.state),
            uuid=text_of(record, "uuid"),
            parent_uuid=text_of(record, "parentUuid"),
            session_id=text_of(record, "sessionId") or text_of(record, "session_id"),
            request_id=text_of(record, "requestId"),
            agent_id=text_of(record, "agentId") or MAIN_AGENT,
            ts_us=None,
        )
        line.common = {key: record[key] for key in _ON_EVERY_EVENT if record.get(key) is not None}
        if record.get("isSidechain") is True:
            line.common["isSidechain"] = True
        line.rest = {key: without_binary(value) for key, value in record.items() if _is_rest(key, value)}
        line._take_time()
        line._take_trace()
        return line

    def _take_time(self) -> None:
        value = self.record.get("timestamp")
        if value is None:
            return
        try:
            self.ts_us, naive = parse_timestamp(value)
        except UnreadableTime:
            self.rest["timestamp"] = value
        else:
            if naive:
                self.common["ts_naive"] = True

    def _take_trace(self) -> None:
        prompt_id = self.rest.pop("promptId", None)
        if type(prompt_id) is str and prompt_id:
            self.start_trace(prompt_id)
        else:
            self.trace_id = self.memory.trace(self._thread())

    def start_trace(self, trace_id: str) -> None:
        """Let this line and what follows it in the same conversation belong to a new prompt."""
        self.trace_id = trace_id
        self.memory.start_trace(self._thread(), trace_id)

    def _thread(self) -> str:
        """Return what follows its own prompts: an agent, and in old files the side chains in a session's own file."""
        return f"{self.agent_id} aside" if "isSidechain" in self.common else self.agent_id

    def event(self, event_type: str, kind: str, **metadata: Any) -> NewEvent:
        """Return a new event of this line. Its id is the record's uuid and `kind`; without a uuid it has none.

        `metadata` goes first; values of None are left out.
        """
        event = NewEvent()
        event.event_type = event_type
        event.ts_us = self.ts_us
        # A resumed or forked session copies lines into a file of its own, under another session's name.
        event.copies_may_differ = True
        event.agent_id = self.agent_id
        event.user_id = self.context.owner
        event.session_id = self.session_id
        event.request_id = self.request_id
        event.trace_id = self.trace_id
        event.span_id = self.uuid
        event.parent_id = self.parent_uuid
        if self.uuid is not None:
            event.event_id = f"{self.uuid}:{kind}"
        stated = {key: value for key, value in metadata.items() if value is not None}
        event.metadata = {**self.common, **self.rest, **stated}
        self.rest = {}
        return event


def _is_rest(key: str, value: Any) -> bool:
    if key in _FIELDS:
        return value is not None and type(value) is not str
    return key not in _CONTENT
