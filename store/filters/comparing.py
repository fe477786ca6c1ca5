"""Comparisons of whole numbers as SQL."""

from __future__ import annotations

import math
from typing import Any

from sqlalchemy import ColumnElement, and_, false

from store.filters.syntax import Between, Comparison


def compared(column: Any, value: Comparison | Between) -> ColumnElement[bool]:
    """Return the comparison of a whole number with amounts that may be none."""
    if isinstance(value, Between):
        return and_(column >= math.ceil(value.low), column <= math.floor(value.high))
    low, high = math.floor(value.amount), math.ceil(value.amount)
    match value.operator:
        case ">":
            return column > low
        case ">=":
            return column >= high
        case "<":
            return column < high
        case "<=":
            return column <= low
        case _:
            return column == low if low == high else false()
