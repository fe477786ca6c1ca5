"""One alert whole."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, select
from sqlmodel import col

from store.alerts.around import Around
from store.alerts.history import History
from store.alerts.listing import AlertLists
from store.alerts.model import AlertDetail
from store.alerts.rows import facts_of
from store.alerts.tables import Alert, AlertEvidence, AlertRule
from store.names import NO_NAME
from store.query.access import Access

DAY_US: Final = 86_400_000_000
DAYS: Final = 30
"""So far back it is told how often a rule has fired."""


class AlertDetails:
    """Answers with everything about an alert."""

    def __init__(self, access: Access, lists: AlertLists) -> None:
        """Read through `access`."""
        self._access = access
        self._lists = lists
        self._around = Around(access)
        self._history = History(access)

    def detail(self, alert_id: int) -> AlertDetail | None:
        """See `AlertQuestions`."""
        number = self.visible(alert_id)
        if number is None:
            return None
        (row,) = self._lists.rows([number])
        statement = select(col(AlertRule.rule_no), col(AlertRule.facts)).where(col(AlertRule.rule_id) == row.rule_id)
        rule_no, said = self._access.fetch(statement)[0]
        facts, evidence = facts_of(said), self._around.evidence(number)
        days, agents = self._fired(rule_no)
        kept = select(func.count()).where(col(AlertEvidence.alert_id) == number)
        return AlertDetail(
            row=row,
            description=facts.description,
            tags=facts.tags,
            falsepositives=facts.falsepositives,
            group_by=facts.group_by,
            shipped=facts.shipped,
            hits=sum(one.hit for one in evidence),
            evidence=evidence,
            history=self._history.steps(row),
            alike=self._history.alike(number, rule_no),
            rule_days=days,
            rule_agents=agents,
            kept=int(self._access.fetch(kept)[0][0]),
        )

    def visible(self, alert_id: int) -> int | None:
        """Return the number of an alert, or of the one that it became a part of; None: it is not there, or not seen."""
        found = self._access.lookups().find_alerts([alert_id])
        conditions = self._lists.conditions()
        rows = self._access.fetch(select(col(Alert.id)).where(col(Alert.id).in_(found), *conditions))
        return rows[0][0] if rows else None

    def _fired(self, rule_no: int) -> tuple[tuple[int, ...], int]:
        """Return how many alerts a rule has opened on each of the last days, and through how many agents."""
        now_us = self._access.now_us()
        opened, agent = col(Alert.opened_us), col(Alert.agent_no)
        ago = (now_us - opened) // DAY_US
        lately = (col(Alert.rule_no) == rule_no, opened > now_us - DAYS * DAY_US)
        statement = select(ago, agent, func.count()).where(*lately, *self._lists.conditions()).group_by(ago, agent)
        days, agents = [0] * DAYS, set[int]()
        for back, number, alerts in self._access.fetch(statement):
            days[DAYS - 1 - max(0, back)] += alerts  # one from a clock that is ahead is of now
            agents.add(number)
        return tuple(days), len(agents - {NO_NAME})
