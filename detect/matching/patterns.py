"""Several regular expressions looked for at once: one pass over a text, whatever their number."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any, Final

_MEMORY: Final = 16 << 20
"""Bytes that one set may take."""


@lru_cache(maxsize=1_024)
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
    for pattern in patterns:
        if found.Add(pattern.encode("utf-8", "replace")) < 0:
            raise ValueError(f"the pattern cannot be used: {pattern}")
    found.Compile()
    return found.Match
