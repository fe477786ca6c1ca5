"""Which rows of a list are evidence of alerts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import col

from store import dialect
from store.alerts.tables import Alert, AlertEvidence
from store.query.access import Access


def evidence_among(access: Access, rows: Sequence[int]) -> frozenset[int]:
    """Return which of the events with these row ids are kept evidence of an alert in the reader's scope."""
    if not rows:
        return frozenset()
    found = select(col(AlertEvidence.event_row)).where(dialect.is_among(col(AlertEvidence.event_row), rows))
    if access.scope.limited:
        seen = col(Alert.tenant_no).in_(access.lookups().alert_tenants() or ())
        found = found.join(Alert, col(AlertEvidence.alert_id) == col(Alert.id)).where(seen)
    return frozenset(row for (row,) in access.fetch(found))
