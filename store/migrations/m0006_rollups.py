"""Schema 6: sums by hour and by day, and prices of what producers stated no cost for."""

from __future__ import annotations

import sqlite3
from typing import Final

from store import dialect

_STATEMENTS: Final = (
    """CREATE TABLE rollup_key (
      id {key} PRIMARY KEY, cube {int} NOT NULL, tenant_no {int} NOT NULL, agent_no {int} NOT NULL,
      user_no {int} NOT NULL, tool_no {int} NOT NULL, server_no {int} NOT NULL, model_no {int} NOT NULL,
      type_no {int} NOT NULL, first_us {big}, last_us {big})""",
    (
        "CREATE UNIQUE INDEX rollup_key_of ON rollup_key"
        " (cube, tenant_no, agent_no, user_no, tool_no, server_no, model_no, type_no)"
    ),
    """CREATE TABLE rollup (
      id {key} PRIMARY KEY, events {big} NOT NULL, errors {big} NOT NULL, denials {big} NOT NULL,
      calls {big} NOT NULL, outcomes {big} NOT NULL, failures {big} NOT NULL, refusals {big} NOT NULL,
      input_tokens {big} NOT NULL, output_tokens {big} NOT NULL, cache_read_tokens {big} NOT NULL,
      cache_write_tokens {big} NOT NULL, reported_microusd {big} NOT NULL, computed_microusd {big} NOT NULL,
      reported {big} NOT NULL, priced {big} NOT NULL, unpriced {big} NOT NULL)""",
    "CREATE TABLE rollup_duration (id {key} PRIMARY KEY, calls {big} NOT NULL)",
    """CREATE TABLE price (
      id {key} PRIMARY KEY, total_key {big}, status {int} NOT NULL, microusd {big}, version_no {int} NOT NULL)""",
    "CREATE INDEX price_of_total ON price (total_key, id) WHERE total_key IS NOT NULL",
    "CREATE TABLE price_version (id {key} PRIMARY KEY, text TEXT NOT NULL)",
    "ALTER TABLE usage_total ADD COLUMN computed_microusd {big} NOT NULL DEFAULT 0",
    # Whoever opens the store makes the sums of what it holds already.
    "INSERT INTO counter (name, value) SELECT 'rollups_due', 1 WHERE EXISTS (SELECT 1 FROM event)",
)


def apply(connection: sqlite3.Connection) -> None:
    """Create the tables. The caller owns the transaction."""
    for statement in _STATEMENTS:
        connection.execute(statement.format_map(dialect.COLUMN_TYPES))
