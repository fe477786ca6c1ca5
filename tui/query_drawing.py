"""A query as it is drawn: as many characters as it has, each visible and harmless, so that places stay the same."""

from __future__ import annotations

from typing import Final

from rich.cells import cell_len

from store.safe_text import safe_text

_STAND_IN: Final = "\N{REPLACEMENT CHARACTER}"


def drawn(text: str) -> str:
    """Return the text with a mark in place of every character that a terminal would act on or not show."""
    return text if safe_text(text) == text else "".join(map(_mark, text))


def _mark(char: str) -> str:
    safe = safe_text(char)
    return safe if len(safe) == 1 else _STAND_IN


def cell_of(text: str, index: int) -> int:
    """Return the cell at which the character of that index begins."""
    return cell_len(drawn(text[:index]))


def index_at(text: str, cell: int) -> int:
    """Return the index of the character in a cell; behind the text: its length."""
    used = 0
    for index, char in enumerate(drawn(text)):
        used += cell_len(char)
        if cell < used:
            return index
    return len(text)


def pasted(text: str) -> str:
    """Return what a pasted text becomes: line ends and tabs are blanks, other control characters visible marks."""
    return safe_text(" ".join(text.split("\n")).translate(_BLANKS))


_BLANKS: Final = dict.fromkeys(map(ord, "\t\r\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029"), " ")
