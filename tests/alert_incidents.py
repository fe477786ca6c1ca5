"""Alerts for the tests of decisions: incidents on real events, kept as an observer of appends keeps them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from store.alerts.incident import Found, Incident, RuleFacts
from store.alerts.keeping import Keeping
from store.alerts.model import Decision
from store.alerts.states import STANDING, STATES, AlertState, Level, Reach, Verdict
from store.store import Store
from tests.events import ARRIVED_US, BASE_US, SECOND, add_source, batch, line

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOUR: Final = 3_600 * SECOND

GUESSING: Final = RuleFacts("rule-1", "password-guessing", "Passwords guessed", Level.HIGH, group_by=("agent_id",))
LOOP: Final = RuleFacts("rule-2", "runaway-loop", "The same tool fails again and again", Level.MEDIUM)


class Clock:
    """A clock that is set by hand, in UTC microseconds."""

    def __init__(self, now_us: int = ARRIVED_US) -> None:
        """Begin at this time."""
        self.now_us = now_us

    def __call__(self) -> int:
        """Return the present time."""
        return self.now_us


class Incidents:
    """Lets incidents happen in one open store."""

    def __init__(self, store: Store, known: int = 0) -> None:
        """Go on after so many that have happened in this store."""
        self.store = store
        self._source = add_source(store)
        self._known: dict[int, Incident] = {}
        self._number = known

    def open(
        self, agent: str | None = "bot", rule: RuleFacts = GUESSING, *, historical: bool = False, **fields: Any
    ) -> int:
        """Open an alert about one event of an agent, whose other fields may be given; return its number."""
        number = self._number = self._number + 1
        row_id = self._event(number, agent, **fields)
        incident = Incident(
            incident=f"{number:016x}", rule=rule, key=(("agent_id", agent),), first_us=BASE_US + number * SECOND,
            last_us=BASE_US + number * SECOND, count=1, evidence=(row_id,), explanation=f"1 event of {agent}",
            historical=historical,
        )  # fmt: skip
        self._keep(incident)
        alert_id = self.ask("SELECT id FROM alert WHERE incident = ?", incident.incident)[0][0]
        self._known[alert_id] = incident
        return alert_id

    def grow(self, alert_id: int) -> None:
        """Let one more event show an alert."""
        before = self._known[alert_id]
        self._known[alert_id] = replace(before, count=before.count + 1)
        self._keep(self._known[alert_id])

    def merge(self, gone: int, into: int) -> None:
        """Let an alert turn out to be a part of another."""
        with self.store.writing() as connection:
            absorbed = [(self._known[gone].incident, self._known[into].incident)]
            Keeping(connection, self.store.clock).keep(Found(absorbed=absorbed))

    def ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Return all rows of a statement."""
        return self.store.connection.execute(statement, values).fetchall()

    def stands(self, alert_id: int) -> tuple[AlertState, int | None]:
        """Return an alert's state as it is kept, and until when it holds."""
        [(state, until_us)] = self.ask("SELECT state, until_us FROM alert WHERE id = ?", alert_id)
        return STATES[int(state)], until_us

    def states(self) -> list[AlertState]:
        """Return the states of all alerts as they are kept, by number."""
        return [STATES[int(row[0])] for row in self.ask("SELECT state FROM alert ORDER BY id")]

    def _event(self, number: int, agent: str | None, **fields: Any) -> int:
        at_us = BASE_US + number * SECOND
        self.store.append([batch(self._source, line(f"event {number}", at_us, agent_id=agent, **fields))])
        return self.ask("SELECT max(id) FROM event WHERE ts_us = ?", at_us)[0][0]

    def _keep(self, incident: Incident) -> None:
        with self.store.writing() as connection:
            Keeping(connection, self.store.clock).keep(Found(incidents=[incident]))


def open_at(folder: Path, clock: Callable[[], int]) -> Store:
    """Open (or create) the store `events.db` of a folder with this clock."""
    return Store.open(folder / "events.db", clock=clock)


def decision(verdict: Verdict, alert_id: int, reach: Reach = Reach.ALERT, **more: Any) -> Decision:
    """Return a decision with all that its verdict needs."""
    if verdict in STANDING:
        more.setdefault("reason", "known")
    if verdict is Verdict.MUTE:
        more.setdefault("until_us", ARRIVED_US + HOUR)
    return Decision(verdict, alert_id, reach, **more)


def recorded(happen: Incidents) -> list[tuple[str, str, Any]]:
    """Return type, message and metadata of the events that record decisions, in order of arrival."""
    rows = happen.ask(
        "SELECT name.text, message, metadata FROM event JOIN name ON name.id = event.type_no"
        " WHERE name.text LIKE 'system.alert%' ORDER BY seq"
    )
    return [(kind, message, json.loads(text)) for kind, message, text in rows]
