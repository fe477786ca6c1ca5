"""What stands in the cells of the Agents tab: numbers set right, dim units in a slot of their own, zero as a dot."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from tui import format as fmt
from tui.agents_rows import PERCENTILES
from tui.agents_window import DAY_US, heights
from tui.widgets.line import Span, fit, pad
from tui.widgets.sparkline import sparkline

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.agents_columns import AgentColumn
    from tui.agents_rows import AgentRow, Alarm
    from tui.glyphs import Glyphs

_LARGE: Final = 10_000_000
_MICROS: Final = 1_000_000
_CENT: Final = 10_000
_TEN_THOUSAND: Final = 10_000
_MILLION: Final = 1_000_000
_MOST_PERCENT: Final = 999
_YEAR_US: Final = 365 * DAY_US
_LONG_US: Final = 1000 * DAY_US
"""From here on years are said instead of days."""
_ROLE_OF_ALARM: Final[dict[Alarm, str]] = {"": "", "warning": "warning", "error": "error"}


@dataclass(frozen=True, slots=True)
class CellLook:
    """What all cells share. `waiting`: numbers that are not known are on their way."""

    glyphs: Glyphs
    now_us: int
    edges: tuple[int, ...] = ()
    """Between which times the stretches of the activity lie."""
    waiting: bool = False
    strong: bool = False
    """Whether numbers stand out, as those of the totals do."""
    nameless: str = ""
    """What a row without a value is called."""


def cell(column: AgentColumn, row: AgentRow, look: CellLook) -> list[Span]:
    """Return what a cell shows, in exactly the column's width."""
    spans = _MAKERS[column.name](row, look, column.width)
    width = sum(cell_len(text) for text, _ in spans)
    if width > column.width:
        return fit(spans, column.width)
    space = (" " * max(column.width - width, 0), "")
    return [space, *spans] if column.right else [*spans, space]


def _number(text: str, look: CellLook, role: str = "") -> Span:
    return text, " ".join(filter(None, (role, "strong" if look.strong else "")))


def _count(number: int, look: CellLook, role: str = "") -> list[Span]:
    if not number:
        return [(look.glyphs.none, "faint")]
    return [_number(fmt.count(number) if number < _LARGE else fmt.short_count(number), look, role)]


def _unknown(look: CellLook) -> list[Span]:
    return [(look.glyphs.pending if look.waiting else look.glyphs.none, "faint")]


def _change(row: AgentRow, look: CellLook, width: int, measure: str) -> list[Span]:
    del width
    share = row.change(measure)
    if share is None:
        return [(look.glyphs.none, "faint")] if row.before is not None else _unknown(look)
    if math.isinf(share):
        return [("new", "muted")]
    percent = round(100 * share)
    if not percent:
        return [("=", "muted")]
    sign = look.glyphs.more if percent > 0 else look.glyphs.less
    if percent > _MOST_PERCENT:
        return [(f"{sign} ", "muted"), (f"{min(share + 1, _MOST_PERCENT):.0f}", ""), (" x", "muted")]
    return [(f"{sign} ", "muted"), (str(abs(percent)), ""), (" %", "muted")]


def _activity(row: AgentRow, look: CellLook, width: int) -> list[Span]:
    if row.activity is None or len(look.edges) != len(row.activity) + 1:
        return _unknown(look)
    merged: list[Span] = []
    for text, role in sparkline(heights(look.edges, row.activity, width), look.glyphs):
        if merged and merged[-1][1] == role:
            merged[-1] = (merged[-1][0] + text, role)
        else:
            merged.append((text, role))
    return merged


def _errors(row: AgentRow, look: CellLook, width: int) -> list[Span]:
    del width
    figures = row.figures
    if not figures.outcomes:
        return [(f"{look.glyphs.none}  ", "faint")]
    alarm = row.failures_alarm
    mark = f"{look.glyphs.failure} " if alarm == "error" else ""
    number = fmt.percent(figures.failures, figures.outcomes)
    role = _ROLE_OF_ALARM[alarm]
    return [(mark, role), _number(number, look, role or ("" if figures.failures else "muted")), (" %", "muted")]


