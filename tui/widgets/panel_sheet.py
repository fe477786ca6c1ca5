"""The panel as one sheet: columns of panes beside each other, and where on it the numbers are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from rich.cells import cell_len

from tui.agent_behind import Target
from tui.widgets.panel_row import Piece, Row, laid

MARGIN: Final = 2
GAP: Final = 2
_ROW_DOWN: Final = 6
_ROW_ASIDE: Final = 2
"""How many cells a row is worth when the next number is looked for up or down, and aside."""

Side = Literal["up", "down", "left", "right"]


@dataclass(frozen=True, slots=True)
class Placed:
    """A pane's heading and where it stands, so that it can be drawn again with other words."""

    heading: Row
    row: int
    start: int
    width: int


@dataclass(slots=True)
class Spot:
    """A number on the sheet; `boxes` are its rows with first cell and end. `column` -1: above all columns."""

    target: Target
    column: int
    pane: Placed
    boxes: list[tuple[int, int, int]] = field(default_factory=list[tuple[int, int, int]])

    @property
    def top(self) -> int:
        """Its first row."""
        return self.boxes[0][0]

    @property
    def bottom(self) -> int:
        """Its last row."""
        return self.boxes[-1][0]

    @property
    def start(self) -> int:
        """Its first cell."""
        return min(start for _, start, _ in self.boxes)

    @property
    def end(self) -> int:
        """The cell after its last one."""
        return max(end for _, _, end in self.boxes)


@dataclass(frozen=True, slots=True)
class Column:
    """Panes below each other, `width` cells wide; each is its rows, the first of them the heading."""

    width: int
    panes: tuple[tuple[Row, ...], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All rows, of the same width, and the numbers on them by their names."""

    rows: tuple[tuple[Piece, ...], ...] = ()
    spots: dict[tuple[str, ...], Spot] = field(default_factory=dict[tuple[str, ...], Spot])

    def at(self, row: int, cell: int) -> Spot | None:
        """Return the number that stands there."""
        return next(
            (one for one in self.spots.values() if any(y == row and a <= cell < b for y, a, b in one.boxes)), None
        )

    def beside(self, spot: Spot, side: Side) -> Spot | None:
        """Return the number that the cursor goes to from another; None: there is none on that side."""
        if side in ("up", "down"):
            return _next_row(self.spots.values(), spot, down=side == "down")
        return _next_cell(self.spots.values(), spot, right=side == "right")


def sheet_of(head: Row, columns: Sequence[Column], width: int) -> Sheet:
    """Return the sheet with `head` in its first row and the columns below."""
    sheet = Sheet()
    inner = max(width - 2 * MARGIN, 1)
    rows = [_indented(laid(head, inner)), (Piece(" " * width),)]
    _note(sheet, laid(head, inner), Placed(head, 0, MARGIN, inner), 0, -1)
    start, built = MARGIN, list[list[tuple[Piece, ...]]]()
    for index, column in enumerate(columns):
        built.append(list(_built(sheet, column, index, start)))
        start += column.width + GAP
    most = max(map(len, built), default=0)
    rows += [(Piece(" " * MARGIN), *_across(columns, built, y)) for y in range(most)]
    return Sheet(tuple(rows), sheet.spots)


def _indented(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    return (Piece(" " * MARGIN), *pieces)


def _across(columns: Sequence[Column], built: Sequence[Sequence[tuple[Piece, ...]]], y: int) -> Iterator[Piece]:
    for column, rows in zip(columns, built, strict=True):
        yield from rows[y] if y < len(rows) else (Piece(" " * column.width),)
        yield Piece(" " * GAP)


def _built(sheet: Sheet, column: Column, index: int, start: int) -> Iterator[tuple[Piece, ...]]:
    y = 2
    for pane in column.panes:
        placed = Placed(pane[0], y, start, column.width)
        for row in pane:
            pieces = laid(row, column.width)
            _note(sheet, pieces, placed, y, index)
            yield pieces
            y += 1
        yield (Piece(" " * column.width),)
        y += 1


def _note(sheet: Sheet, pieces: Sequence[Piece], pane: Placed, y: int, column: int) -> None:
    cell = pane.start
    for piece in pieces:
        end = cell + cell_len(piece.text)
        if piece.target is not None:
            spot = sheet.spots.setdefault(piece.target.name, Spot(piece.target, column, pane))
            spot.boxes.append((y, cell, end))
        cell = end


def _next_row(spots: Iterable[Spot], from_: Spot, *, down: bool) -> Spot | None:
    """Return the nearest number above or below in the same column; the headline belongs to all columns."""
    beyond = [
        one
        for one in spots
        if (one.top > from_.bottom if down else one.bottom < from_.top)
        and (one.column == from_.column or -1 in (one.column, from_.column))
    ]
    return min(beyond, key=lambda one: _distance(one, from_, _ROW_DOWN), default=None)


def _next_cell(spots: Iterable[Spot], from_: Spot, *, right: bool) -> Spot | None:
    """Return the nearest number of the same rows; where there is none, the nearest beyond."""
    beyond = [one for one in spots if (one.start >= from_.end if right else one.end <= from_.start)]
    level = [one for one in beyond if one.top <= from_.bottom and one.bottom >= from_.top]
    return min(level or beyond, key=lambda one: _distance(one, from_, _ROW_ASIDE), default=None)


def _distance(one: Spot, other: Spot, row: int) -> int:
    cells = max(one.start - other.end, other.start - one.end, 0)
    return cells + row * max(one.top - other.bottom, other.top - one.bottom, 0)
