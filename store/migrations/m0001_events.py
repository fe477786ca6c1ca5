"""Schema 1: events, names, full text, sources, quarantine, calls, usage, minute counts, the scanner's lease."""

from __future__ import annotations

import sqlite3
from typing import Final

from store import dialect

_EVENT: Final = """
CREATE TABLE event (
  id {key} PRIMARY KEY, seq {big} NOT NULL, ts_us {big} NOT NULL, arrived_us {big} NOT NULL,
  source_no {int} NOT NULL, generation {int} NOT NULL, byte_offset {big} NOT NULL, format_no {int} NOT NULL,
  type_no {int} NOT NULL, agent_no {int} NOT NULL, user_no {int} NOT NULL, tenant_no {int} NOT NULL,
  resource_tenant_no {int} NOT NULL, host_no {int} NOT NULL, tool_no {int} NOT NULL, server_no {int} NOT NULL,
  model_no {int} NOT NULL, status {int} NOT NULL, trouble {int} NOT NULL, counts {int} NOT NULL,
  outcome {int} NOT NULL, occurrence {int} NOT NULL, duration_us {big},
  input_tokens {big}, output_tokens {big}, cache_read_tokens {big}, cache_write_tokens {big}, cost_microusd {big},
  digest {bytes} NOT NULL, producer_id TEXT, call_id TEXT, request_id TEXT, session_id TEXT, trace_id TEXT,
  span_id TEXT, parent_id TEXT, message TEXT, metadata TEXT
)"""

_OTHERS: Final = (
    "CREATE TABLE name (id {key} PRIMARY KEY, kind {int} NOT NULL, text TEXT NOT NULL)",
    "CREATE UNIQUE INDEX name_text ON name (kind, text)",
    "CREATE TABLE counter (name TEXT PRIMARY KEY, value {big} NOT NULL)",
    """CREATE TABLE minute_count (
      id {key} PRIMARY KEY, events {int} NOT NULL, errors {int} NOT NULL, denials {int} NOT NULL)""",
    "CREATE TABLE event_key (id {key} PRIMARY KEY, event_row {big} NOT NULL)",
    """CREATE TABLE call (
      id {key} PRIMARY KEY, call_us {big}, call_row {big}, result_row {big},
      call_format {int} NOT NULL, result_format {int} NOT NULL, settled {int} NOT NULL)""",
    """CREATE TABLE usage_total (
      id {key} PRIMARY KEY, input_tokens {big} NOT NULL, output_tokens {big} NOT NULL,
      cache_read_tokens {big} NOT NULL, cache_write_tokens {big} NOT NULL, cost_microusd {big} NOT NULL)""",
    """CREATE TABLE folder (
      folder_no {key} PRIMARY KEY, path {bytes} NOT NULL UNIQUE, kind TEXT NOT NULL, mode TEXT NOT NULL,
      done {int} NOT NULL, state TEXT NOT NULL, reason TEXT, added_us {big} NOT NULL)""",
    """CREATE TABLE source (
      source_no {key} PRIMARY KEY, folder_no {int} NOT NULL, path {bytes} NOT NULL, lineage {bytes} NOT NULL,
      gone {int} NOT NULL, state TEXT NOT NULL, reason TEXT, format TEXT, generation {int},
      byte_offset {big} NOT NULL, line {big} NOT NULL, head {bytes} NOT NULL, head_size {int} NOT NULL,
      tail {bytes} NOT NULL, device {big} NOT NULL, inode {big} NOT NULL, size {big} NOT NULL,
      mtime_ns {big} NOT NULL, reader_state {bytes} NOT NULL, settled {int} NOT NULL, newest_ms {big} NOT NULL,
      events {big} NOT NULL, duplicates {big} NOT NULL, quarantined {big} NOT NULL, redacted {big} NOT NULL,
      uncounted {big} NOT NULL, last_us {big})""",
    """CREATE TABLE quarantine (
      id {key} PRIMARY KEY, at_us {big} NOT NULL, source_no {int} NOT NULL, generation {int} NOT NULL,
      byte_offset {big} NOT NULL, line {big}, reason TEXT NOT NULL, size {big} NOT NULL, raw {bytes} NOT NULL)""",
    """CREATE TABLE lease (
      id {key} PRIMARY KEY, pid {int} NOT NULL, host TEXT NOT NULL, started_us {big} NOT NULL,
      heartbeat_us {big} NOT NULL, released {int} NOT NULL, watcher TEXT NOT NULL, watcher_reason TEXT,
      events_per_second {real} NOT NULL, lag_ms {int}, files_pending {int} NOT NULL, pending_bytes {big} NOT NULL,
      last_scan_us {big})""",
    "INSERT INTO counter (name, value) VALUES ('seq', 0), ('name', 0), ('source', 0)",
)

_SEQ_INDEX: Final = "CREATE UNIQUE INDEX event_seq ON event (seq)"
"""The only index besides the row id: everything else that is searched for is a token of the full text."""


def apply(connection: sqlite3.Connection) -> None:
    """Create everything in an empty file. The caller owns the transaction."""
    for statement in (_EVENT, *_OTHERS, _SEQ_INDEX):
        connection.execute(statement.format_map(dialect.COLUMN_TYPES))
    dialect.create_full_text(connection)
