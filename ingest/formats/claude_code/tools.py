"""What a tool's name and input tell: its server, one readable line, and what it does to files and pages."""

from __future__ import annotations

from typing import Any, Final

from ingest.formats.claude_code.wording import compact, one_line, text_of
from ingest.formats.tool_name import split_tool_name

BUILTIN: Final = "builtin"
"""`server` of the tools that are part of the agent itself."""

_FILE_EVENTS: Final = {
    "Read": "file.read",
    "NotebookRead": "file.read",
    "Glob": "file.read",
    "Grep": "file.read",
    "Write": "file.write",
    "Edit": "file.edit",
    "MultiEdit": "file.edit",
    "NotebookEdit": "file.edit",
}
_PAGE_TOOLS: Final = frozenset({"WebFetch", "WebSearch"})

_TELLING: Final = (
    "command file_path notebook_path pattern path url query description subject question prompt message title name"
).split()
"""Input keys in the order in which they say best what a call is about."""
_TARGET_LENGTH: Final = 1_024


def server_and_tool(name: str) -> tuple[str, str]:
    """Return the server and the tool of a tool's full name."""
    server, tool = split_tool_name(name)
    return server or BUILTIN, tool


def call_line(tool_input: dict[str, Any]) -> str | None:
    """Return one line that says what a call is about; None where it has no input."""
    for key in _TELLING:
        text = text_of(tool_input, key)
        if text:
            return one_line(text)
    return compact(tool_input) if tool_input else None


def target_of(tool: str, tool_input: dict[str, Any]) -> str | None:
    """Return the file, folder, address or search words that a call is about; None for tools that give no such event."""
    if tool in _FILE_EVENTS:
        keys = ("file_path", "notebook_path", "path", "pattern")
    elif tool in _PAGE_TOOLS:
        keys = ("url", "query")
    else:
        return None
    target = next((text for key in keys if (text := text_of(tool_input, key))), None)
    return target[:_TARGET_LENGTH] if target else None


def derived_type(server: str | None, tool: str | None) -> str | None:
    """Return the type of the event that a successful call stands for besides itself; None: it stands for none."""
    if server != BUILTIN or tool is None:
        return None
    return "content.fetch" if tool in _PAGE_TOOLS else _FILE_EVENTS.get(tool)
