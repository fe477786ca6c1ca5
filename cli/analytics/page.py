"""A report as a page of text: what it is about, the sums, lines over time, tables, remarks."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from cli.analytics.cells import at_least, change, money, share, worse
from cli.analytics.drawing import spark
from cli.analytics.growth import growth
from cli.analytics.measures import cost, measures
from cli.analytics.table_text import plain, table_lines
from store.safe_text import safe_text
from tui import format as words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cli.analytics.asking import Sum
    from cli.analytics.look import Look
    from cli.analytics.report import Report, Row, Strip, Table
    from cli.analytics.window import Window

WIDE: Final = 140
"""From so many cells on, tables stand beside each other."""
_GUTTER: Final = 4
_DOLLAR: Final = 1_000_000


def page(report: Report, look: Look) -> Iterator[str]:
    """Give the lines of a report; all texts of events in it are safe to show."""
    yield from _title(report, look)
    if report.total is not None:
        yield from _lines(_facts(report.total, look), "   ", look)
    if look.width is not None:
        yield from (_strip(one, look, look.width) for one in report.strips if any(one.numbers))
    for lines in _blocks(report, look):
        yield ""
        yield from lines
    if report.remarks:
        yield ""
        yield from (look.inked(safe_text(one), None) for one in report.remarks)


def window_words(window: Window) -> str:
    """Return the window as people say it, in its own zone: `last 30 days, since 2026-10-25 00:00 (+01:00)`."""
    zone = words.zone_offset(window.start_us, utc=window.utc)
    since = _moment(window.start_us, window)
    if window.default is not None:
        return f"{window.default}, since {since} ({zone})"
    return f"{since} to {_moment(window.end_us, window)} ({zone})"


def _moment(ts_us: int, window: Window) -> str:
    return words.full_time(ts_us, utc=window.utc)[:16]


def _title(report: Report, look: Look) -> Iterator[str]:
    window = report.window
    parts = [safe_text(report.title)]
    if window is None:
        parts.append(f"now {words.full_time(look.now_us, utc=look.utc)[:16]}")
    else:
        parts.append(window_words(window))
    if window is not None and report.compared:
        span = window.default.removeprefix("last ") if window.default else words.span(window.end_us - window.start_us)
        parts.append(f"against the {span} before")
    for line in _lines(parts, f" {look.glyphs.none} ", look):
        if line.startswith(parts[0]):
            yield look.inked(parts[0], "bold") + look.inked(line[len(parts[0]) :], "dim")
        else:
            yield look.inked(line, "dim")


def _lines(parts: Iterable[str], between: str, look: Look) -> Iterator[str]:
    """Give parts in one line, or in more where the terminal is narrow."""
    line = ""
    for part in parts:
        joined = f"{line}{between}{part}" if line else part
        if line and look.width is not None and cell_len(joined) > look.width:
            yield line
            joined = part
        line = joined
    yield line


def _facts(total: Sum, look: Look) -> Iterator[str]:
    now, row = total.now, measures(total)
    yield f"{words.count(now.events)} events{_against(row, 'events', look)}"
    if now.calls:
        yield f"{words.count(now.calls)} calls{_against(row, 'calls', look)}"
    if now.failure_rate is not None:
        sign = f"{look.glyphs.failure} " if look.width is not None and worse(row) else ""
        yield f"{sign}{share(now.failure_rate)} % failed"
    if now.denials:
        yield f"{words.count(now.denials)} denied{_against(row, 'denials', look)}"
    if now.tokens:
        yield f"{words.short_count(now.tokens)} tokens{_against(row, 'tokens', look)}"
    known = cost(now)
    if known is None:
        yield "cost not known"
    elif now.reported or now.priced:
        text = money(known, cents=known >= _DOLLAR)
        sign = f"{at_least(look)} " if now.unpriced else ""
        yield f"{sign}{text}{_against(row, 'cost_microusd', look)}"
    if now.unpriced and now.unpriced_share is not None:
        yield f"{share(now.unpriced_share)} % unpriced"


def _against(row: Row, field: str, look: Look) -> str:
    grown = growth(row, field)
    if grown is None:
        return ""
    number, unit = change(grown, look)
    return f" {number}{f' {unit}' if unit else ''}"


def _strip(strip: Strip, look: Look, width: int) -> str:
    label = safe_text(strip.label)
    drawn = spark(strip.numbers, max(10, min(len(strip.numbers), width - cell_len(label) - 22)), look.glyphs)
    return f"{look.inked(label, 'dim')} {look.inked(drawn, 'blue')} {look.inked('peak', 'dim')} {max(strip.numbers):,}"


def _blocks(report: Report, look: Look) -> Iterator[list[str]]:
    """Give the tables, each with its title where there are several; side by side where there is room."""
    tables = report.tables
    if len(tables) == 1:
        yield table_lines(tables[0], look)
        return
    if look.width is None or look.width < WIDE:
        for table in tables:
            yield _titled(table, look, look.width)
        return
    half = (look.width - _GUTTER) // 2
    narrow = replace(look, width=half)
    drawn = [_titled(table, narrow, half) for table in tables]
    nothing: list[str] = []
    for left, right in zip_longest(drawn[::2], drawn[1::2], fillvalue=nothing):
        yield [_beside(one, other, half) for one, other in zip_longest(left, right, fillvalue="")]


def _titled(table: Table, look: Look, width: int | None) -> list[str]:
    title = safe_text(table.title)
    rule = "" if width is None else look.glyphs.rule * max(0, width - cell_len(title) - 1)
    return [f"{look.inked(title, 'bold')} {look.inked(rule, 'dim')}".rstrip(), *table_lines(table, look)]


def _beside(left: str, right: str, width: int) -> str:
    return f"{left}{' ' * (max(0, width - cell_len(plain(left))) + _GUTTER)}{right}".rstrip()
