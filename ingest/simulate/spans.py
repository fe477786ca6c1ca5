"""Lengths of time as people type them."""

from __future__ import annotations

import re
from typing import Final

_UNITS_US: Final = {"s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000, "w": 604_800_000_000}
_SPAN: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)([smhdw])")


def parse_span(text: str) -> int:
    """Return `90s`, `15m`, `1h`, `30d` or `2w` in microseconds; `0` and `0s` are nothing.

    Raises:
        ValueError: the text is no such span; the message says what is.
    """
    if text.strip() == "0":
        return 0
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a length of time; write a number and a unit, such as 90s, 15m, 1h or 30d.")
    return round(float(match[1]) * _UNITS_US[match[2]])
