"""Draws one row of an event list as a strip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from store.events import DENIAL, ERROR
from store.safe_text import safe_text
from tui.columns import GUTTER
from tui.format import broken_down, clock, cost, day, duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from store.events import EventSummary
    from tui.columns import Column
    from tui.glyphs import Glyphs

Run = tuple[str, str]
"""Some text and the role that styles it; empty: as the list itself."""

ROLES: Final = ("muted", "faint", "strong", "error", "warning", "heading", "late", "mark", "alert")

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NARROW_TIME: Final = 8
_YEAR_AND_TIME: Final = len("2024-11-22 14:02")
_SHORT_YEAR_AND_TIME: Final = len("24-11-22 14:02")
_FIELDS: Final = {
    "agent": ("agent_id", ""),
    "user": ("user_id", ""),
    "tenant": ("tenant_id", "muted"),
    "server": ("server", "muted"),
    "model": ("model", "muted"),
    "owner": ("resource_tenant_id", "muted"),
}
"""Columns of a single value: where it is in an event, and its role."""
_STATUS_ROLES: Final = {
    "success": "muted",
    "failure": "error",
    "denied": "warning",
    "timeout": "warning",
    "pending": "muted",
}


@dataclass(frozen=True, slots=True)
class RowStyle:
    """What all rows of a list share.

    `inks` are whole styles with their background, by role; `today` is the present day as `format.day` writes it.
    """

    columns: tuple[Column, ...]
    glyphs: Glyphs
    inks: Mapping[str, Style]
    utc: bool
    today: str


def draw_row(event: EventSummary, style: RowStyle, sign: str = "", *, cell: str | None = None, width: int) -> Strip:
    """Return a row of `width` cells. `sign` says what stands before it: `mark`, `alert`, `late` or nothing.

    `cell` names the column that the cell cursor is on.
    """
    plain = style.inks[""]
    before = {"mark": style.glyphs.mark, "alert": style.glyphs.alert, "late": style.glyphs.late}.get(sign, " ")
    segments = [Segment(f" {before} ", style.inks[sign])]
    used = GUTTER
    for column in style.columns:
        if column.x > used:
            segments.append(Segment(" " * (column.x - used), plain))
        runs = _fit(_cell(event, column, style), column.width, style.glyphs.ellipsis)
        segments.extend(_drawn(runs, column, style, chosen=column.name == cell))
        used = column.x + column.width
    return Strip(segments, used).adjust_cell_length(width, plain)


def _drawn(runs: Sequence[Run], column: Column, style: RowStyle, *, chosen: bool) -> Iterable[Segment]:
    inks = style.inks
    space = column.width - sum(_cells(text) for text, _ in runs)
    filler = Segment(" " * space, inks["cell" if chosen else ""])
    if space and column.right:
        yield filler
    for text, role in runs:
        yield Segment(text, inks["cell" if chosen else role])
    if space and not column.right:
        yield filler


def _cells(text: str) -> int:
    return len(text) if text.isascii() else cell_len(text)


def _fit(runs: Sequence[Run], width: int, ellipsis: str) -> list[Run]:
    fitted: list[Run] = []
    room = width
    for raw, role in runs:
        text = safe_text(raw[: width + 1])
        cells = _cells(text)
        if cells > room:
            if room > 0:
                fitted.append((set_cell_size(text, room - 1), role))
                fitted.append((ellipsis, "muted"))
            elif fitted:
                fitted[-1] = (set_cell_size(fitted[-1][0], _cells(fitted[-1][0]) - 1), fitted[-1][1])
                fitted.append((ellipsis, "muted"))
            return fitted
        fitted.append((text, role))
        room -= cells
    return fitted


def _cell(event: EventSummary, column: Column, style: RowStyle) -> Sequence[Run]:
    match column.name:
        case "time":
            return _time(event.ts_us, style, column.width)
        case "type":
            return _type(event.event_type)
        case "tool":
            return _tool(event, style, with_server="server" in column.heading)
        case "duration":
            return _duration(event.duration_us, style)
        case "tokens":
            return _value(None if event.tokens is None else f"{event.tokens:,}", style)
        case "cost":
            return _value(cost(event.cost_microusd, style.glyphs, computed=event.cost_is_computed) or None, style)
        case "status":
            return _status(event, style, word=column.width > 1)
        case "summary":
            return _summary(event)
        case name:
            field, role = _FIELDS[name]
            return _value(getattr(event, field), style, role)


def _time(ts_us: int, style: RowStyle, width: int) -> Sequence[Run]:
    """Return the time of day, before it the day where that is another one, and the year where there is room for it."""
    on = day(ts_us, utc=style.utc)
    narrow = width <= _NARROW_TIME
    if on == style.today:
        hms, millis = clock(ts_us, utc=style.utc)
        return ((hms, ""),) if narrow else ((hms, ""), (millis, "muted"))
    at = broken_down(ts_us, utc=style.utc)
    if on[:4] != style.today[:4]:
        if width < _SHORT_YEAR_AND_TIME:
            return ((on[2:] if narrow else on, "muted"),)
        date = on if width >= _YEAR_AND_TIME else on[2:]
        return ((f"{date} ", "muted"), (f"{at.tm_hour:02}:{at.tm_min:02}", ""))
    if narrow:
        return ((f"{at.tm_mday:2} ", "muted"), (f"{at.tm_hour:02}:{at.tm_min:02}", ""))
    if width >= _YEAR_AND_TIME:
        hms = f"{at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02}"
        return ((f"{at.tm_mday:2} {_MONTHS[at.tm_mon - 1]} ", "muted"), (hms, ""))
    return ((f"{at.tm_mday:2} {_MONTHS[at.tm_mon - 1]} ", "muted"), (f"{at.tm_hour:02}:{at.tm_min:02}", ""))


def _type(event_type: str) -> Sequence[Run]:
    family, dot, kind = event_type.partition(".")
    return ((family + dot, "muted"), (kind, "")) if kind else ((event_type, ""),)


def _value(value: str | None, style: RowStyle, role: str = "") -> Sequence[Run]:
    return ((style.glyphs.none, "muted"),) if value is None else ((value, role),)


def _tool(event: EventSummary, style: RowStyle, *, with_server: bool) -> Sequence[Run]:
    if event.tool is None:
        return ((style.glyphs.none, "muted"),)
    if with_server and event.server is not None:
        return (event.tool, ""), (f" {style.glyphs.none} {event.server}", "muted")
    return ((event.tool, ""),)


def _duration(duration_us: int | None, style: RowStyle) -> Sequence[Run]:
    if duration_us is None:
        return ((style.glyphs.none, "muted"),)
    number, unit = duration(duration_us)
    return (number, ""), (f" {unit:>2}", "muted")


def _status(event: EventSummary, style: RowStyle, *, word: bool) -> Sequence[Run]:
    status = event.status
    if status is None and event.trouble:
        sign, text, role = (
            (style.glyphs.failure, "error", "error")
            if event.trouble & ERROR
            else (style.glyphs.denied, "denied", "warning")
        )
    elif status is None:
        return ((style.glyphs.none, "muted"),)
    else:
        sign, text, role = style.glyphs.of_status(status), status, _STATUS_ROLES[status]
    if not word or status == "success":
        return ((sign, role),)
    return ((f"{sign} {text}", role),)


def _summary(event: EventSummary) -> Sequence[Run]:
    loud = event.trouble & (ERROR | DENIAL) or event.status == "pending"
    return ((event.message or "", "" if loud else "muted"),)
