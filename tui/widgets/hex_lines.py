"""Bytes as rows of offset, hexadecimal and ASCII."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDE: Final = 76
"""Cells that sixteen bytes a row take."""


def hex_lines(raw: bytes, offset: int, width: int, limit: int) -> list[Line]:
    """Return at most `limit` rows of `raw`, which stood at `offset` in its source; as many bytes a row as fit."""
    per_row = 16 if width >= WIDE else 8
    return list(_rows(raw[: per_row * limit], offset, per_row))


def _rows(raw: bytes, offset: int, per_row: int) -> Iterator[Line]:
    for start in range(0, len(raw), per_row):
        row = raw[start : start + per_row]
        halves = "  ".join(row[half : half + 8].hex(" ").ljust(23) for half in range(0, per_row, 8))
        text = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in row)  # noqa: PLR2004 (printable ASCII)
        yield Line(((f"{offset + start:08x}  ", "faint"), (halves, "muted"), ("  ", ""), (text, "")))
