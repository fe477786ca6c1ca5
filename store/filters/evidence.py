"""`alert:` and `has:alert`: events that are kept as evidence of alerts.

Evidence is found by its own index, so that few such events are found among many millions without looking at others. An
alert that turned out to be a part of another one has no evidence of its own: its number stands for that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import col

from store import dialect
from store.alerts.tables import Alert, AlertEvidence
from store.filters.comparing import compared
from store.filters.parts import Part
from store.filters.syntax import Between, Comparison, Present, Value
from store.tables import Event


class AlertLookups(Protocol):
    """What has to be looked up about alerts."""

    def find_alerts(self, numbers: Sequence[int]) -> list[int]:
        """Return the numbers of these alerts; for what became a part of another one, that one's."""
        ...

    def alert_tenants(self) -> list[int] | None:
        """Return the numbers of the tenants whose alerts may be seen; None: all alerts may."""
        ...


def evidence_part(values: Sequence[Value], lookups: AlertLookups) -> Part:
    """Return as SQL that an event is kept evidence of any alert that one of the values asks for."""
    rows = select(col(AlertEvidence.event_row))
    if Present() not in values:
        rows = rows.where(numbered(col(AlertEvidence.alert_id), values, lookups))
    tenants = lookups.alert_tenants()
    if tenants is not None:
        seen = select(col(Alert.id)).where(col(Alert.tenant_no).in_(tenants))
        rows = rows.where(col(AlertEvidence.alert_id).in_(seen))
    return Part(col(Event.id).in_(rows))


def numbered(
    number: SQLCoreOperations[int | None], values: Sequence[Value], lookups: AlertLookups
) -> ColumnElement[bool]:
    """Return the condition that an alert's number is what one of the values of `alert:` asks for."""
    if Present() in values:
        return true()
    compared_to = [one for one in values if isinstance(one, Comparison | Between)]
    exact = [int(one.amount) for one in compared_to if isinstance(one, Comparison) and one.operator == "="]
    ranges = (compared(number, one) for one in compared_to if isinstance(one, Between) or one.operator != "=")
    return or_(dialect.is_among(number, lookups.find_alerts(exact)), *ranges)
