"""What taking a decision back would change. Asked within a transaction."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any, Final

from store.alerts.decided_event import LookedAt, Verdicted
from store.alerts.reached import Stands, looked_at
from store.alerts.states import REACHES, STATE_AFTER, STATES, VERDICTS

_DECISION: Final = (
    "SELECT id, verdict, reason, reach, query, until_us, who, alert_id FROM alert_decision WHERE undone_us IS NULL AND "
)
_STANDING_BY: Final = (
    "SELECT alert.id, max(alert_decided.id) FROM alert JOIN alert_decided ON alert_decided.alert_id = alert.id"
    " AND alert_decided.decision_id = alert.decision_id WHERE alert_decided.decision_id = ? AND alert.state = ?"
    " AND alert.merged_into IS NULL GROUP BY alert.id ORDER BY alert.id"
)
_NEWER: Final = (
    "SELECT max(alert.decision_id), count(DISTINCT alert.id) FROM alert_decided JOIN alert"
    " ON alert.id = alert_decided.alert_id WHERE alert_decided.decision_id = ? AND alert.merged_into IS NULL"
    " AND alert.decision_id > alert_decided.decision_id"
)
_BEFORE: Final = (
    "SELECT alert_decided.state_before, alert_decided.until_before, alert_decided.decision_before,"
    " alert_decision.verdict, alert_decision.undone_us FROM alert_decided"
    " LEFT JOIN alert_decision ON alert_decision.id = alert_decided.decision_before WHERE alert_decided.id = ?"
)
_EARLIER: Final = "SELECT max(id) FROM alert_decided WHERE alert_id = ? AND decision_id = ? AND id < ?"


@dataclass(frozen=True, slots=True)
class Undoing:
    """A decision that stands, and how its alerts would stand without it."""

    alert: LookedAt
    decision: Verdicted
    who: str
    after: tuple[Stands, ...]
    newer: int | None
    """The newest decision that stands on others of its alerts."""
    newer_alerts: int


def undoing(connection: sqlite3.Connection, decision_id: int | None, who: str) -> Undoing | None:
    """Return what taking back a decision (None: the last one of `who` that was not taken back) would change.

    None: there is no such decision, or it was taken back before.
    """
    if decision_id is None:
        asked, values = f"{_DECISION} who = ? ORDER BY id DESC LIMIT 1", (who,)
    else:
        asked, values = f"{_DECISION} id = ?", (decision_id,)
    row: tuple[Any, ...] | None = connection.execute(asked, values).fetchone()
    if row is None or (alert := looked_at(connection, row[7])) is None:
        return None
    verdict = VERDICTS[int(row[1])]
    decision = Verdicted(row[0], verdict, row[2], REACHES[int(row[3])], row[4], row[5])
    rows = connection.execute(_STANDING_BY, (row[0], STATES.index(STATE_AFTER[verdict]))).fetchall()
    newer, others = connection.execute(_NEWER, (row[0],)).fetchone()
    return Undoing(alert, decision, row[6], tuple(_before(connection, *one) for one in rows), newer, others)


def _before(connection: sqlite3.Connection, alert_id: int, decided_id: int) -> Stands:
    """Return how an alert stood before it was decided on; what was taken back since counts as if it had never been."""
    while True:
        state, until_us, decision_id, verdict, undone_us = connection.execute(_BEFORE, (decided_id,)).fetchone()
        before = Stands(alert_id, state, until_us, decision_id)
        if undone_us is None or state != STATES.index(STATE_AFTER[VERDICTS[verdict]]):
            return before
        earlier = connection.execute(_EARLIER, (alert_id, decision_id, decided_id)).fetchone()[0]
        if earlier is None:
            return before
        decided_id = earlier
