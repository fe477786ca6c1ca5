"""Which of many stretches a number lies in, said in SQL so that no row has to be handed out for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Integer, literal_column

from store.rollups.durations import BUCKETS, bucket_of, value_of


def place_among(column: str, edges: Sequence[int], first: int = 0) -> ColumnElement[int]:
    """Return `first` + how many of the ascending edges a number in a column reaches.

    `column` is a name of ours. Edges are compared by halves, so a thousand of them take ten comparisons.
    """
    return literal_column(_halves(column, edges, first, 0, len(edges)), Integer)


def bucket_in(column: str) -> ColumnElement[int]:
    """Return the bucket (`store.rollups.durations`) of the microseconds in a column."""
    return place_among(column, _BUCKET_EDGES)


def _halves(column: str, edges: Sequence[int], first: int, low: int, high: int) -> str:
    """Return the expression for what is known to reach `low` edges at least and `high` at most."""
    if low == high:
        return str(first + low)
    middle = (low + high) // 2
    below = _halves(column, edges, first, low, middle)
    above = _halves(column, edges, first, middle + 1, high)
    return f"CASE WHEN {column} < {edges[middle]} THEN {below} ELSE {above} END"


def _least_of(bucket: int) -> int:
    """Return the least duration that belongs to a bucket: found by halves, so that rounding at its bound is right."""
    low, high = value_of(bucket - 1), value_of(bucket) + 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if bucket_of(middle) >= bucket else (middle + 1, high)
    return low


_BUCKET_EDGES: Final = tuple(_least_of(bucket) for bucket in range(1, BUCKETS))
