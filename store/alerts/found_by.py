"""Which alerts a kept query finds, asked within a writing transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from sqlalchemy import select
from sqlmodel import col

from store import dialect
from store.alerts.finding import alert_conditions
from store.alerts.tables import Alert
from store.filters.errors import QueryError
from store.filters.model import Filter
from store.query.plain import PlainQuestions


def found_by(connection: sqlite3.Connection, query: str, alert_ids: Collection[int], now_us: int) -> frozenset[int]:
    """Return those of these alerts that a kept query (see `store.alerts.pinned`) finds at `now_us`.

    A query that another version kept, and that this one does not understand, finds none.
    """
    try:
        what = Filter.parsed(query, utc=True, alerts=True)
    except QueryError:
        return frozenset()
    asked = PlainQuestions(connection)
    conditions = alert_conditions(what.expression, asked.lookups(now_us, utc=True))
    among = dialect.is_among(col(Alert.id), list(alert_ids))
    return frozenset(row[0] for row in asked.fetch(select(col(Alert.id)).where(among, *conditions)))
