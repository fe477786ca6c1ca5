"""What may be done about alerts: decide, take back, note that somebody has looked. Who decides is an event."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from store.alerts.asked import checked
from store.alerts.decided_event import LookedAt, Verdicted, decided_event, undone_event
from store.alerts.errors import DecisionError
from store.alerts.model import Decided, Decision, Undone
from store.alerts.reached import Stands, looked_at, reached
from store.alerts.states import REACHES, STATE_AFTER, STATES, VERDICTS, AlertState, Reach
from store.alerts.undoing import Undoing, undoing
from store.batch import SourceBatch
from store.failures import as_store_error
from store.own_event import NO_SOURCE, OWN_FORMAT, login_name
from store.scope import EVERYTHING, Scope

if TYPE_CHECKING:
    from store.append.transaction import Also
    from store.events import NewEvent
    from store.store import Store

_NEW: Final = STATES.index(AlertState.NEW)
_OPEN: Final = STATES.index(AlertState.OPEN)
_AT_ONCE: Final = 500
_DECIDE: Final = (
    "INSERT INTO alert_decision (id, at_us, who, verdict, reason, reach, alert_id, rule_no, agent_no, query, until_us)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_ABOUT: Final = (
    "INSERT INTO alert_decided (decision_id, alert_id, state_before, until_before, decision_before)"
    " VALUES (?, ?, ?, ?, ?)"
)
_STAND: Final = "UPDATE alert SET state = ?, until_us = ?, decision_id = ?, changed_us = ? WHERE id = ?"
_TAKE_BACK: Final = "UPDATE alert_decision SET undone_us = ?, undone_by = ? WHERE id = ?"


class _MeanwhileError(Exception):
    """Between looking and writing somebody else has changed what was looked at. Nothing was kept."""


@dataclass(frozen=True, slots=True)
class _Deciding:
    """A decision, and all that it changes."""

    alert: LookedAt
    decision: Verdicted
    before: tuple[Stands, ...]


class AlertDesk:
    """Decides about the alerts of one open store: implements `store.alerts.model.AlertActions`."""

    def __init__(self, store: Store, scope: Scope = EVERYTHING) -> None:
        """Work on this store; about an alert that is out of `scope` nothing can be decided."""
        self._store = store
        self._scope = scope

    def decide(self, decision: Decision) -> Decided:
        """See `AlertActions`.

        Raises:
            DecisionError: the decision cannot be taken as it is, or there is no such alert; nothing was done.
            StoreError: the store cannot be written now; nothing was done.
        """
        with self._store.lock:
            while True:
                now = self._store.clock()
                asked = checked(decision, now)
                with self._looking() as connection:
                    deciding = _deciding(connection, decision.alert_id, asked, now)
                self._check_scope(deciding)
                event = decided_event(deciding.alert, deciding.decision, len(deciding.before), now)
                try:
                    self._record(event, _keeping(deciding, asked, now))
                except _MeanwhileError:
                    continue
                return Decided(deciding.decision.number, len(deciding.before))

    def undo(self, decision_id: int | None = None) -> Undone | None:
        """See `AlertActions`. An alert that was decided on since, or has grown into a new one, stays as it is.

        Raises:
            StoreError: the store cannot be written now; nothing was done.
        """
        with self._store.lock:
            while True:
                now = self._store.clock()
                with self._looking() as connection:
                    found = undoing(connection, decision_id, login_name())
                if found is None:
                    return None
                event = undone_event(found.alert, found.decision, found.who, len(found.after), now)
                try:
                    self._record(event, _restoring(found, now))
                except _MeanwhileError:
                    continue
                number, verdict = found.decision.number, found.decision.verdict
                return Undone(number, verdict, len(found.after), found.newer, found.newer_alerts)

    def viewed(self, alert_ids: Sequence[int]) -> None:
        """See `AlertActions`. Where none of them is new, nothing is written.

        Raises:
            StoreError: the store cannot be written now.
        """
        with self._store.lock:
            for at in range(0, len(alert_ids), _AT_ONCE):
                some = list(alert_ids[at : at + _AT_ONCE])
                which = f"state = ? AND id IN ({', '.join('?' * len(some))})"
                with self._looking() as connection:
                    new = connection.execute(f"SELECT 1 FROM alert WHERE {which} LIMIT 1", (_NEW, *some)).fetchone()
                if new is not None:
                    with self._store.writing() as connection:
                        connection.execute(f"UPDATE alert SET state = ? WHERE {which}", (_OPEN, _NEW, *some))

    def _check_scope(self, deciding: _Deciding) -> None:
        """Refuse what would be about something that cannot be seen."""
        if self._scope.tenants is None:
            return
        if deciding.alert.tenant not in self._scope.tenants:
            raise _no_alert(deciding.alert.alert_id)
        if deciding.decision.reach is not Reach.ALERT:
            raise DecisionError("only some tenants are seen, so decide on one alert at a time: others are out of sight")

    @contextmanager
    def _looking(self) -> Generator[sqlite3.Connection]:
        try:
            yield self._store.connection
        except sqlite3.Error as error:
            raise as_store_error(error, self._store.path) from error

    def _record(self, event: NewEvent, also: Also) -> None:
        self._store.append([SourceBatch(NO_SOURCE, 0, OWN_FORMAT, [event])], also=also)


def _deciding(connection: sqlite3.Connection, alert_id: int, asked: Verdicted, now_us: int) -> _Deciding:
    """Return what a decision would do now.

    Raises:
        DecisionError: there is no such alert.
    """
    alert = looked_at(connection, alert_id)
    if alert is None:
        raise _no_alert(alert_id)
    last = connection.execute("SELECT coalesce(max(id), 0) FROM alert_decision").fetchone()[0]
    return _Deciding(alert, replace(asked, number=last + 1), reached(connection, alert, asked, now_us))


def _no_alert(alert_id: int) -> DecisionError:
    return DecisionError(f"no alert has the number {alert_id}: see `auditail alerts list`")


def _keeping(deciding: _Deciding, asked: Verdicted, now_us: int) -> Also:
    """Return what writes a decision beside its event, if it is still the same that the event tells of."""
    alert, decision = deciding.alert, deciding.decision

    def also(connection: sqlite3.Connection) -> None:
        if _deciding(connection, alert.alert_id, asked, now_us) != deciding:
            raise _MeanwhileError
        verdict, reach = VERDICTS.index(decision.verdict), REACHES.index(decision.reach)
        place = (alert.alert_id, alert.rule_no, alert.agent_no, decision.query, decision.until_us)
        row = (decision.number, now_us, login_name(), verdict, decision.reason, reach, *place)
        connection.execute(_DECIDE, row)
        state = STATES.index(STATE_AFTER[decision.verdict])
        before = deciding.before
        connection.executemany(
            _ABOUT, [(decision.number, one.alert_id, one.state, one.until_us, one.decision_id) for one in before]
        )
        connection.executemany(
            _STAND, [(state, decision.until_us, decision.number, now_us, one.alert_id) for one in before]
        )

    return also


def _restoring(found: Undoing, now_us: int) -> Also:
    """Return what takes a decision back beside the event, if it is still the same that the event tells of."""

    def also(connection: sqlite3.Connection) -> None:
        if undoing(connection, found.decision.number, found.who) != found:
            raise _MeanwhileError
        connection.execute(_TAKE_BACK, (now_us, login_name(), found.decision.number))
        connection.executemany(
            _STAND, [(one.state, one.until_us, one.decision_id, now_us, one.alert_id) for one in found.after]
        )

    return also
