"""Alerts, evidence and decisions in a real store, put there row by row: for tests of what is asked about them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import blake2b
from typing import Any, Final

from store.alerts.incident import RuleFacts
from store.alerts.states import LEVELS, REACHES, STATE_AFTER, STATES, VERDICTS, AlertState, Level, Reach, Verdict
from store.store import Store
from tests.events import ARRIVED_US

GUESSING: Final = RuleFacts(
    "0f1c", "password-guessing", "Password guessing", Level.HIGH, "Many failed logins of one user.", group_by=("user",)
)
_AGREED: Final = ("agent_no", "user_no", "tenant_no")


class AlertsPlace:
    """Writes alerts into a store as they are after an append; nothing is worked out but what all evidence agrees in."""

    def __init__(self, store: Store) -> None:
        """Write into this open store."""
        self._store = store
        self._rules: dict[str, int] = {}

    def rows(self) -> list[int]:
        """Return the row ids of all events, in order of arrival."""
        return [row for (row,) in self._ask("SELECT id FROM event ORDER BY seq")]

    def rule(self, facts: RuleFacts = GUESSING, statement: str | None = None, **columns: Any) -> int:
        """Put a rule there (once) and return its number; with `statement` it is an invariant."""
        if facts.rule_id not in self._rules:
            texts = {"rule_id": facts.rule_id, "name": facts.name, "facts": json.dumps(asdict(facts))}
            self._rules[facts.rule_id] = self._put("alert_rule", **texts, statement=statement, **columns)
        return self._rules[facts.rule_id]

    def alert(self, evidence: Sequence[int] = (), facts: RuleFacts = GUESSING, **columns: Any) -> int:
        """Put an alert with this evidence (row ids) there and return its number.

        Evidence whose event is not there is kept as well. Columns that are not given: of its rule and its evidence,
        new, opened at `ARRIVED_US`.
        """
        number = int(self._ask("SELECT coalesce(max(id), 0) + 1 FROM alert")[0][0])
        there = [row for row in evidence if self._ask("SELECT 1 FROM event WHERE id = ?", row)]
        times = [self._of(row, "ts_us") for row in there] or [ARRIVED_US]
        agreed = {name: self._agreed(there, name) for name in _AGREED}
        plain: dict[str, Any] = {
            "incident": blake2b(b"%d" % number, digest_size=8).hexdigest(),
            "rule_no": self.rule(facts),
            "level": LEVELS.index(facts.level),
            "key": "[]",
            "first_us": min(times),
            "last_us": max(times),
            "count": len(evidence) or 1,
            "explanation": f"what alert {number} is about",
            "historical": 0,
            "opened_us": ARRIVED_US,
            "changed_us": ARRIVED_US,
            "state": STATES.index(AlertState.NEW),
        }
        if "state" in columns and isinstance(columns["state"], AlertState):
            columns["state"] = STATES.index(columns["state"])
        self._put("alert", id=number, **(plain | agreed | columns))
        for row in sorted(evidence):
            self._put("alert_evidence", alert_id=number, event_row=row)
        return number

    def decide(self, verdict: Verdict, *alerts: int, reach: Reach = Reach.ALERT, **columns: Any) -> int:
        """Decide about alerts, the first of which was looked at; return the number of the decision."""
        rule_no, agent_no = self._ask("SELECT rule_no, agent_no FROM alert WHERE id = ?", alerts[0])[0]
        plain: dict[str, Any] = {
            "at_us": ARRIVED_US,
            "who": "ann",
            "reason": "seen before",
            "agent_no": agent_no if reach is Reach.RULE_AND_AGENT else 0,
            "query": "",
            "until_us": None,
        }
        row = {**plain, **columns}
        place = {"verdict": VERDICTS.index(verdict), "reach": REACHES.index(reach), "alert_id": alerts[0]}
        number = self._put("alert_decision", rule_no=rule_no, **place, **row)
        state = STATES.index(STATE_AFTER[verdict])
        for alert in alerts:
            before = self._ask("SELECT state, until_us, decision_id FROM alert WHERE id = ?", alert)[0]
            names = ("state_before", "until_before", "decision_before")
            self._put("alert_decided", decision_id=number, alert_id=alert, **dict(zip(names, before, strict=True)))
            self._set(alert, state=state, until_us=row["until_us"], decision_id=number, changed_us=row["at_us"])
        return number

    def undo(self, decision: int, at_us: int = ARRIVED_US, who: str = "ann") -> None:
        """Take a decision back: its alerts are new again."""
        alerts = self._ask("SELECT alert_id FROM alert_decided WHERE decision_id = ?", decision)
        for (alert,) in alerts:
            self._set(alert, state=STATES.index(AlertState.NEW), until_us=None, decision_id=None)
        with self._store.writing() as connection:
            set_ = "UPDATE alert_decision SET undone_us = ?, undone_by = ? WHERE id = ?"
            connection.execute(set_, (at_us, who, decision))

    def merge(self, gone: int, into: int, at_us: int = ARRIVED_US) -> None:
        """Let one alert be a part of another; what was kept for it is dropped."""
        with self._store.writing() as connection:
            connection.execute("DELETE FROM alert_evidence WHERE alert_id = ?", (gone,))
        self._set(gone, merged_into=into, changed_us=at_us)

    def notice(self, alert: int, **columns: Any) -> int:
        """Put a notification there, told at once where nothing else is said; return its number."""
        plain: dict[str, Any] = {
            "target": "hash",
            "label": "ops",
            "payload": "{}",
            "created_us": ARRIVED_US,
            "next_us": ARRIVED_US,
            "done_us": ARRIVED_US,
            "ok": 1,
            "took_ms": 12,
        }
        return self._put("notification", alert_id=alert, **(plain | columns))

    def switch_off(self, rule_id: str, *, disabled: bool = True) -> None:
        """Switch a rule off, or on again."""
        self._put("rule_switch", rule_id=rule_id, disabled=int(disabled), at_us=ARRIVED_US, who="ann")

    def _agreed(self, evidence: Sequence[int], column: str) -> int:
        numbers = {self._of(row, column) for row in evidence}
        return numbers.pop() if len(numbers) == 1 else 0

    def _of(self, row: int, column: str) -> int:
        return int(self._ask(f"SELECT {column} FROM event WHERE id = ?", row)[0][0])

    def _ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._store.connection.execute(statement, values).fetchall()

    def _put(self, table: str, **columns: Any) -> int:
        names = f"{', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}"
        with self._store.writing() as connection:
            row = connection.execute(f"INSERT INTO {table} ({names})", tuple(columns.values())).lastrowid
        assert row is not None
        return row

    def _set(self, alert: int, **columns: Any) -> None:
        changes = ", ".join(f"{name} = ?" for name in columns)
        with self._store.writing() as connection:
            connection.execute(f"UPDATE alert SET {changes} WHERE id = ?", (*columns.values(), alert))
