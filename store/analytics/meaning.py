"""What a number counts, said as a filter: the events behind it."""

from __future__ import annotations

from typing import Final

MEANINGS: Final[dict[str, str]] = {
    "events": "",
    "errors": "has:error",
    "denials": "has:denial",
    "calls": "type:mcp.tool_call",
    "outcomes": "has:outcome",
    "failures": "has:outcome has:error",
    "refusals": "has:outcome has:denial",
    "tokens": "tokens:*",
    "cost": "has:cost",
}
"""Query by name of the measure; a sum's query finds the events that add to it."""
