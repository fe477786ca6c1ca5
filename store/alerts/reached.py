"""Which alerts a decision is about now, and how they stand before it. Asked within a transaction."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from store.alerts.decided_event import LookedAt
from store.alerts.states import LIVE, STATES, AlertState, Reach

if TYPE_CHECKING:
    from store.alerts.decided_event import Verdicted

_LIVE: Final = ", ".join(str(STATES.index(state)) for state in LIVE)
_MUTED: Final = STATES.index(AlertState.MUTED)
_STANDS: Final = "SELECT id, state, until_us, decision_id FROM alert WHERE "
_ONE: Final = (
    "SELECT alert.id, alert.rule_no, alert_rule.name, alert_rule.facts, alert.agent_no, agent.text, tenant.text,"
    " alert.merged_into FROM alert JOIN alert_rule ON alert_rule.rule_no = alert.rule_no"
    " LEFT JOIN name AS agent ON agent.id = alert.agent_no"
    " LEFT JOIN name AS tenant ON tenant.id = alert.tenant_no WHERE alert.id = ?"
)
_LIVE_OF_RULE: Final = (
    f"{_STANDS} rule_no = ? AND merged_into IS NULL AND (state IN ({_LIVE}) OR (state = {_MUTED} AND until_us <= ?))"
)


@dataclass(frozen=True, slots=True)
class Stands:
    """How an alert stands; `state` is its place among `STATES`."""

    alert_id: int
    state: int
    until_us: int | None
    decision_id: int | None


def looked_at(connection: sqlite3.Connection, alert_id: int) -> LookedAt | None:
    """Return what is to be known of an alert, or of the one that it became a part of; None: there is none."""
    while True:
        row = connection.execute(_ONE, (alert_id,)).fetchone()
        if row is None:
            return None
        if row[7] is None:
            title = str(json.loads(row[3]).get("title") or row[2])
            return LookedAt(row[0], row[1], row[2], title, row[4], row[5], row[6])
        alert_id = row[7]


def reached(connection: sqlite3.Connection, alert: LookedAt, decision: Verdicted, now_us: int) -> tuple[Stands, ...]:
    """Return the alerts that a decision changes, by number: the one looked at, and of the others those still live."""
    own = connection.execute(f"{_STANDS} id = ?", (alert.alert_id,)).fetchone()
    found = {alert.alert_id: Stands(*own)}
    if decision.reach is Reach.RULE_AND_AGENT:
        rows = connection.execute(f"{_LIVE_OF_RULE} AND agent_no = ?", (alert.rule_no, now_us, alert.agent_no))
        found.update((row[0], Stands(*row)) for row in rows)
    elif decision.reach is Reach.FILTER:
        from store.alerts.found_by import found_by  # noqa: PLC0415 (few decisions need it)

        live = {row[0]: Stands(*row) for row in connection.execute(_LIVE_OF_RULE, (alert.rule_no, now_us))}
        found.update(
            (number, live[number]) for number in found_by(connection, decision.query, live, now_us) if number in live
        )
    return tuple(found[number] for number in sorted(found))
