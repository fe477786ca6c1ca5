"""What a decision would be about."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from store.alerts.detailing import DAY_US, DAYS, AlertDetails
from store.alerts.listing import AlertLists
from store.alerts.model import Decision, DecisionPreview
from store.alerts.standing_now import stands_as
from store.alerts.states import LIVE, Reach
from store.alerts.tables import Alert
from store.query.access import Access

_WEEK: Final = 7
_NOTHING: Final = DecisionPreview(0, 0.0)


class Previews:
    """Answers what a decision would change: the alert that was looked at, and of the others those still live."""

    def __init__(self, access: Access, lists: AlertLists, details: AlertDetails) -> None:
        """Read through `access`."""
        self._access = access
        self._lists = lists
        self._details = details

    def preview(self, decision: Decision) -> DecisionPreview:
        """See `AlertQuestions`; of an alert that is not there, or a filter that is missing, nothing."""
        own = self._details.visible(decision.alert_id)
        within = None if own is None else self._within(own, decision)
        if own is None or within is None:
            return _NOTHING
        now_us, number = self._access.now_us(), col(Alert.id)
        changed = self._lists.number([*within, stands_as(LIVE, now_us), number != own])
        lately = self._lists.number([*within, col(Alert.opened_us) > now_us - DAYS * DAY_US])
        return DecisionPreview(1 + changed, lately * _WEEK / DAYS)

    def _within(self, own: int, decision: Decision) -> list[ColumnElement[bool]] | None:
        """Return what the alerts within reach fulfil."""
        if decision.reach is Reach.ALERT:
            return [*self._lists.conditions(), col(Alert.id) == own]
        asked = select(col(Alert.rule_no), col(Alert.agent_no)).where(col(Alert.id) == own)
        rule_no, agent_no = self._access.fetch(asked)[0]
        of_rule = col(Alert.rule_no) == rule_no
        if decision.reach is Reach.RULE_AND_AGENT:
            return [*self._lists.conditions(), of_rule, col(Alert.agent_no) == agent_no]
        return None if decision.what is None else [*self._lists.conditions(decision.what), of_rule]
