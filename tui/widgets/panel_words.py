"""Words that several panes of the panel share: units, names of dimensions, times of a window."""

from __future__ import annotations

from typing import Final

from store.analytics.model import Dimension
from tui import format as fmt
from tui.agent_facts import AgentFacts, Part
from tui.agent_hours import DAY_US
from tui.glyphs import Glyphs
from tui.widgets.panel_row import Piece, named

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
PLURAL: Final = {
    Dimension.AGENT: "agents",
    Dimension.USER: "users",
    Dimension.TENANT: "tenants",
    Dimension.TOOL: "tools",
    Dimension.SERVER: "servers",
    Dimension.MODEL: "models",
    Dimension.TYPE: "types",
}


def date(ts_us: int, *, utc: bool) -> str:
    """Return `12 Mar`."""
    at = fmt.broken_down(ts_us, utc=utc)
    return f"{at.tm_mday} {MONTHS[at.tm_mon - 1]}"


def moment(ts_us: int, now_us: int, *, utc: bool) -> str:
    """Return `13:51`, of another day than today `21 Nov 13:51`."""
    clock = fmt.minute(ts_us, utc=utc)
    same = fmt.day(ts_us, utc=utc) == fmt.day(now_us, utc=utc)
    return clock if same else f"{date(ts_us, utc=utc)} {clock}"


def window(facts: AgentFacts, *, utc: bool) -> str:
    """Return `last 24 h` of a window that ends now, otherwise from when to when it is."""
    start_us, end_us = facts.start_us, facts.end_us
    if abs(facts.now_us - end_us) <= (end_us - start_us) // 20:
        return f"last {fmt.span(end_us - start_us)}".replace(".0 h", " h")
    if end_us - start_us >= DAY_US:
        return f"{date(start_us, utc=utc)} to {date(end_us - 1, utc=utc)}"
    return f"{moment(start_us, facts.now_us, utc=utc)} to {fmt.minute(end_us, utc=utc)}"


def part_name(part: Part, kind: str) -> tuple[Piece, ...]:
    """Return `read_file · fs`: the first name, the second one dim where there is one."""
    first, *others = part.names
    return (named(first, kind), *(Piece(f" · {other}", "muted") for other in others if other is not None))


def money(part_microusd: int, unpriced: int, glyphs: Glyphs) -> str:
    """Return a cost; `≥ $3.10` where part of it has no known price, words where nothing has one."""
    if not unpriced:
        return fmt.money(part_microusd) if part_microusd else glyphs.none
    return f"{glyphs.at_least} {fmt.money(part_microusd)}" if part_microusd else "not known"


def split(number: int) -> tuple[str, str]:
    """Return a large number and its unit, `("74.9", "M")`; without a unit the second is empty."""
    digits, _, unit = fmt.short_count(number).partition(" ")
    return digits, unit
