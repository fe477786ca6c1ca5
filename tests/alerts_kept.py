"""What a store has of alerts, told so that two stores can be compared."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from detect.engine.engine import EngineState

_ALERTS = (
    "SELECT alert.id, alert_rule.name, alert.key, first_us, last_us, count, explanation, historical"
    " FROM alert JOIN alert_rule USING (rule_no) WHERE merged_into IS NULL"
)
_SHOWN = (
    "SELECT message FROM alert_evidence JOIN event ON event.id = event_row WHERE alert_id = ? ORDER BY ts_us, message"
)


def essence(store: Path, rules: Collection[str]) -> list[tuple[Any, ...]]:
    """Return the alerts of some rules with the messages of their evidence: what does not depend on how they came."""
    with closing(sqlite3.connect(store, timeout=60.0)) as connection:
        found = [
            (name, tuple(json.loads(key)), *facts, tuple(row[0] for row in connection.execute(_SHOWN, (number,))))
            for number, name, key, *facts in connection.execute(_ALERTS).fetchall()
            if name in rules
        ]
    return sorted(found, key=str)


def is_looked_at(store: Path) -> bool:
    """Return whether rules have looked at everything that is stored."""
    with closing(sqlite3.connect(store, timeout=60.0)) as connection:
        connection.execute("BEGIN")
        (last,) = connection.execute("SELECT value FROM counter WHERE name = 'seq'").fetchone()
        kept = connection.execute("SELECT data FROM engine_piece WHERE owner = ''").fetchone()
    seen = 0 if kept is None else msgspec.msgpack.decode(kept[0], type=EngineState).last_seq
    return seen == last
