"""From rows of the table to alerts of a list."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlmodel import col

from store.alerts.incident import RuleFacts
from store.alerts.model import AlertRow
from store.alerts.standing_now import stands
from store.alerts.states import LEVELS
from store.alerts.tables import Alert, AlertRule
from store.query.access import Access

ROW_COLUMNS: Final = (
    col(Alert.id),
    col(AlertRule.rule_id),
    col(AlertRule.name),
    col(AlertRule.facts),
    col(Alert.level),
    col(Alert.state),
    col(Alert.until_us),
    col(Alert.count),
    col(Alert.first_us),
    col(Alert.last_us),
    col(Alert.opened_us),
    col(Alert.agent_no),
    col(Alert.user_no),
    col(Alert.tenant_no),
    col(Alert.key),
    col(Alert.explanation),
    col(Alert.historical),
)
"""Of alerts, each beside its rule."""
_NAMES: Final = slice(11, 14)


def facts_of(said: str) -> RuleFacts:
    """Return what is kept of a rule."""
    return msgspec.json.decode(said, type=RuleFacts)


def alert_rows(access: Access, rows: Sequence[tuple[Any, ...]], now_us: int) -> tuple[AlertRow, ...]:
    """Return rows of `ROW_COLUMNS` as alerts as they stand at a time."""
    names = access.names(number for row in rows for number in row[_NAMES])
    facts = {row[3]: facts_of(row[3]) for row in rows}
    found: list[AlertRow] = []
    for row in rows:
        number, rule_id, rule, said, level, kept_state, kept_until, count, *more = row
        first_us, last_us, opened_us, agent, user, tenant, key, explanation, historical = more
        state, until_us = stands(kept_state, kept_until, now_us)
        found.append(
            AlertRow(
                id=number,
                rule_id=rule_id,
                rule=rule,
                title=facts[said].title,
                level=LEVELS[int(level)],
                state=state,
                until_us=until_us,
                count=count,
                first_us=first_us,
                last_us=last_us,
                opened_us=opened_us,
                agent=names[agent],
                user=names[user],
                tenant=names[tenant],
                key=tuple((field, value) for field, value in json.loads(key)),
                explanation=explanation,
                historical=bool(historical),
            )
        )
    return tuple(found)
