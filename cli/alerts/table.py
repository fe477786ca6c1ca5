"""Alerts as a table for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.analytics.report import Column, Kind, Table
from cli.analytics.table_text import table_lines
from store.alerts.states import AlertState, Level
from tui import format as words
from tui.alerts_cells import until_words, when_words, who_where

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cli.analytics.look import Look
    from store.alerts.model import AlertRow

_COLUMNS: Final = (
    Column("alert", Kind.TEXT, "alert", heading=""),
    Column("level", Kind.TEXT, "level"),
    Column("state", Kind.TEXT, "state"),
    Column("what happened", Kind.TEXT, "title"),
    Column("agent", Kind.TEXT, "agent"),
    Column("who, where", Kind.TEXT, "who", rank=2),
    Column("events", Kind.COUNT, "count", rank=1),
    Column("last", Kind.TEXT, "last"),
)
_INKS: Final = {Level.CRITICAL: "red", Level.HIGH: "red", Level.MEDIUM: "yellow"}


def alert_lines(rows: Iterable[AlertRow], look: Look) -> list[str]:
    """Return the heading and a line for each alert; all texts of events are safe to show."""
    return table_lines(Table("alerts", "", _COLUMNS, (), tuple(_cells(row, look) for row in rows)), look)


def state_text(row: AlertRow, look: Look) -> str:
    """Return how an alert stands: `new`, `muted until 29 Nov`."""
    if row.until_us is None:
        return row.state.value
    if look.width is None:
        return f"{row.state} until {words.full_time(row.until_us, utc=look.utc)[:16]}"
    return f"{row.state} {until_words(row.until_us, look.now_us, utc=look.utc)}"


def time_text(ts_us: int, look: Look) -> str:
    """Return a time as it fits: on a terminal as short as it may be, else in full."""
    if look.width is None:
        return words.full_time(ts_us, utc=look.utc)[:19]
    return when_words(ts_us, look.now_us, utc=look.utc, roomy=True)


def _cells(row: AlertRow, look: Look) -> dict[str, Any]:
    quiet = row.state is AlertState.MUTED
    return {
        "alert": str(row.id),
        "level": row.level.value,
        "state": state_text(row, look),
        "title": row.title,
        "agent": row.agent,
        "who": who_where(row, look.glyphs),
        "count": row.count,
        "last": time_text(row.last_us, look),
        "ink": "dim" if quiet else _INKS.get(row.level),
    }
