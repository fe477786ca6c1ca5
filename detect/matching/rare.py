"""Patterns that only texts with a rare character can hold: whether one is there is seen much faster than a match.

Most texts have no control characters, and no letters that are hidden or turn the direction of writing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

_CODE: Final = r"(?:\\x\{[0-9A-Fa-f]{1,6}\}|\\x[0-9A-Fa-f]{2})"
_RANGE: Final = re.compile(rf"({_CODE})(?:-({_CODE}))?")
_ATOM: Final = re.compile(rf"{_CODE}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_MAY_BE_ABSENT: Final = re.compile(r"[*?]|\{0")
_RARE_BELOW: Final = 0x20
_COMMON: Final = frozenset(map(ord, "\t\n\r"))
_ASCII_END: Final = 0x7F
_MOST_LOOKED_AT: Final = 10_000

Span = tuple[int, int]
"""Code points, both ends among them."""


def rare_in(pattern: str) -> tuple[Span, ...] | None:
    """Return characters of which every text that matches a pattern (RE2) has one; None where that is not known."""
    if r"\Q" in pattern or re.search(r"\(\?[a-zA-Z]*i", pattern):
        return None
    depth, at = 0, 0
    found: tuple[Span, ...] | None = None
    while at < len(pattern):
        atom = _ATOM.match(pattern, at)
        assert atom is not None
        at = atom.end()
        depth += (atom[0] == "(") - (atom[0] == ")")
        if depth == 0 and atom[0] == "|":
            return None
        if depth == 0 and found is None and not _MAY_BE_ABSENT.match(pattern, at):
            found = _rare_atom(atom[0])
    return found


def _rare_atom(atom: str) -> tuple[Span, ...] | None:
    """Return the characters that an atom stands for, where all of them are rare and named by number."""
    body = atom[1:-1] if atom.startswith("[") else atom
    if not re.fullmatch(rf"(?:{_CODE}(?:-{_CODE})?)+", body):
        return None
    spans = [(_number(low), _number(high or low)) for low, high in _RANGE.findall(body)]
    return tuple(spans) if all(map(_is_rare, spans)) else None


def _number(code: str) -> int:
    return int(code.strip("\\x{}"), 16)


def _is_rare(span: Span) -> bool:
    low, high = span
    if low >= _ASCII_END:
        return True
    return high < _RARE_BELOW and _COMMON.isdisjoint(range(low, high + 1))


def has_one_of(spans: Iterable[Span]) -> Callable[[str], bool]:
    """Return what answers whether a text has one of these characters."""
    known = sorted(set(spans))
    unprintable = all(high - low < _MOST_LOOKED_AT and not _any_printable(low, high) for low, high in known)
    plain = [chr(code) for low, high in known for code in range(low, min(high, _ASCII_END) + 1)]
    search = re.compile("[" + "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in known) + "]").search

    def has(text: str) -> bool:
        if unprintable and text.isprintable():  # by far the quickest way to see that there is none
            return False
        if text.isascii():
            return any(one in text for one in plain)
        return search(text) is not None

    return has


def _any_printable(low: int, high: int) -> bool:
    return any(chr(code).isprintable() for code in range(low, high + 1))
