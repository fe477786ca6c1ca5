"""Bytes as rows of offset, hexadecimal and ASCII, one of them marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.widgets.line import Span

WIDE: Final = 76
"""Cells that sixteen bytes a row take."""
_OFFSET: Final = 10
_HALF: Final = 8


def bytes_per_row(width: int) -> int:
    """Return how many bytes a row of `width` cells shows."""
    return 16 if width >= WIDE else 8


def hex_lines(raw: bytes, offset: int, width: int, limit: int, fault: int | None = None) -> list[Line]:
    """Return at most `limit` rows of `raw`, which stood at `offset` in its source; as many bytes a row as fit.

    `fault` is the index of a byte to mark: in another style, and with a line below that points to it.
    """
    per_row = bytes_per_row(width)
    return list(_rows(raw[: per_row * limit], offset, per_row, fault))


def _rows(raw: bytes, offset: int, per_row: int, fault: int | None) -> Iterator[Line]:
    for start in range(0, len(raw), per_row):
        row = raw[start : start + per_row]
        at = None if fault is None or not start <= fault < start + per_row else fault - start
        hexes = _halves(row, per_row)
        text = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in row)  # noqa: PLR2004 (printable ASCII)
        place: Span = (f"{offset + start:08x}  ", "faint")
        if at is None:
            yield Line((place, (hexes, "muted"), ("  ", ""), (text, "")))
            continue
        column = _column(at)
        yield Line(
            (
                place,
                (hexes[:column], "muted"),
                (hexes[column : column + 2], "critical"),
                (hexes[column + 2 :], "muted"),
                ("  ", ""),
                (text[:at], ""),
                (text[at], "critical"),
                (text[at + 1 :], ""),
            )
        )
        below = " " * (len(hexes) - column - 2 + 2 + at)
        yield Line(((f"{' ' * (_OFFSET + column)}^^{below}^", "error"),))


def _halves(row: bytes, per_row: int) -> str:
    return "  ".join(row[half : half + _HALF].hex(" ").ljust(23) for half in range(0, per_row, _HALF))


def _column(index: int) -> int:
    """Return where a byte's two digits begin: three cells a byte, and one more cell between the halves."""
    return index * 3 + index // _HALF
