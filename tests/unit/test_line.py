"""Lines: cutting, padding and wrapping by cells, and bytes as hexadecimal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from store.safe_text import safe_text
from tui.widgets.hex_lines import hex_lines
from tui.widgets.line import fit, pad, spans_width, wrap, wrap_spans

TEXT = st.text(st.characters(codec=None), max_size=80) | st.text("漢a b\n\x1b🧑", max_size=80)


@given(st.lists(TEXT, max_size=4), st.integers(0, 60))
def test_fitted_spans_are_safe_and_never_wider_than_asked(texts: list[str], width: int) -> None:
    fitted = fit([(text, "") for text in texts], width)
    assert spans_width(fitted) <= width
    assert all(safe_text(text) == text for text, _ in fitted)


@given(TEXT, st.integers(1, 60))
def test_padded_text_has_exactly_its_width(text: str, width: int) -> None:
    assert cell_len(pad(text, width)) == width
    assert cell_len(pad(text, width, right=True)) == width


@given(TEXT, st.integers(2, 30), st.integers(1, 5))
def test_wrapped_rows_keep_to_width_and_number(text: str, width: int, limit: int) -> None:
    rows = wrap(text, width, limit)
    assert 1 <= len(rows) <= limit
    assert all(cell_len(row) <= width for row in rows)
    assert all(safe_text(row) == row for row in rows)


@given(st.text("abc ", max_size=60), st.integers(2, 30))
def test_wrapping_loses_nothing_but_spaces(text: str, width: int) -> None:
    rows = wrap(text, width, 100)
    assert "".join(rows).replace(" ", "") == text.replace(" ", "")


def test_words_stay_whole_where_they_fit() -> None:
    assert wrap("say where event files are", 10, 9) == ["say where", "event", "files are"]


def test_what_is_left_out_is_marked() -> None:
    assert wrap("one two three four", 9, 1) == ["one two…"]
    assert fit([("abcdef", "x")], 4) == [("abc…", "x")]


def test_spans_share_a_row_or_take_rows_of_their_own() -> None:
    assert wrap_spans([("ab", "x"), (" cd", "y")], 5, 3) == [(("ab", "x"), (" cd", "y"))]
    assert wrap_spans([("abcd", "x"), (" efgh", "y")], 5, 3) == [(("abcd", "x"),), (("efgh", "y"),)]


def test_bytes_stand_beside_their_offset_and_their_letters() -> None:
    (line,) = hex_lines(b"\x00A\x1b~", 0x1CB929, 80, 5)
    assert "".join(text for text, _ in line.spans).split() == ["001cb929", "00", "41", "1b", "7e", "·A·~"]


def test_bytes_are_bounded_and_narrow_panes_have_eight_a_row() -> None:
    assert len(hex_lines(bytes(10_000), 0, 80, 7)) == 7
    assert len(hex_lines(bytes(16), 0, 50, 7)) == 2
