"""How many alerts each rule had."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlmodel import col

from store.alerts.tables import Alert, AlertRule
from store.query.access import Access


def alerts_by_rule(access: Access, since_us: int) -> dict[str, int]:
    """Return the number of alerts last seen since a time (UTC microseconds), by rule id. Empty in a limited scope.

    Raises:
        StoreError: the store cannot be read.
    """
    if access.scope.limited:
        return {}
    asked = (
        select(col(AlertRule.rule_id), func.count())
        .join(Alert, col(Alert.rule_no) == col(AlertRule.rule_no))
        .where(col(Alert.last_us) >= since_us, col(Alert.merged_into).is_(None))
        .group_by(col(AlertRule.rule_id))
    )
    return dict(access.fetch(asked))
