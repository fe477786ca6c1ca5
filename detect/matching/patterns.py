"""Several regular expressions looked for at once: one pass over a text, whatever their number."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

_MEMORY: Final = 16 << 20
"""Bytes that one set may take."""


def any_of_patterns(patterns: tuple[str, ...]) -> Any:
    """Return what answers whether one of the patterns (RE2) is found in some bytes: its `Match`, true or not.

    Raises:
        ValueError: they cannot be used together.
    """
    re2: Any = import_module("re2")  # it tells no types
    options = re2.Options()
    options.log_errors = False  # or it writes to the terminal
    options.max_mem = _MEMORY
    found = re2.Set.SearchSet(options)
    try:
        for pattern in patterns:
            found.Add(pattern.encode("utf-8", "replace"))
        found.Compile()
    except re2.error as error:
        raise ValueError(f"the patterns cannot be used: {error}") from error
    # Its own method does nothing but this, for bytes, at the price of another call.
    return getattr(found, "_set", found).Match
