"""How rules are doing: standing statements, what could not be remembered, what is switched off."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, or_, select
from sqlmodel import col

from store.alerts.model import InvariantRow, ShedRow
from store.alerts.rows import facts_of
from store.alerts.tables import AlertRule, RuleSwitch
from store.query.access import Access, AnySelect


class RuleBoard:
    """Answers about rules."""

    def __init__(self, access: Access) -> None:
        """Read through `access`."""
        self._access = access

    def invariants(self) -> Sequence[InvariantRow]:
        """See `AlertQuestions`."""
        if self._access.scope.limited:  # it is counted over the events of all tenants
            return ()
        columns = (
            col(AlertRule.rule_id),
            col(AlertRule.name),
            col(AlertRule.statement),
            col(AlertRule.facts),
            col(AlertRule.examined),
            col(AlertRule.violations),
            col(AlertRule.checked_us),
        )
        statement: AnySelect = Select(*columns)
        statement = statement.where(col(AlertRule.statement).is_not(None), col(AlertRule.active) == 1)
        found = [
            InvariantRow(rule_id, name, said, facts_of(facts).level, examined, violations, checked_us)
            for rule_id, name, said, facts, examined, violations, checked_us in self._access.fetch(statement)
        ]
        return sorted(found, key=lambda one: (not one.violations, one.rule))

    def shed(self) -> Sequence[ShedRow]:
        """See `AlertQuestions`."""
        columns = (col(AlertRule.name), col(AlertRule.shed_keys), col(AlertRule.shed_matches), col(AlertRule.shed_us))
        statement: AnySelect = Select(*columns)
        statement = statement.where(or_(col(AlertRule.shed_keys) > 0, col(AlertRule.shed_matches) > 0))
        rows = self._access.fetch(statement.order_by(col(AlertRule.name)))
        return [ShedRow(name, keys, matches, last_us or 0) for name, keys, matches, last_us in rows]

    def switched_off(self) -> frozenset[str]:
        """See `AlertQuestions`."""
        off = select(col(RuleSwitch.rule_id)).where(col(RuleSwitch.disabled) == 1)
        return frozenset(rule_id for (rule_id,) in self._access.fetch(off))
