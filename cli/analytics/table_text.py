"""A table as lines of text: numbers to the right, units in a place of their own, columns that give way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, set_cell_size

from cli.analytics.cells import Cell, cell_of
from cli.analytics.drawing import bar, spark
from cli.analytics.report import DRAWN, NUMBERS, Column, Kind
from store.safe_text import safe_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.analytics.look import Look
    from cli.analytics.report import Row, Table

GAP: Final = 2
_LEAST_TEXT: Final = 12
_MOST_TEXT: Final = 40
"""A name is no wider while there is something else to show."""
_SPARK: Final = (10, 30)
_BAR: Final = (6, 24)
_DOLLAR: Final = 1_000_000


@dataclass(slots=True)
class _Place:
    """One column while widths are found. `text` and `unit` are the cells that each part takes."""

    column: Column
    heading: str
    cells: list[Cell]
    text: int
    unit: int
    most: int
    """Cells that the text would take if there were room."""

    @property
    def width(self) -> int:
        return max(cell_len(self.heading), self.text + self.unit)


def table_lines(table: Table, look: Look) -> list[str]:
    """Return the heading, the rows and the total; without rows a line that says so."""
    if not table.rows:
        return [look.inked(table.empty, "dim")]
    places = [
        place for column in table.columns if (place := _place(column, table, look)) is not None and _says(place, table)
    ]
    dropped = _fit(places, look.width)
    lines = [look.inked(_joined(places, [_cut(place.heading, place.width, look) for place in places]), "dim")]
    rows = [*table.rows, *([table.total] if table.total is not None else [])]
    for number, row in enumerate(rows):
        texts = [_shown(place, row, place.cells[number], table, look) for place in places]
        lines.append(_joined(places, texts))
    if any(one.kind is Kind.OF for one in dropped):
        lines.append(look.inked(f"{len(dropped):,} more columns need a wider terminal, or --format json", "dim"))
    if table.more:
        lines.append(look.inked(f"and {table.more:,} more: --limit N shows N of them", "dim"))
    return lines


def _place(column: Column, table: Table, look: Look) -> _Place | None:
    if column.kind in DRAWN:
        if look.width is None:
            return None
        least = _SPARK[0] if column.kind is Kind.SPARK else _BAR[0]
        heading = (column.heading if column.heading is not None else column.key) if column.kind is Kind.SPARK else ""
        most = _SPARK[1] if column.kind is Kind.SPARK else _BAR[1]
        return _Place(column, heading, [Cell("")] * (len(table.rows) + 1), least, 0, most)
    rows = [*table.rows, *([table.total] if table.total is not None else [])]
    cents = column.kind is not Kind.MONEY or any((row.get(column.field) or 0) >= _DOLLAR for row in rows)
    cells = [cell_of(column, row, look, cents=cents) for row in rows]
    unit = max(cell_len(one.unit) for one in cells)
    most = max(cell_len(one.text) for one in cells)
    text = min(most, _MOST_TEXT) if column.kind is Kind.TEXT and look.width is not None else most
    return _Place(column, safe_text(column.heading or column.key), cells, text, unit + 1 if unit else 0, most)


def _says(place: _Place, table: Table) -> bool:
    """Return whether a column says anything at all in these rows."""
    if place.column.rank == 0:
        return True
    return any(row.get(place.column.field) not in (None, "") for row in table.rows)


def _fit(places: list[_Place], width: int | None) -> list[Column]:
    """Leave out columns, which are returned, then cut texts, until a line fits; what is left goes to what is drawn."""
    dropped: list[Column] = []
    if width is None:
        return dropped
    while _total(places) > width and (least := max(places, key=lambda one: one.column.rank)).column.rank:
        places.remove(least)
        dropped.append(least.column)
    for place in places:
        if place.column.kind is Kind.TEXT and (over := _total(places) - width) > 0:
            place.text = max(_LEAST_TEXT, place.text - over)
    for place in sorted(places, key=lambda one: one.column.kind in DRAWN):
        place.text = min(place.most, place.text + max(0, width - _total(places)))
    return dropped


def _total(places: Sequence[_Place]) -> int:
    return sum(place.width for place in places) + GAP * (len(places) - 1)


def _shown(place: _Place, row: Row, cell: Cell, table: Table, look: Look) -> str:
    column = place.column
    if column.kind is Kind.SPARK:
        return look.inked(spark(row.get(column.field) or (), place.text, look.glyphs), "blue")
    if column.kind in DRAWN:
        if row is table.total:
            return ""
        whole = 1.0 if column.kind is Kind.LEVEL else 0
        peak = whole or max((one.get(column.field) or 0 for one in table.rows), default=0)
        return look.inked(bar(row.get(column.field) or 0, peak, place.text, look.glyphs), "blue")
    text = _cut(cell.text, place.text, look) if column.kind is Kind.TEXT and look.width is not None else cell.text
    unit = f" {cell.unit}".ljust(place.unit) if place.unit else ""
    ink = cell.ink or ("bold" if row is table.total else None)
    return f"{look.inked(text, ink)}{look.inked(unit, 'dim' if cell.unit else None)}"


def _joined(places: Sequence[_Place], texts: Sequence[str]) -> str:
    parts: list[str] = []
    for place, text in zip(places, texts, strict=True):
        padding = " " * max(0, place.width - cell_len(plain(text)))
        parts.append(padding + text if place.column.kind in NUMBERS else text + padding)
    return (" " * GAP).join(parts).rstrip()


def plain(text: str) -> str:
    """Return a text without the inks that `Look` gave it; no other escapes are ever in it."""
    first, *rest = text.split("\x1b[")
    return first + "".join(piece.partition("m")[2] for piece in rest)


def _cut(text: str, width: int, look: Look) -> str:
    return text if cell_len(text) <= width else set_cell_size(text, max(width - 1, 0)) + look.glyphs.ellipsis
