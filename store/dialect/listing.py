"""Whole numbers of ours as a table to select from, in one value of the statement."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import CTE, Integer, func, select


def listed(name: str, columns: Sequence[str], rows: Sequence[Sequence[int]]) -> CTE:
    """Return such a table of any number of rows; `name` and `columns` are ours. It is read once, and joined first."""
    given = func.json_each(json.dumps(rows)).table_valued("value")
    cells = (func.json_extract(given.c.value, f"$[{place}]", type_=Integer) for place in range(len(columns)))
    read = select(*(cell.label(column) for cell, column in zip(cells, columns, strict=True)))
    return read.cte(name).prefix_with("MATERIALIZED")
