"""Whether a text or a number is one that a value asks for; shared by whatever compares in Python."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from store.filters.patterns import found_in
from store.filters.syntax import Between, Comparison, Glob, Moment, Present, Regex, Text, Value


def text_matches(value: Value, text: str) -> bool:
    """Return whether a text is what a value asks for; comparisons and times never are."""
    match value:
        case Text():
            return text == value.text
        case Glob():
            return _glob_matches(value.pieces, text)
        case Regex():
            return found_in(value.pattern, text)
        case Present():
            return True
        case Comparison() | Between() | Moment():
            return False
        case _:
            assert_never(value)


def _glob_matches(pieces: tuple[str, ...], text: str) -> bool:
    """Return whether the pieces stand in the text in order, the first at its start and the last at its end."""
    first, *middle, last = pieces
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def number_matches(value: Comparison | Between, number: Decimal) -> bool:
    """Return whether a number is what a value asks for."""
    if isinstance(value, Between):
        return value.low <= number <= value.high
    match value.operator:
        case "=":
            return number == value.amount
        case ">":
            return number > value.amount
        case ">=":
            return number >= value.amount
        case "<":
            return number < value.amount
        case "<=":
            return number <= value.amount
        case _:
            assert_never(value.operator)
