"""Events as a table for people: it fits the terminal, shows nothing that could steer it, and is plain when piped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, set_cell_size

from cli.render.columns import GAP, NAMES, Layout, fitted
from store.safe_text import safe_text
from tui import format as words
from tui.glyphs import Glyphs, glyphs_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.events import EventSummary

_NUMBERS: Final = frozenset({"took", "tokens", "cost", "seq"})
_RESET: Final = "\x1b[0m"
_DIM: Final = "\x1b[2m"
_RED: Final = "\x1b[31m"
_YELLOW: Final = "\x1b[33m"
_COLOURS: Final = {"failure": _RED, "denied": _YELLOW, "timeout": _YELLOW}


@dataclass(frozen=True, slots=True)
class TableStyle:
    """How a table looks."""

    width: int | None
    """Cells of the terminal; None where there is none: nothing is cut."""
    colour: bool
    utc: bool
    """Times in UTC instead of local time."""
    ascii: bool
    now_us: int
    """The present; times of its day are shown without the date."""


class EventTable:
    """Renders events; the first ones decide on the columns."""

    def __init__(self, style: TableStyle, columns: tuple[str, ...] = NAMES) -> None:
        """Render in this style; other `columns` than the usual were chosen and are all shown."""
        self._style = style
        self._columns = columns
        self._glyphs: Glyphs = glyphs_for(ascii_only=style.ascii)
        self._layout: Layout | None = None
        self._today = words.day(style.now_us, utc=style.utc)

    def lines(self, events: Sequence[EventSummary]) -> Iterator[str]:
        """Give the lines of these events; the first call gives the header before them."""
        if self._layout is None:
            if not events:
                return
            self._layout = fitted(
                lambda layout: (self._cells(event, layout) for event in events), self._style.width, self._columns
            )
            yield self._header(self._layout)
        for event in events:
            yield self._line(event, self._layout)

    def _header(self, layout: Layout) -> str:
        cells = {name: name for name in layout.order}
        text = self._joined(cells, layout)
        return f"{_DIM}{text}{_RESET}" if self._style.colour else text

    def _line(self, event: EventSummary, layout: Layout) -> str:
        text = self._joined(self._cells(event, layout), layout)
        colour = _COLOURS.get(event.status or "")
        return f"{colour}{text}{_RESET}" if colour and self._style.colour else text

    def _joined(self, cells: dict[str, str], layout: Layout) -> str:
        gap = " " * GAP
        parts: list[str] = []
        for name in layout.shown():
            width = layout.widths[name]
            text = cells[name]
            # A time is never cut: one of another day arriving while following pushes the line instead.
            if layout.total is not None and name != "time":
                text = self._cut(text, width)
            padding = " " * max(0, width - cell_len(text))
            parts.append(padding + text if name in _NUMBERS else text + padding)
        line = gap.join([*parts, ""])
        last = cells[layout.order[-1]]
        if layout.total is None:
            return (line + last).rstrip()
        return (line + self._cut(last, max(0, layout.total - cell_len(line)))).rstrip()

    def _cut(self, text: str, width: int) -> str:
        if cell_len(text) <= width:
            return text
        return set_cell_size(text, width - 1) + self._glyphs.ellipsis if width > 0 else ""

    def _cells(self, event: EventSummary, layout: Layout) -> dict[str, str]:
        tool = event.tool or ""
        if layout.server and event.server:
            tool = f"{tool} {self._glyphs.none} {event.server}" if tool else event.server
        texts = {
            "time": self._time(event.ts_us, milliseconds=layout.milliseconds),
            "type": event.event_type,
            "agent": event.agent_id or "",
            "user": event.user_id or "",
            "tenant": event.tenant_id or "",
            "tool": tool,
            "took": "" if event.duration_us is None else " ".join(words.duration(event.duration_us)),
            "status": self._status(event, word=layout.status_word),
            "summary": event.message or "",
            "server": event.server or "",
            "model": event.model or "",
            "owner": event.resource_tenant_id or "",
            "tokens": "" if event.tokens is None else f"{event.tokens:,}",
            "cost": words.cost(event.cost_microusd, self._glyphs, computed=event.cost_is_computed),
            "seq": str(event.seq),
        }
        return {name: safe_text(text) for name, text in texts.items()}

    def _time(self, ts_us: int, *, milliseconds: bool) -> str:
        seconds, millis = words.clock(ts_us, utc=self._style.utc)
        text = seconds + millis if milliseconds else seconds
        day = words.day(ts_us, utc=self._style.utc)
        return text if day == self._today else f"{day} {text}"

    def _status(self, event: EventSummary, *, word: bool) -> str:
        if event.status is None:
            return ""
        sign = self._glyphs.of_status(event.status)
        return f"{sign} {event.status}" if word and event.status != "success" else sign
