"""Incidents become alerts: opened, grown, opened again, or found to be a part of another."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from store.alerts.notices import Notice
from store.alerts.standing import standing_state
from store.alerts.states import LEVELS, STATES, AlertState

if TYPE_CHECKING:
    from store.alerts.incident import Incident
    from store.alerts.kept_rules import KeptRules

_NEW: Final = STATES.index(AlertState.NEW)
_UNDECIDED: Final = frozenset({_NEW, STATES.index(AlertState.OPEN)})
_RESOLVED: Final = STATES.index(AlertState.RESOLVED)
_ENDING: Final = frozenset({STATES.index(AlertState.FALSE_POSITIVE), STATES.index(AlertState.ACCEPTED)})

_FIND: Final = "SELECT id, count, state, until_us, historical FROM alert WHERE incident = ?"
_OPEN: Final = (
    "INSERT INTO alert (first_us, last_us, count, explanation, historical, changed_us, agent_no, user_no, tenant_no,"
    " incident, rule_no, level, key, opened_us, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_GROW: Final = (
    "UPDATE alert SET first_us = ?, last_us = ?, count = ?, explanation = ?, historical = ?, changed_us = ?,"
    " agent_no = ?, user_no = ?, tenant_no = ? WHERE id = ?"
)
_STAND: Final = "UPDATE alert SET state = ?, until_us = ?, decision_id = ? WHERE id = ?"
_EVIDENCE: Final = "SELECT event_row FROM alert_evidence WHERE alert_id = ?"
_SHOW: Final = "INSERT INTO alert_evidence (alert_id, event_row) VALUES (?, ?)"
_HIDE: Final = "DELETE FROM alert_evidence WHERE alert_id = ? AND event_row = ?"
_WHO: Final = (
    "SELECT min(agent_no), max(agent_no), min(user_no), max(user_no), min(tenant_no), max(tenant_no)"
    " FROM event WHERE id IN (SELECT value FROM json_each(?))"
)
_ID_OF: Final = "SELECT id FROM alert WHERE incident = ?"


class _Known(NamedTuple):
    """An alert as it was before."""

    id: int
    events: int
    state: int
    until_us: int | None
    historical: int


class KeptAlerts:
    """The alerts of one transaction, in which the events that show them are written already."""

    def __init__(self, connection: sqlite3.Connection, rules: KeptRules, now_us: int) -> None:
        """Read and write over `connection`; `now_us` is UTC microseconds."""
        self._connection = connection
        self._rules = rules
        self._now_us = now_us
        self.notices: list[Notice] = []
        """Alerts that somebody may have to be told of, in the order in which they were found."""

    def keep(self, incident: Incident) -> None:
        """Open the incident's alert, or let it grow."""
        found = self._connection.execute(_FIND, (incident.incident,)).fetchone()
        known = None if found is None else _Known(*found)
        who = self._who(incident.evidence)
        facts = (
            incident.first_us, incident.last_us, incident.count, _sound(incident.explanation),
            int(incident.historical), self._now_us, *who,
        )  # fmt: skip
        if known is None:
            alert_id = self._open(incident, facts)
        else:
            alert_id = known.id
            self._connection.execute(_GROW, (*facts, alert_id))
        self._show(alert_id, incident.evidence)
        if known is None:
            self._opened(alert_id, incident, who, again=False)
        elif incident.count > known.events and self._is_over(known):
            self._connection.execute(_STAND, (_NEW, None, None, alert_id))
            self._opened(alert_id, incident, who, again=True)
        elif known.historical and not incident.historical and known.state in _UNDECIDED:
            self._tell(alert_id, incident, who, again=False)  # it spoke of the past, and happens again

    def absorb(self, gone: str, into: str) -> None:
        """Let the alert of one incident be a part of another's; its evidence is that one's."""
        part, whole = self._id_of(gone), self._id_of(into)
        if part is None or whole is None:
            return  # opened and absorbed at once: it never was an alert
        self._connection.execute("DELETE FROM alert_evidence WHERE alert_id = ?", (part,))
        merged = "UPDATE alert SET merged_into = ?, changed_us = ? WHERE id = ? OR merged_into = ?"
        self._connection.execute(merged, (whole, self._now_us, part, part))

    def _open(self, incident: Incident, facts: tuple[object, ...]) -> int:
        rule_no = self._rules.number_of(incident.rule)
        level = LEVELS.index(incident.rule.level)
        first = (incident.incident, rule_no, level, json.dumps(incident.key), self._now_us, _NEW)
        alert_id = self._connection.execute(_OPEN, (*facts, *first)).lastrowid
        assert alert_id is not None
        return alert_id

    def _is_over(self, known: _Known) -> bool:
        """Return whether what was decided does not hold for growth: it was handled, or its end is past."""
        if known.state == _RESOLVED:
            return True
        return known.state in _ENDING and known.until_us is not None and known.until_us <= self._now_us

    def _opened(self, alert_id: int, incident: Incident, who: tuple[int, int, int], *, again: bool) -> None:
        standing = standing_state(self._connection, alert_id, self._now_us)
        if standing is not None:
            stands = (STATES.index(standing.state), standing.until_us, standing.decision_id, alert_id)
            self._connection.execute(_STAND, stands)
        elif not incident.historical:
            self._tell(alert_id, incident, who, again=again)

    def _tell(self, alert_id: int, incident: Incident, who: tuple[int, int, int], *, again: bool) -> None:
        agent, user, tenant = (self._name(number) for number in who)
        self.notices.append(
            Notice(
                alert_id=alert_id, rule=incident.rule, explanation=_sound(incident.explanation),
                agent=agent, user=user, tenant=tenant, count=incident.count,
                first_us=incident.first_us, last_us=incident.last_us, again=again,
            )
        )  # fmt: skip

    def _show(self, alert_id: int, evidence: Sequence[int]) -> None:
        before = {row[0] for row in self._connection.execute(_EVIDENCE, (alert_id,))}
        now = set(evidence)
        self._connection.executemany(_HIDE, [(alert_id, row) for row in sorted(before - now)])
        self._connection.executemany(_SHOW, [(alert_id, row) for row in sorted(now - before)])

    def _who(self, evidence: Sequence[int]) -> tuple[int, int, int]:
        """Return agent, user and tenant that all evidence agrees in; 0: in none, or in nothing."""
        found = self._connection.execute(_WHO, (json.dumps(evidence),)).fetchone()
        agent, user, tenant = (low if low == high else 0 for low, high in zip(found[::2], found[1::2], strict=True))
        return agent or 0, user or 0, tenant or 0

    def _name(self, number: int) -> str | None:
        found = self._connection.execute("SELECT text FROM name WHERE id = ?", (number,)).fetchone()
        return None if found is None else str(found[0])

    def _id_of(self, incident: str) -> int | None:
        found = self._connection.execute(_ID_OF, (incident,)).fetchone()
        return None if found is None else int(found[0])


def _sound(text: str) -> str:
    """Return a text that can be stored: half a character is written out."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
