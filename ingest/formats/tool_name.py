"""The one convention for naming a tool of an MCP server: `mcp__server__tool`."""

from __future__ import annotations

_PREFIX = "mcp__"


def split_tool_name(name: str) -> tuple[str | None, str]:
    """Return server and tool of `mcp__server__tool`, or None and the name as it is.

    Only the first two double underscores separate, so a tool's own name may hold more of them.
    """
    if name.startswith(_PREFIX):
        server, separator, tool = name.removeprefix(_PREFIX).partition("__")
        if server and separator and tool:
            return server, tool
    return None, name
