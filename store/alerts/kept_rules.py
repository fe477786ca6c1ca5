"""What is known of rules beside their alerts: what they say of themselves, and how they are doing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from store.alerts.incident import Invariant, RuleFacts, ShedNote

_FIND: Final = "SELECT rule_no, name, facts FROM alert_rule WHERE rule_id = ?"
_ADD: Final = "INSERT INTO alert_rule (rule_id, name, facts) VALUES (?, ?, ?)"
_RENEW: Final = "UPDATE alert_rule SET name = ?, facts = ? WHERE rule_no = ?"
_INVARIANT: Final = (
    "UPDATE alert_rule SET statement = ?1, examined = ?2, violations = ?3, checked_us = ?4, active = 1"
    " WHERE rule_no = ?5"
    " AND (statement IS NOT ?1 OR examined != ?2 OR violations != ?3 OR checked_us IS NOT ?4 OR active != 1)"
)
_STANDING: Final = "SELECT rule_no FROM alert_rule WHERE statement IS NOT NULL AND active = 1"
_RETIRED: Final = "UPDATE alert_rule SET active = 0 WHERE rule_no = ?"
_SHED: Final = (
    "UPDATE alert_rule SET shed_keys = shed_keys + ?, shed_matches = shed_matches + ?, shed_us = ? WHERE rule_no = ?"
)


class KeptRules:
    """Rules of one transaction: what was looked up once is known until its end."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Read and write over `connection`."""
        self._connection = connection
        self._numbers: dict[RuleFacts, int] = {}

    def number_of(self, facts: RuleFacts) -> int:
        """Return a rule's number; what it says of itself is kept where it is new, or was changed."""
        number = self._numbers.get(facts)
        if number is None:
            number = self._numbers[facts] = self._kept(facts)
        return number

    def keep_invariants(self, invariants: Sequence[Invariant], *, are_all: bool) -> None:
        """Keep how standing statements are doing; `are_all`: others are not looked at any more."""
        numbers: set[int] = set()
        for one in invariants:
            number = self.number_of(one.rule)
            numbers.add(number)
            values = (one.statement, one.examined, one.violations, one.checked_us, number)
            self._connection.execute(_INVARIANT, values)
        if are_all:
            standing = {row[0] for row in self._connection.execute(_STANDING)}
            self._connection.executemany(_RETIRED, [(number,) for number in sorted(standing - numbers)])

    def keep_shed(self, shed: Sequence[ShedNote], now_us: int) -> None:
        """Count what rules could not remember."""
        for note in shed:
            number = self.number_of(note.rule)
            self._connection.execute(_SHED, (note.keys, note.matches, now_us, number))

    def _kept(self, facts: RuleFacts) -> int:
        said = json.dumps(asdict(facts))
        found = self._connection.execute(_FIND, (facts.rule_id,)).fetchone()
        if found is None:
            number = self._connection.execute(_ADD, (facts.rule_id, facts.name, said)).lastrowid
            assert number is not None
            return number
        number, name, known = found
        if (name, known) != (facts.name, said):
            self._connection.execute(_RENEW, (facts.name, said, number))
        return int(number)
