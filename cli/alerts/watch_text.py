"""An alert that has just opened, on one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, set_cell_size

from cli.wording import counted
from store.alerts.states import Level
from store.safe_text import safe_text
from tui import format as words
from tui.alerts_cells import who_where

if TYPE_CHECKING:
    from cli.analytics.look import Look
    from store.alerts.model import AlertRow

_LEVEL_CELLS: Final = 8
_INKS: Final = {Level.CRITICAL: "red", Level.HIGH: "red", Level.MEDIUM: "yellow"}


def watch_line(row: AlertRow, look: Look, *, again: bool) -> str:
    """Return the line: when it was last seen, how bad, its number, what happened, whose it is, how many events."""
    when = words.full_time(row.last_us, utc=look.utc)[:19]
    whose = f" {look.glyphs.none} ".join(filter(None, (row.agent, who_where(row, look.glyphs))))
    parts = (
        when, row.level.value.ljust(_LEVEL_CELLS), f"alert {row.id}", row.title, whose, counted(row.count, "event"),
        "new again" if again else "",
    )  # fmt: skip
    line = safe_text("  ".join(part for part in parts if part))
    if look.width is not None and cell_len(line) > look.width:
        line = set_cell_size(line, look.width - 1) + look.glyphs.ellipsis
    return look.inked(line, _INKS.get(row.level))
