"""Bytes as rows, and the mark on the one that is wrong."""

from __future__ import annotations

import pytest

from tui.glyphs import ASCII, UNICODE
from tui.widgets.hex_lines import hex_lines
from tui.widgets.sparkline import sparkline


def texts(raw: bytes, width: int, fault: int | None = None) -> list[str]:
    return ["".join(text for text, _ in line.spans) for line in hex_lines(raw, 0x100, width, 100, fault)]


def test_sixteen_bytes_a_row_where_there_is_room_else_eight() -> None:
    assert texts(b"0123456789abcdefg", 80)[0] == (
        "00000100  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  0123456789abcdef"
    )
    assert texts(b"0123456789", 60) == [
        "00000100  30 31 32 33 34 35 36 37  01234567",
        "00000108  38 39" + " " * 20 + "89",
    ]


@pytest.mark.parametrize("width", [80, 60])
@pytest.mark.parametrize("fault", range(20))
def test_the_line_below_points_to_digits_and_sign_of_the_fault(width: int, fault: int) -> None:
    raw = bytes(range(0x41, 0x41 + 20))
    rows = texts(raw, width, fault)
    at = next(index for index, row in enumerate(rows) if "^" in row)
    digits = rows[at].index("^^")
    sign = rows[at].rindex("^")
    assert rows[at - 1][digits : digits + 2] == f"{raw[fault]:02x}"
    assert rows[at - 1][sign] == chr(raw[fault])


def test_without_a_fault_nothing_is_marked() -> None:
    assert not any("^" in row for row in texts(b"abc", 80))


def test_a_row_of_bars_never_fills_its_row_and_shows_the_least() -> None:
    bars = list(sparkline((0, 1, 500, 1000), UNICODE))
    assert [text for text, _ in bars] == ["▁", "▂", "▃", "▆"]
    assert [role for _, role in bars] == ["faint", "bar", "bar", "bar"]
    assert all(text.isascii() for text, _ in sparkline((0, 1, 5), ASCII))
