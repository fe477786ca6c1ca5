"""Draws one row of a thread as a strip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.strip import Strip

from store.events import DENIAL, ERROR
from store.safe_text import safe_text
from store.threads.step import CALL, REQUEST, RESULT
from tui.format import broken_down, clock, day, duration, money, short_count
from tui.widgets.thread_columns import GUTTER
from tui.widgets.thread_guides import IN_ASCII
from tui.widgets.thread_waterfall import waterfall

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.style import Style

    from store.threads.model import ThreadRow
    from tui.glyphs import Glyphs
    from tui.widgets.thread_axis import Axis
    from tui.widgets.thread_columns import ThreadColumns

Run = tuple[str, str]
"""Some text and the role that styles it; empty: as the list itself."""

ROLES: Final = ("muted", "faint", "strong", "error", "warning", "heading", "guide", "model", "tool", "other")

_NARROW_TIME: Final = 8
_ROOMY_TREE: Final = 52
"""From so many cells on there is room for whole types: `mcp.tool_call`, below that `tool_call`."""
_STATUS_ROLES: Final = {
    "success": "muted",
    "failure": "error",
    "denied": "warning",
    "timeout": "warning",
    "pending": "muted",
}


@dataclass(frozen=True, slots=True)
class ThreadStyle:
    """What all rows of a thread share. `inks` are whole styles by role; `day` is the one on which it began."""

    columns: ThreadColumns
    axis: Axis
    glyphs: Glyphs
    inks: Mapping[str, Style]
    utc: bool
    day: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A row with its guide. `folded` counts the rows that are hidden in it; `holds`: it has rows of its own work."""

    row: ThreadRow
    guide: str
    folded: int = 0
    holds: bool = False
    marked: bool = False


def draw_row(placed: Placed, style: ThreadStyle, *, width: int) -> Strip:
    """Return a row of `width` cells."""
    inks, row = style.inks, placed.row
    cells: dict[str, Sequence[Run]] = {
        "time": _time(row, style),
        "tree": _tree(placed, style),
        "agent": ((row.event.agent_id, "muted"),) if row.event.agent_id else (),
        "tokens": ((short_count(row.tokens.total), ""),) if row.tokens.total else (),
        "cost": () if row.cost_microusd is None else ((money(row.cost_microusd), ""),),
        "took": _took(row, style),
        "waterfall": waterfall(row, style.axis, style.glyphs, holds=placed.holds),
    }
    before = f" {style.glyphs.mark}" if placed.marked else ""
    segments = [Segment(before.ljust(GUTTER), inks["strong"])]
    for name, _, room, right in style.columns.widths():
        runs = fit(cells[name], room, style.glyphs.ellipsis)
        space = Segment(" " * (room - sum(cell_len(text) for text, _ in runs)), inks[""])
        drawn = [Segment(text, inks[role]) for text, role in runs]
        segments += [space, *drawn] if right else [*drawn, space]
        segments.append(Segment("  ", inks[""]))
    return Strip(segments).adjust_cell_length(width, inks[""])


def fit(runs: Sequence[Run], width: int, ellipsis: str) -> list[Run]:
    """Return the runs made safe and cut to `width` cells, with an ellipsis where something was cut off."""
    fitted: list[Run] = []
    room = width
    for raw, role in runs:
        text = safe_text(raw[: width + 1])
        cells = cell_len(text)
        if cells > room or len(raw) > width + 1:
            if room > 0:
                fitted.append((set_cell_size(text, room - 1), role))
            elif fitted:
                fitted[-1] = (set_cell_size(fitted[-1][0], cell_len(fitted[-1][0]) - 1), fitted[-1][1])
            return [*fitted, (ellipsis, "muted")] if fitted else []
        fitted.append((text, role))
        room -= cells
    return fitted


def _time(row: ThreadRow, style: ThreadStyle) -> Sequence[Run]:
    """Return the time of day; on another day than the first the date with it."""
    if not row.timed:
        return ((style.glyphs.none, "muted"),)
    ts_us = row.event.ts_us
    hms, millis = clock(ts_us, utc=style.utc)
    narrow = style.columns.time <= _NARROW_TIME
    if day(ts_us, utc=style.utc) == style.day:
        return ((hms, "muted"),) if narrow else ((hms, "muted"), (millis, "faint"))
    at = broken_down(ts_us, utc=style.utc)
    date = f"{at.tm_mday:2} " if narrow else f"{at.tm_mon:02}-{at.tm_mday:02} "
    return (date, ""), (hms[:5], "muted")


def _tree(placed: Placed, style: ThreadStyle) -> Sequence[Run]:
    row, glyphs = placed.row, style.glyphs
    guide = placed.guide.translate(IN_ASCII) if glyphs.ascii else placed.guide
    family, dot, kind = row.event.event_type.rpartition(".")
    prefix = family + dot if style.columns.tree >= _ROOMY_TREE else ""
    runs: list[Run] = [(guide, "guide"), _sign(row, glyphs), (" ", ""), (prefix, "muted"), (kind, "")]
    if placed.folded:
        runs += [(f" {glyphs.closed} {placed.folded:,} more", "strong")]
    return [*runs, (_sights(row), "muted"), ("  ", ""), *_text(row, glyphs)]


def _sign(row: ThreadRow, glyphs: Glyphs) -> Run:
    event = row.event
    if row.status is not None:
        return glyphs.of_status(row.status), _STATUS_ROLES[row.status]
    if event.trouble:
        return (glyphs.failure, "error") if event.trouble & ERROR else (glyphs.denied, "warning")
    return (glyphs.none if row.answered else glyphs.pending), "muted"


def _text(row: ThreadRow, glyphs: Glyphs) -> list[Run]:
    """Return what the row is about: its tool or model first, full strength where something went wrong."""
    event = row.event
    loud = "" if event.trouble & (ERROR | DENIAL) or not row.answered else "muted"
    runs: list[Run] = []
    if event.tool is not None:
        runs.append((event.tool, ""))
    elif event.model is not None and event.event_type == REQUEST:
        runs.append((event.model, ""))
    if event.message:
        runs += [(f" {glyphs.none} ", "muted")] if runs else []
        runs.append((event.message, loud))
    return runs


def _sights(row: ThreadRow) -> str:
    """Return which other sources saw the same call; later parts of usage are no sight of their own."""
    seen = dict.fromkeys(sight.format for sight in row.sights if row.event.event_type in (CALL, RESULT))
    return "".join(f" +{name}" for name in seen)


def _took(row: ThreadRow, style: ThreadStyle) -> Sequence[Run]:
    took = row.took_us
    if took is None or (row.event.event_type == RESULT and row.parent is not None):  # its call says it
        return ((style.glyphs.none, "faint"),)
    number, unit = duration(took)
    return (number, ""), (f" {unit:>2}", "muted")
