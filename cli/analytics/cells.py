"""Values as people read them: a number and its unit, so that digits and units each stand under each other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cli.analytics.report import Kind
from store.safe_text import safe_text
from tui import format as words

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.analytics.look import Look
    from cli.analytics.report import Column, Row

_MILLION: Final = 1_000_000
_LEAST_SHARE: Final = 0.0005
_MUCH: Final = 10
"""From so many times as much on, a change is told in times instead of per cent."""
_LEAST_CHANGE: Final = 0.005


@dataclass(frozen=True, slots=True)
class Cell:
    """A text and what stands behind it in a place of its own. Both are safe to show."""

    text: str
    unit: str = ""
    ink: str | None = None


def cell_of(column: Column, row: Row, look: Look, *, cents: bool = True) -> Cell:
    """Return how a row's value in a column is written; `cents`: money has two decimals, else four."""
    value = row.get(column.field)
    if column.kind is Kind.TEXT:
        return Cell(
            safe_text("" if value is None else str(value)), ink="dim" if row.get("nameless") else row.get("ink")
        )
    if column.kind is Kind.MONEY:
        return _money(value, row, look, cents=cents, whole=column.field == "cost_microusd")
    if column.kind is Kind.FAILED:
        return _failed(value, row, look)
    if value is None:
        return _nothing(look)
    if column.kind is Kind.AMOUNT:
        partly = row.get("at_least") and column.field != "limit"
        text = money(value, cents=value >= _MILLION or not value) if row.get("money") else words.short_count(value)
        return Cell(f"{at_least(look)} {text}" if partly else text)
    return _WRITERS[column.kind](value, look)


def _nothing(look: Look) -> Cell:
    return Cell(look.glyphs.none if look.width is not None else "-", ink="dim")


def _count(value: int, look: Look) -> Cell:
    del look
    return Cell(words.count(value))


def _denials(value: int, look: Look) -> Cell:
    return Cell(words.count(value), ink="yellow") if value or look.width is None else _nothing(look)


def _time(value: int, look: Look) -> Cell:
    if look.width is None:
        return Cell(words.full_time(value, utc=look.utc)[:19])
    return Cell(words.ago(look.now_us - value).removesuffix(" ago"))


def _share(value: float, look: Look) -> Cell:
    return Cell(share(value), "%") if value or look.width is None else _nothing(look)


def share(value: float) -> str:
    """Return a share (0 to 1) in per cent without its sign: `1.1`, `<0.1` where it would read as none."""
    return f"{100 * value:.1f}" if value >= _LEAST_SHARE or not value else "<0.1"


def _failed(value: float | None, row: Row, look: Look) -> Cell:
    if value is None:
        return _nothing(look)
    if not worse(row) or look.width is None:
        return Cell(share(value), "%")
    return Cell(f"{look.glyphs.failure} {share(value)}", "%", "red")


def worse(row: Row) -> bool:
    """Return whether clearly more calls failed than the window before lets expect, chance set aside.

    Of so many calls about so many would have failed (e); chance alone makes hardly ever more than e + 3 sqrt(e + 1) of
    them, for rare independent events scatter by their square root.
    """
    before = row.get("failure_rate_before")
    if before is None:
        return False
    expected = before * row["outcomes"]
    return row["failures"] > expected + 3 * math.sqrt(expected + 1)


def _duration(value: int, look: Look) -> Cell:
    del look
    return Cell(*words.duration(value))


def _tokens(value: int, look: Look) -> Cell:
    if look.width is None:
        return Cell(words.count(value))
    if not value:
        return _nothing(look)
    number, _, unit = words.short_count(value).partition(" ")
    return Cell(number, unit)


def money(value: int, *, cents: bool) -> str:
    """Return micro-USD as `$1,189.18`, with four decimals where not `cents`; `<$0.01` where it would read as none."""
    if not value:
        return "$0.00"
    least = _MILLION // 100 if cents else 100
    if 0 < value < least / 2:
        return f"<${least / _MILLION:.{2 if cents else 4}f}"
    return f"${value / _MILLION:,.{2 if cents else 4}f}"


def _money(value: int | None, row: Row, look: Look, *, cents: bool, whole: bool) -> Cell:
    """Return a sum of money; `whole`: it is all of the cost, so that what has no price is missing in it."""
    if value is None:
        return Cell("?", ink="dim") if whole else _nothing(look)
    partly = whole and row.get("unpriced")
    if not value and not partly and look.width is not None:
        return _nothing(look)
    return Cell(f"{at_least(look)} {money(value, cents=cents)}" if partly else money(value, cents=cents))


def at_least(look: Look) -> str:
    """Return the sign of what is only known in part."""
    return ">=" if look.glyphs.ascii else "≥"


def _change(value: float, look: Look) -> Cell:
    return Cell(*change(value, look))


def change(value: float, look: Look) -> tuple[str, str]:
    """Return a change (0.12: an eighth more; infinite: from nothing) as a number with its arrow, and its unit."""
    if math.isinf(value):
        return "new", ""
    if abs(value) < _LEAST_CHANGE:
        return "=", ""
    up, down = ("+", "-") if look.glyphs.ascii else ("▲ ", "▼ ")
    arrow = up if value > 0 else down
    if value >= _MUCH - 1:
        return f"{arrow}{value + 1:,.0f}", look.glyphs.cross
    return f"{arrow}{100 * abs(value):.0f}", "%"


def _of(value: tuple[int, int], look: Look) -> Cell:
    denied, allowed = value
    if not denied and not allowed:
        return _nothing(look)
    return Cell(f"{denied:,} of {denied + allowed:,}", ink="yellow" if denied else "dim")


_WRITERS: Final[dict[Kind, Callable[[Any, Look], Cell]]] = {
    Kind.TIME: _time,
    Kind.COUNT: _count,
    Kind.DENIALS: _denials,
    Kind.SHARE: _share,
    Kind.DURATION: _duration,
    Kind.TOKENS: _tokens,
    Kind.CHANGE: _change,
    Kind.OF: _of,
}
