"""Decisions that hold for alerts which are opened later."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final

from store.alerts.states import REACHES, STANDING, STATE_AFTER, STATES, VERDICTS, AlertState, Reach

_HOLDS: Final = ", ".join(str(VERDICTS.index(verdict)) for verdict in sorted(STANDING))
_WITH_AGENT: Final = REACHES.index(Reach.RULE_AND_AGENT)
_BY_FILTER: Final = REACHES.index(Reach.FILTER)
_COVERING: Final = (
    "SELECT decision.id, decision.verdict, decision.until_us, decision.reach, decision.query"
    " FROM alert JOIN alert_decision AS decision ON decision.rule_no = alert.rule_no"
    f" WHERE alert.id = ? AND decision.undone_us IS NULL AND decision.verdict IN ({_HOLDS})"
    " AND (decision.until_us IS NULL OR decision.until_us > ?)"
    f" AND (decision.reach = {_BY_FILTER} OR (decision.reach = {_WITH_AGENT} AND decision.agent_no = alert.agent_no))"
    " ORDER BY decision.id DESC"
)
_ABOUT: Final = "INSERT INTO alert_decided (decision_id, alert_id, state_before) VALUES (?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Standing:
    """How an alert stands by a decision that was taken before it was opened."""

    state: AlertState
    until_us: int | None
    decision_id: int


def standing_state(connection: sqlite3.Connection, alert_id: int, now_us: int) -> Standing | None:
    """Return the decision that holds for an alert which has just been opened, or is new again; None: none does.

    The newest of them holds. The alert's row (as new), its evidence and the events are written, in the transaction
    that this is called in. The caller sets state, end and decision of the alert; whatever else is noted of the
    decision is noted here.
    """
    for number, verdict, until_us, reach, query in connection.execute(_COVERING, (alert_id, now_us)).fetchall():
        if reach == _BY_FILTER and not _is_found(connection, alert_id, query, now_us):
            continue
        connection.execute(_ABOUT, (number, alert_id, STATES.index(AlertState.NEW)))
        return Standing(STATE_AFTER[VERDICTS[verdict]], until_us, number)
    return None


def _is_found(connection: sqlite3.Connection, alert_id: int, query: str, now_us: int) -> bool:
    from store.alerts.found_by import found_by  # noqa: PLC0415 (few decisions need it)

    return alert_id in found_by(connection, query, (alert_id,), now_us)