def _denied(row: AgentRow, look: CellLook, width: int) -> list[Span]:
    del width
    return _count(row.figures.denials, look, row.denials_alarm)


def _percentile(row: AgentRow, look: CellLook, width: int, share: float) -> list[Span]:
    del width
    if row.durations is None:
        nothing = look.glyphs.pending if look.waiting and row.figures.outcomes else look.glyphs.none
        return [(f"{nothing}   ", "faint")]
    found = row.durations.quantile(share)
    if found is None:
        return [(f"{look.glyphs.none}   ", "faint")]
    number, unit = fmt.duration(found)
    return [_number(number, look), (f" {'min' if unit == 'm' else unit:>2}", "muted")]


def _tokens(number: int, look: CellLook) -> list[Span]:
    if not number:
        return [(f"{look.glyphs.none}  ", "faint")]
    text, _, unit = fmt.short_count(number).partition(" ")
    return [_number(text, look), (f" {unit or ' '}", "muted")]


def money(microusd: int) -> str:
    """Return dollars with cents as far as there is room for them, so that the digits of a column align."""
    dollars = microusd / _MICROS
    if 0 < microusd < _CENT // 2:
        return "<$0.01"
    if dollars < _TEN_THOUSAND:
        return f"${dollars:,.2f}"
    return f"${dollars:,.0f}" if dollars < _MILLION else f"${fmt.short_count(round(dollars)).replace(' ', '')}"


def _cost(row: AgentRow, look: CellLook, width: int) -> list[Span]:
    del width
    figures = row.figures
    if not (figures.reported or figures.priced):
        return [("not known", "muted")] if figures.unpriced else [(look.glyphs.none, "faint")]
    least = [(f"{look.glyphs.least} ", "muted")] if figures.unpriced else []
    return [*least, _number(money(figures.cost_microusd), look)]


def _last(row: AgentRow, look: CellLook, width: int) -> list[Span]:
    del width
    if row.last_us is None:
        return _unknown(look)
    micros = look.now_us - row.last_us
    text = fmt.ago(micros).removesuffix(" ago") if micros < _LONG_US else f"{micros // _YEAR_US} years"
    number, _, unit = text.partition(" ")
    return [(number, ""), (f" {unit}" if unit else "", "muted")]


def _name(row: AgentRow, look: CellLook, width: int) -> list[Span]:
    if row.value is None:
        return [(pad(look.nameless, width), "muted")]
    return [(pad(row.value, width), "muted" if row.silent else "name")]


_MAKERS: Final[dict[str, Callable[[AgentRow, CellLook, int], list[Span]]]] = {
    "name": _name,
    "calls": lambda row, look, _: _count(row.figures.calls, look),
    "events": lambda row, look, _: _count(row.figures.events, look),
    "change": lambda row, look, width: _change(row, look, width, "calls"),
    "event change": lambda row, look, width: _change(row, look, width, "events"),
    "activity": _activity,
    "errors": _errors,
    "denied": _denied,
    "p50": lambda row, look, width: _percentile(row, look, width, PERCENTILES["p50"]),
    "p95": lambda row, look, width: _percentile(row, look, width, PERCENTILES["p95"]),
    "p99": lambda row, look, width: _percentile(row, look, width, PERCENTILES["p99"]),
    "input": lambda row, look, _: _tokens(row.figures.input_tokens, look),
    "cache read": lambda row, look, _: _tokens(row.figures.cache_read_tokens, look),
    "cache write": lambda row, look, _: _tokens(row.figures.cache_write_tokens, look),
    "output": lambda row, look, _: _tokens(row.figures.output_tokens, look),
    "tokens": lambda row, look, _: _tokens(row.figures.tokens, look),
    "cost": _cost,
    "last": _last,
}
