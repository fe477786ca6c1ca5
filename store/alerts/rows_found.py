"""Which of the events that have just arrived a query finds."""

from __future__ import annotations

import sqlite3

from sqlalchemy import select
from sqlmodel import col

from store.filters.model import Filter
from store.query.plain import PlainQuestions
from store.tables import Event


def rows_found(
    connection: sqlite3.Connection, query: str, after_seq: int, last_seq: int, now_us: int
) -> frozenset[int]:
    """Return the row ids of the events in (after_seq, last_seq] that a query of the filter language finds, in UTC.

    Raises:
        QueryError: it cannot be understood.
    """
    asked = PlainQuestions(connection)
    compiled = asked.compile(Filter.parsed(query, utc=True), now_us)
    arrived = (col(Event.seq) > after_seq, col(Event.seq) <= last_seq)
    return frozenset(row[0] for row in asked.fetch(select(col(Event.id)).where(*arrived, *compiled.rows)))
