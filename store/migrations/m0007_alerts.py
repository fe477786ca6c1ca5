"""Schema 7: alerts, what was decided about them, the engine's memory, and what has to be told."""

from __future__ import annotations

import sqlite3
from typing import Final

from store import dialect

_STATEMENTS: Final = (
    """CREATE TABLE alert (
      id {key} PRIMARY KEY, incident TEXT NOT NULL UNIQUE, rule_no {int} NOT NULL, level {int} NOT NULL,
      key TEXT NOT NULL, agent_no {int} NOT NULL, user_no {int} NOT NULL, tenant_no {int} NOT NULL,
      first_us {big} NOT NULL, last_us {big} NOT NULL, count {big} NOT NULL, explanation TEXT NOT NULL,
      historical {int} NOT NULL, opened_us {big} NOT NULL, changed_us {big} NOT NULL, state {int} NOT NULL,
      until_us {big}, decision_id {big}, merged_into {big})""",
    "CREATE INDEX alert_by_rule ON alert (rule_no, last_us)",
    (
        "CREATE INDEX alert_listed ON alert"
        " (level, last_us, state, until_us, merged_into, rule_no, agent_no, user_no, tenant_no)"
    ),
    "CREATE INDEX alert_counted ON alert (state, until_us, level, historical, count, tenant_no, merged_into)",
    "CREATE INDEX alert_parts ON alert (merged_into) WHERE merged_into IS NOT NULL",
    """CREATE TABLE alert_evidence (
      id {key} PRIMARY KEY, alert_id {big} NOT NULL, event_row {big} NOT NULL)""",
    "CREATE INDEX alert_evidence_of ON alert_evidence (alert_id, event_row)",
    "CREATE INDEX alert_evidence_by ON alert_evidence (event_row)",
    """CREATE TABLE alert_rule (
      rule_no {key} PRIMARY KEY, rule_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, facts TEXT NOT NULL,
      statement TEXT, active {int} NOT NULL DEFAULT 1, examined {big} NOT NULL DEFAULT 0,
      violations {big} NOT NULL DEFAULT 0, checked_us {big}, shed_keys {big} NOT NULL DEFAULT 0,
      shed_matches {big} NOT NULL DEFAULT 0, shed_us {big})""",
    """CREATE TABLE rule_switch (
      rule_id TEXT PRIMARY KEY, disabled {int} NOT NULL, at_us {big} NOT NULL, who TEXT NOT NULL)""",
    """CREATE TABLE alert_decision (
      id {key} PRIMARY KEY, at_us {big} NOT NULL, who TEXT NOT NULL, verdict {int} NOT NULL, reason TEXT NOT NULL,
      reach {int} NOT NULL, alert_id {big} NOT NULL, rule_no {int} NOT NULL, agent_no {int} NOT NULL,
      query TEXT NOT NULL, until_us {big}, undone_us {big}, undone_by TEXT)""",
    """CREATE TABLE alert_decided (
      id {key} PRIMARY KEY, decision_id {big} NOT NULL, alert_id {big} NOT NULL, state_before {int} NOT NULL,
      until_before {big}, decision_before {big})""",
    "CREATE INDEX alert_decided_of ON alert_decided (alert_id)",
    "CREATE INDEX alert_decided_by ON alert_decided (decision_id)",
    """CREATE TABLE engine_piece (
      id {key} PRIMARY KEY, owner TEXT NOT NULL, key TEXT NOT NULL, data {bytes} NOT NULL)""",
    """CREATE TABLE notification (
      id {key} PRIMARY KEY, alert_id {big} NOT NULL, target TEXT NOT NULL, label TEXT NOT NULL, payload TEXT NOT NULL,
      summed {int} NOT NULL DEFAULT 0, created_us {big} NOT NULL, next_us {big} NOT NULL,
      tries {int} NOT NULL DEFAULT 0, done_us {big}, ok {int} NOT NULL DEFAULT 0, took_ms {big}, error TEXT)""",
    "CREATE INDEX notification_due ON notification (done_us, target, next_us)",
    "CREATE INDEX notification_of ON notification (alert_id)",
    "CREATE INDEX notification_to ON notification (target, created_us)",
    # Rules look at what arrives from now on; what was there before is searched with `rules test`.
    "INSERT INTO counter (name, value) SELECT 'observed_from', value FROM counter WHERE name = 'seq'",
)


def apply(connection: sqlite3.Connection) -> None:
    """Create the tables. The caller owns the transaction."""
    for statement in _STATEMENTS:
        connection.execute(statement.format_map(dialect.COLUMN_TYPES))
