"""Expressions and types that SQLite writes in its own way."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Integer, LargeBinary, cast, func, select

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, TableValuedAlias
    from sqlalchemy.sql.elements import SQLCoreOperations

COLUMN_TYPES: Final = {"key": "INTEGER", "big": "INTEGER", "int": "INTEGER", "bytes": "BLOB", "real": "REAL"}
"""Names of column types in migrations; a 64-bit key must be INTEGER to be SQLite's row id."""
_BYTES_PER_CHARACTER: Final = 4
_FEW_VALUES: Final = 500


def is_among(number: SQLCoreOperations[int | None], numbers: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition that a number is one of some; there may be more of them than a statement may have values."""
    if len(numbers) <= _FEW_VALUES:
        return number.in_(numbers)
    listed = func.json_each(json.dumps(list(numbers))).table_valued("value")
    return number.in_(select(listed.c.value))


def ranges(pairs: Sequence[tuple[int, int]]) -> tuple[TableValuedAlias, ColumnElement[int], ColumnElement[int]]:
    """Return pairs of numbers as a table, in one value of the statement, and its columns with the first and second."""
    listed = func.json_each(json.dumps(pairs)).table_valued("value")
    low, high = (func.json_extract(listed.c.value, place, type_=Integer) for place in ("$[0]", "$[1]"))
    return listed, low, high


def beginning(text: SQLCoreOperations[Any], limit: int) -> ColumnElement[bytes]:
    """Return the expression for the first characters of a text, to be read by `read_beginning`.

    SQLite's functions on text stop at a NUL and would hide what stands behind it, so the bytes are cut.
    """
    return func.substr(cast(text, LargeBinary), 1, limit * _BYTES_PER_CHARACTER, type_=LargeBinary)


def read_beginning(found: bytes | None, limit: int) -> str | None:
    """Return the first `limit` characters of what `beginning` has given."""
    return None if found is None else found.decode("utf-8", "ignore")[:limit]


def total(expression: SQLCoreOperations[Any]) -> ColumnElement[int]:
    """Return the sum of an integer expression, 0 where there are no rows."""
    return func.coalesce(func.sum(expression), 0)


def joined(expression: SQLCoreOperations[int]) -> ColumnElement[str | None]:
    """Return the whole numbers of all rows as one text, to be read by `read_joined`.

    Fetching a row costs more than reading it, and other threads have to wait for each: so many come at once.
    """
    return func.group_concat(expression)


def read_joined(found: str | None) -> list[str]:
    """Return the numbers, as texts, that `joined` has given; of no rows none."""
    return found.split(",") if found else []


def clamped(expression: SQLCoreOperations[int], low: int, high: int) -> ColumnElement[int]:
    """Return a number, or the nearest in low..high where it lies outside."""
    return func.min(func.max(expression, low), high)
