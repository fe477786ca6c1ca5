"""Text of several roles broken into rows, as a sentence is that has a strong word in it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.cells import cell_len

from store.safe_text import safe_text
from tui.widgets.line import ELLIPSIS, Span, spans_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_Word = list[Span]
"""Spans between which no row ends; or nothing but spaces."""


def flow(spans: Sequence[Span], width: int, limit: int) -> list[tuple[Span, ...]]:
    """Return the spans, made safe, in rows of `width` cells (two at least), broken at spaces, at most `limit` rows.

    A word that is longer than a row is cut into several. What has no room ends in an ellipsis.
    """
    width = max(width, 2)
    rows: list[_Word] = []
    for row in _rows(spans, width, limit):
        rows.append(row)
        if len(rows) > limit:
            last, *_ = _cut(rows[limit - 1], width - 1)
            rows[limit - 1 :] = [[*last, (ELLIPSIS, last[-1][1] if last else "")]]
            break
    return [tuple(row) for row in rows]


def _rows(spans: Sequence[Span], width: int, limit: int) -> Iterator[_Word]:
    row: _Word = []
    used = 0
    for word in _words(spans, width, limit):
        size = spans_width(word)
        if not word[0][0].strip():  # a space at the end of a row is its end
            row += word if row and used + size <= width else []
            used += size if row else 0
            continue
        if row and used + size > width:
            yield _without_space(row)
            row, used = [], 0
        *whole, rest = _cut(word, width)
        yield from whole
        row += rest
        used += spans_width(rest)
    if _without_space(row):
        yield _without_space(row)


def _without_space(row: _Word) -> _Word:
    return row[:-1] if row and not row[-1][0].strip() else row


def _words(spans: Sequence[Span], width: int, limit: int) -> Iterator[_Word]:
    """Yield words and the spaces between them; no more of a text than can be shown is looked at."""
    word: _Word = []
    for text, role in spans:
        for space, letters in groupby(safe_text(text[: (width + 1) * (limit + 1)]), lambda letter: letter == " "):
            if space and word:
                yield word
                word = []
            if space:
                yield [("".join(letters), role)]
            else:
                word.append(("".join(letters), role))
    if word:
        yield word


def _cut(word: _Word, width: int) -> list[_Word]:
    """Return a word in pieces of `width` cells, as few as can be, at least one."""
    pieces: list[_Word] = [[]]
    room = width
    for text, role in word:
        kept = ""
        for letter in text:
            size = cell_len(letter)
            if size > room and (kept or pieces[-1]):
                pieces[-1] += [(kept, role)] if kept else []
                pieces.append([])
                kept, room = "", width
            kept += letter
            room -= size
        pieces[-1] += [(kept, role)] if kept else []
    return pieces
