"""What the reader remembers of earlier lines of the same file. It is small, and survives restarts as JSON."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final

_TOOLS: Final = 64
_TRACES: Final = 16
_PROMPTS: Final = 16
_TOTALS: Final = 16


class Memory:
    """A view on the reader's part of the file's state. Every table in it is bounded; the oldest entries go first."""

    def __init__(self, state: dict[str, Any]) -> None:
        """Use a file's `state`, which this fills and which may come from an earlier run."""
        self._state = state

    def remember_tool(self, call_id: str, server: str, tool: str, target: str | None) -> None:
        """Note what a call was, for its result. `target` is the file or address that it is about."""
        _put(self._table("tools"), call_id, [server, tool, target], _TOOLS)

    def tool(self, call_id: str) -> tuple[str | None, str | None, str | None]:
        """Return server, tool and target of a call; Nones where it was not seen, or too long ago."""
        server, tool, target = self._table("tools").get(call_id, (None, None, None))
        return server, tool, target

    def start_trace(self, thread: str, trace_id: str) -> None:
        """Note that a conversation has come to a new prompt."""
        _put(self._table("traces"), thread, trace_id, _TRACES)

    def trace(self, thread: str) -> str | None:
        """Return the prompt that a conversation is at; None where none was seen."""
        return self._table("traces").get(thread)

    def remember_prompt(self, prompt: str, call_id: str) -> None:
        """Note that a call starts a sub-agent with this prompt."""
        _put(self._table("prompts"), _digest(prompt), call_id, _PROMPTS)

    def starter(self, prompt: str) -> str | None:
        """Return the call that started a sub-agent with this prompt; None where this file does not tell."""
        return self._table("prompts").get(_digest(prompt))

    def is_new_total(self, message_id: str, total: str) -> bool:
        """Note a message's usage so far; return whether it differs from what the line before of it stated."""
        table = self._table("totals")
        if table.get(message_id) == total:
            return False
        _put(table, message_id, total, _TOTALS)
        return True

    def change_mode(self, mode: str) -> tuple[bool, str | None]:
        """Note the permission mode; return whether that is a change, and from which (None: the first one seen)."""
        before = self._state.get("mode")
        self._state["mode"] = mode
        return before != mode, before

    def _table(self, name: str) -> dict[str, Any]:
        return self._state.setdefault(name, {})


def _put(table: dict[str, Any], key: str, value: Any, limit: int) -> None:
    table.pop(key, None)
    table[key] = value
    while len(table) > limit:
        del table[next(iter(table))]


def _digest(prompt: str) -> str:
    return sha256(prompt.encode("utf-8", "surrogatepass")).hexdigest()[:16]
