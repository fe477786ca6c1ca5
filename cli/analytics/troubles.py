"""Small tables of what went wrong and of what is new: errors by message, denials, tools used for the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.analytics.report import Column, Kind, Table
from cli.analytics.timestamps import stamp

if TYPE_CHECKING:
    from cli.analytics.asking import Asking
    from store.filters.model import Filter

_MOST_MESSAGES: Final = 100
"""Of an answer for programs, where nobody says how many they want."""
_MESSAGES: Final = (Column("message", Kind.TEXT, "message"), Column("events", Kind.COUNT, "events"))
_RULES: Final = (
    Column("agent", Kind.TEXT, "agent", 2),
    Column("tool", Kind.TEXT, "tool", 1),
    Column("rule", Kind.TEXT, "rule"),
    Column("denied", Kind.DENIALS, "denials"),
)
_FIRST: Final = (
    Column("tool", Kind.TEXT, "tool"),
    Column("server", Kind.TEXT, "server", 1),
    Column("first used", Kind.TIME, "first_us"),
)


def message_table(asking: Asking, what: Filter, limit: int | None) -> Table:
    """Return the most frequent messages of errors, found among the newest thousand."""
    window = asking.window
    most = _MOST_MESSAGES if limit is None else limit
    found = asking.questions.error_messages(what, window.start_us, window.end_us, most)
    rows = tuple({"message": one.message, "events": one.events, "query": one.query} for one in found)
    fields = ("message", "events", "query")
    return Table("messages", "Errors by message", _MESSAGES, fields, rows, empty="no errors")


def rule_table(asking: Asking, what: Filter, limit: int | None, *, with_agent: bool) -> Table:
    """Return what decided the newest denials, the most frequent first."""
    window = asking.window
    found = asking.questions.denial_rules(what, window.start_us, window.end_us)
    rows = tuple(
        {"agent": one.agent, "tool": one.tool, "rule": one.rule, "denials": one.denials} for one in found[:limit]
    )
    fields = ("agent", "tool", "rule", "denials")
    columns = _RULES if with_agent else _RULES[1:]
    return Table("denials", "Denied", columns, fields, rows, None, len(found) - len(rows), "nothing was denied")


def first_use_table(asking: Asking, agent: str, limit: int | None) -> Table:
    """Return the tools that an agent used in this window for the first time, the newest first."""
    found = asking.questions.first_uses(agent, asking.window.start_us)
    known = sorted((one for one in found if one[2] < asking.window.end_us), key=lambda one: -one[2])
    rows = tuple(
        {"tool": tool, "server": server, "first_used": stamp(at), "first_us": at} for tool, server, at in known[:limit]
    )
    fields = ("tool", "server", "first_used")
    return Table("first_uses", "Used for the first time", _FIRST, fields, rows, None, len(known) - len(rows), "none")
