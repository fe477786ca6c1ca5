"""Numbers as producers write them, turned into the store's whole units without losing anything silently."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

LARGEST: Final = 2**63 - 1
"""The largest number that a store's column takes."""

_EXACT_FLOAT: Final = 2.0**53
"""Below it every whole number is a float, so that dividing again tells whether a product was exact."""
_DECIMAL: Final = re.compile(r"[0-9]{1,30}(?:\.[0-9]{1,30})?")


def whole_number(value: Any) -> int | None:
    """Return a number that is 0 or more and whole, also of a text of digits; None where the value is no such number."""
    if type(value) is int:
        return value if 0 <= value <= LARGEST else None
    scaled = scaled_number(value, 1)
    return scaled[0] if scaled and scaled[1] else None


def scaled_number(value: Any, scale: int) -> tuple[int, bool] | None:
    """Return `value * scale` as a whole number and whether it is exact; None where it is negative or no number.

    A float counts as the shortest decimal that names it, so 0.1 times 1000 is exactly 100. Where it is not exact the
    nearest whole number is given. A text of digits is a number.
    """
    if type(value) is int:
        product = value * scale
        return (product, True) if 0 <= product <= LARGEST else None
    if type(value) is float:
        if not value >= 0:
            return None
        if value * scale < _EXACT_FLOAT:
            nearest = round(value * scale)
            return nearest, nearest / scale == value
        text = format(Decimal(repr(value)), "f")
    elif type(value) is str:
        text = value.strip()
    else:
        return None
    if not _DECIMAL.fullmatch(text):
        return None
    exact = Fraction(text) * scale
    nearest = round(exact)
    return (nearest, nearest == exact) if nearest <= LARGEST else None
