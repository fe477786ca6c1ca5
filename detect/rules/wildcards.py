r"""Sigma's strings: `*` is any run of characters, `?` is one.

A backslash before one of them, or before itself, takes it literally; any other backslash is a backslash.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final, TypeAlias


class Wild(Enum):
    """A wildcard."""

    RUN = "*"
    ONE = "?"


Parts: TypeAlias = tuple[str | Wild, ...]
"""Literal texts, none of them empty, and the wildcards between them."""

_ESCAPABLE: Final = frozenset("*?\\")


def parsed(text: str) -> Parts:
    """Return the parts of a string; none for an empty one."""
    parts: list[str | Wild] = []
    literal: list[str] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\\" and at + 1 < len(text) and text[at + 1] in _ESCAPABLE:
            at += 1
            literal.append(text[at])
        elif char in "*?":
            if literal:
                parts.append("".join(literal))
                literal.clear()
            parts.append(Wild(char))
        else:
            literal.append(char)
        at += 1
    if literal:
        parts.append("".join(literal))
    return tuple(parts)


def between_runs(parts: Parts, *, before: bool, after: bool) -> Parts:
    """Return the parts with any run of characters before them, after them, or both."""
    return (*((Wild.RUN,) if before else ()), *parts, *((Wild.RUN,) if after else ()))


def literal_text(parts: Parts) -> str | None:
    """Return the text that the parts mean where they hold no wildcard, else None."""
    if any(isinstance(part, Wild) for part in parts):
        return None
    return "".join(str(part) for part in parts)


def as_regex(parts: Parts) -> str:
    """Return a regular expression that the whole of a text must be, line ends among `.`."""
    pattern = {Wild.RUN: ".*", Wild.ONE: "."}
    body = "".join(pattern[part] if isinstance(part, Wild) else re.escape(part) for part in parts)
    return rf"(?s)\A{body}\z"
