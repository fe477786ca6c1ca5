"""`ai tokens` and `mcp calls`: one row for each hour, day, week or month."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from cli.analytics.asking import Sum, everything
from cli.analytics.growth import growth
from cli.analytics.measures import FIELDS, measures
from cli.analytics.named import cut_rows, total_row
from cli.analytics.report import Column, Kind, Report, Row, Table
from cli.analytics.timestamps import stamp
from cli.analytics.window import Default, Window, last_periods
from cli.problems import UsageProblem
from store.analytics.calendar_spans import edges_of, end_of, start_of
from store.analytics.model import Figures, UsageRow
from store.analytics.periods import Period
from tui import format as words

if TYPE_CHECKING:
    from cli.analytics.asking import Asking
    from cli.analytics.ordering import Cut

USUAL: Final = {Period.HOUR: 24, Period.DAY: 30, Period.WEEK: 12, Period.MONTH: 12}
"""So many periods are shown where no window was named."""
_MOST: Final = 5_000
_SECOND: Final = 2
_HOUR_US: Final = 3_600_000_000
_ABOUT_US: Final = {
    Period.HOUR: _HOUR_US,
    Period.DAY: 24 * _HOUR_US,
    Period.WEEK: 168 * _HOUR_US,
    Period.MONTH: 730 * _HOUR_US,
}

_COMMON: Final = (Column("change", Kind.CHANGE, "change", 3), Column("bar", Kind.BAR, "main", 8))
_COST: Final = (Column("cost", Kind.MONEY, "cost_microusd", 1), Column("unpriced", Kind.SHARE, "unpriced_share", 5))


@dataclass(frozen=True, slots=True)
class Counted:
    """What is told of each period: `main` is drawn and compared with the period before."""

    title: str
    main: str
    columns: tuple[Column, ...]
    durations: bool = False


TOKENS: Final = Counted(
    "AI tokens",
    "tokens",
    (
        Column("tokens", Kind.TOKENS, "tokens"), *_COMMON,
        Column("input", Kind.TOKENS, "input_tokens", 6), Column("output", Kind.TOKENS, "output_tokens", 4),
        Column("cached", Kind.TOKENS, "cache_read_tokens", 7), Column("written", Kind.TOKENS, "cache_write_tokens", 9),
        *_COST,
    ),
)  # fmt: skip
CALLS: Final = Counted(
    "MCP calls",
    "calls",
    (
        Column("calls", Kind.COUNT, "calls"), *_COMMON,
        Column("failed", Kind.FAILED, "failure_rate", 1), Column("denied", Kind.DENIALS, "denials", 2),
        Column("p50", Kind.DURATION, "p50_us", 6), Column("p95", Kind.DURATION, "p95_us", 4),
        Column("p99", Kind.DURATION, "p99_us", 7),
    ),
    durations=True,
)  # fmt: skip


def usual_window(period: Period) -> tuple[Default, str]:
    """Return what the window is where none was named, and what it is called."""
    count = USUAL[period]
    return last_periods(period, count), f"last {count} {period}s"


def period_report(asking: Asking, counted: Counted, period: Period, cut: Cut) -> Report:
    """Return the report with a row for each period of the window, the oldest first.

    Raises:
        UsageProblem: there are too many periods, or `--sort` names no column.
        StoreError: the store cannot be read.
    """
    rows, sums = _rows(asking, counted, period)
    fields = ("since", "before", *FIELDS)
    table = Table("rows", counted.title, (Column(period.value, Kind.TEXT, "label"), *counted.columns), fields)
    if cut.sort is None:
        shown = rows if cut.limit is None else rows[max(0, len(rows) - cut.limit) :]
        more = len(rows) - len(shown)
    else:
        shown, more = cut_rows(rows, cut, None, table)
    whole = everything(asking.sums(durations=counted.durations), compared=asking.compared)
    total = total_row([whole], len(sums), counted.main)
    said = {"label": f"all {len(sums):,}", "main": None}
    table = replace(table, rows=tuple(shown), total=None if total is None else {**total, **said}, more=more)
    about = {"period": period.value}
    return Report(f"{counted.title} by {period}", asking.window, whole, (table,), compared=asking.compared, about=about)


def _rows(asking: Asking, counted: Counted, period: Period) -> tuple[list[Row], list[Sum]]:
    window = asking.window
    edges = _edges(window, period)
    began = start_of(period, edges[0], utc=window.utc)
    clipped = began < edges[0]
    lead = began if clipped else start_of(period, began - 1, utc=window.utc)
    found = {row.stretch: row for row in asking.stretches((lead, *edges), durations=counted.durations)}
    nothing = UsageRow((), 0, Figures())
    rows: list[Row] = []
    sums: list[Sum] = []
    for place, (start, end) in enumerate(pairwise(edges), 1):
        known, past = found.get(place, nothing), found.get(place - 1, nothing).figures
        if place == _SECOND and clipped:  # the part of the first period that lies before the window belongs to it
            past += found.get(0, nothing).figures
        comparable = _is_whole(start, end, period, utc=window.utc) and (asking.compared or place > 1)
        sums.append(Sum(known.figures, past if comparable else None, known.durations))
        rows.append(_row(start, end, sums[-1], counted, period, utc=window.utc))
    return rows, sums


def _edges(window: Window, period: Period) -> tuple[int, ...]:
    number = (window.end_us - window.start_us) // _ABOUT_US[period]
    if number > _MOST:
        raise UsageProblem(f"that are {number:,} {period}s: choose a longer --period or a later --since")
    return edges_of(period, window.start_us, window.end_us, utc=window.utc)


def _is_whole(start: int, end: int, period: Period, *, utc: bool) -> bool:
    return start == start_of(period, start, utc=utc) and end == end_of(period, start, utc=utc)


def _row(start: int, end: int, found: Sum, counted: Counted, period: Period, *, utc: bool) -> Row:
    row: dict[str, Any] = {"since": stamp(start), "before": stamp(end), **measures(found)}
    row["label"] = _label(start, period, utc=utc)
    row["main"] = row[counted.main]
    row["change"] = growth(row, counted.main)
    return row


def _label(start: int, period: Period, *, utc: bool) -> str:
    """Return how a period is called: `2026-11-22 14:00`, `Sun 2026-11-22`, `2026-11-16`, `2026-11`."""
    day = words.day(start, utc=utc)
    if period is Period.HOUR:
        return f"{day} {words.minute(start, utc=utc)}"
    if period is Period.MONTH:
        return day[:7]
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    return f"{names[words.broken_down(start, utc=utc).tm_wday]} {day}"
