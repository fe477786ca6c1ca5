"""Spans of time as rules write them."""

from __future__ import annotations

import re
from typing import Final

SECOND_US: Final = 1_000_000
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_SPAN: Final = re.compile(r"([1-9][0-9]{0,6})([smhdw])")
_NAMES: Final = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def span_us(text: object) -> int:
    """Return the microseconds that a text such as `30s`, `5m`, `2h`, `7d` or `1w` means.

    Raises:
        ValueError: it means no span of time.
    """
    found = _SPAN.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError("a span of time is a number with s, m, h, d or w, as in 5m")
    return int(found[1]) * _UNITS[found[2]] * SECOND_US


def span_text(us: int) -> str:
    """Return a span as a person says it: its greatest unit and what is over, as in `2 h 10 min`; at least `0 s`."""
    seconds = max(us // SECOND_US, 0)
    for index, (size, name) in enumerate(_NAMES):
        if seconds >= size or size == 1:
            whole, rest = divmod(seconds, size)
            below = _NAMES[index + 1] if index + 1 < len(_NAMES) else None
            more = rest // below[0] if below else 0
            return f"{whole} {name} {more} {below[1]}" if below and more else f"{whole} {name}"
    raise AssertionError
