"""The reader: which records are a transcript's, and who reads which."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from ingest.formats.claude_code.assistant import read_assistant
from ingest.formats.claude_code.line import Line
from ingest.formats.claude_code.other import (
    read_any,
    read_attachment,
    read_permission_mode,
    read_progress,
    read_system,
)
from ingest.formats.claude_code.subagent import is_sidecar
from ingest.formats.claude_code.user import read_user
from ingest.formats.protocol import FileContext, JsonObject, NotAnEvent, PlainKeys
from store.events import NewEvent

_READERS: Final[dict[str, Callable[[Line], list[NewEvent]]]] = {
    "user": read_user,
    "assistant": read_assistant,
    "system": read_system,
    "attachment": read_attachment,
    "progress": read_progress,
    "permission-mode": read_permission_mode,
}

_TOLD_BY_KEY: Final = {
    "summary": "summary",
    "file-history-snapshot": "snapshot",
    "permission-mode": "permissionMode",
    "last-prompt": "lastPrompt",
    "queue-operation": "operation",
    "pr-link": "type",
    "attribution-snapshot": "messageId",
}
"""Types of records that need not name a session, and the key by which each is known nevertheless."""
_BESIDE_UUID: Final = ("parentUuid", "message", "session_id")


class ClaudeCodeReader:
    """Reads the transcripts of Claude Code, main sessions and sub-agents alike."""

    name = "claude_code"

    def read_usual_line(self, raw: bytes, plain_keys: PlainKeys) -> NewEvent | None:
        """Return None: every line of a transcript is looked at."""
        del raw, plain_keys

    def recognises(self, record: JsonObject) -> bool:
        """Return whether it has a `type` and names a session or its place in a conversation, or is of a known type."""
        kind = record.get("type")
        if type(kind) is not str:
            return is_sidecar(record)
        if "sessionId" in record:
            return True
        if "uuid" in record:
            return kind in _READERS or any(key in record for key in _BESIDE_UUID)
        key = _TOLD_BY_KEY.get(kind)
        return key is not None and key in record

    def read(self, record: JsonObject, context: FileContext) -> Sequence[NewEvent]:
        """Return the line's events; none for progress other than a hook's, and for a repeated permission mode.

        Raises:
            NotAnEvent: it has no type, or is a message without any content that could be read.
        """
        kind = record.get("type")
        if type(kind) is not str or not kind:
            if is_sidecar(record):
                return ()
            raise NotAnEvent("no type, in a transcript of Claude Code")
        return _READERS.get(kind, read_any)(Line.of(record, context))
