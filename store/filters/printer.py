"""From an expression back to text: parsing what is printed gives the same expression."""

from __future__ import annotations

import re
from typing import Final

from store.filters.amounts import write_amount
from store.filters.keys import NUMBER_KEYS, SLASH_REGEX_KEYS, Key
from store.filters.patterns import between_slashes
from store.filters.syntax import (
    And,
    Between,
    Comparison,
    Expression,
    Glob,
    Moment,
    Not,
    Or,
    Present,
    Regex,
    Term,
    Value,
    Words,
)

_SPECIAL: Final = re.compile(r'[\s"\\*,()]')
_MEANT: Final = re.compile(r'[\s"\\*,():]|^-')
"""What would mean something else in the full text of a query."""
_KEYWORDS: Final = frozenset({"OR", "AND", "NOT"})
_BARE_NAME: Final = re.compile(r"[A-Za-z0-9_-]+")


def canonical(expression: Expression | None) -> str:
    """Return the text of an expression; empty where nothing is limited."""
    if expression is None:
        return ""
    if isinstance(expression, And):
        return " ".join(_within_and(operand) for operand in expression.operands)
    if isinstance(expression, Or):
        return " OR ".join(canonical(operand) for operand in expression.operands)
    return _single(expression)


def _within_and(operand: Term | Words | Not | Or) -> str:
    return f"({canonical(operand)})" if isinstance(operand, Or) else _single(operand)


def _single(expression: Term | Words | Not) -> str:
    if isinstance(expression, Not):
        operand = expression.operand
        return f"-({canonical(operand)})" if isinstance(operand, (And, Or)) else f"-{_single(operand)}"
    if isinstance(expression, Words):
        return _words(expression)
    key = ".".join((expression.key, *map(_name, expression.path)))
    return f"{key}:{','.join(_value(expression.key, value) for value in expression.values)}"


def _name(name: str) -> str:
    return name if _BARE_NAME.fullmatch(name) else _quoted(name)


def _words(found: Words) -> str:
    plain = found.text
    bare = (
        bool(plain) and not _SPECIAL.search(plain) and ":" not in plain and plain[0] != "-" and plain not in _KEYWORDS
    )
    if found.prefix:
        return _MEANT.sub(r"\\\g<0>", plain) + "*"
    return plain if bare else _quoted(plain)


def _value(key: Key, value: Value) -> str:
    match value:
        case Present():
            return "*"
        case Regex(pattern):
            mark = "" if key in SLASH_REGEX_KEYS else "re:"
            return f"{mark}/{between_slashes(pattern)}/"
        case Comparison(operator, amount):
            shown = "" if operator == "=" and key in NUMBER_KEYS else operator
            return f"{shown}{write_amount(key, amount)}"
        case Between(low, high):
            return f"{write_amount(key, low)}..{write_amount(key, high)}"
        case Moment(text):
            return _quoted(text) if _SPECIAL.search(text) else text
        case Glob(pieces):
            shown = "*".join(map(_escaped, pieces))
            return f"\\{shown}" if _begins_like_a_pattern(key, shown) else shown
        case _:
            return value.text if _may_stand_bare(key, value.text) else _quoted(value.text)


def _may_stand_bare(key: Key, text: str) -> bool:
    if not text or _SPECIAL.search(text) or _begins_like_a_pattern(key, text):
        return False
    return key is not Key.META or (text[0] not in "<>=" and ".." not in text)


def _escaped(text: str) -> str:
    """Return a text for a place where quotes would hide a star."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _begins_like_a_pattern(key: Key, text: str) -> bool:
    return text.startswith("re:/") or (text.startswith("/") and key in SLASH_REGEX_KEYS)
