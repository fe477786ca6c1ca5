"""Regular expressions of the language: RE2, whose time is linear in the text, so that no pattern can stall a search."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any, Final

_MEMORY: Final = 4 << 20
"""Bytes that one pattern may take; greater ones are refused."""


@lru_cache(maxsize=64)
def compiled(pattern: str) -> Any:
    """Return the pattern, ready to `search`; its `search` takes bytes.

    Raises:
        ValueError: it cannot be used; the text says why.
    """
    re2: Any = import_module("re2")  # here, for few queries need it; and it tells no types
    options = re2.Options()
    options.log_errors = False  # or it writes to the terminal
    options.max_mem = _MEMORY
    try:
        return re2.compile(pattern.encode("utf-8", "replace"), options)
    except re2.error as error:
        detail: object = next(iter(error.args), "")
        raise ValueError(detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)) from None


def found_in(pattern: str, text: str) -> bool:
    """Return whether a pattern that can be used is found anywhere in the text."""
    return compiled(pattern).search(text.encode("utf-8", "replace")) is not None


def pattern_problem(pattern: str) -> str | None:
    """Return why a pattern cannot be used, None where it can."""
    try:
        compiled(pattern)
    except ValueError as error:
        return f"this pattern cannot be used: {error}"
    return None


def between_slashes(pattern: str) -> str:
    r"""Return how a pattern is written between slashes: a slash in it as `\/`."""
    return _swap(pattern, "/", r"\/")


def from_between_slashes(written: str) -> str:
    """Return the pattern that stands between slashes."""
    return _swap(written, r"\/", "/")


def _swap(text: str, old: str, new: str) -> str:
    """Replace `old`, which is a slash with or without a backslash, and leave every other escaped character alone."""
    parts: list[str] = []
    at = 0
    while at < len(text):
        size = 2 if text[at] == "\\" and at + 1 < len(text) else 1
        part = text[at : at + size]
        parts.append(new if part == old else part)
        at += size
    return "".join(parts)
