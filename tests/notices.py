"""Notices for the tests of who is told: a store with a queue in it, and short words for what they need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from config.alerts import NotifyTarget
from store.alerts.incident import RuleFacts
from store.alerts.notices import Notice, queue_notices
from store.alerts.states import Level
from store.store import Store
from tests.events import ARRIVED_US, BASE_US, SECOND

NOW: int = ARRIVED_US - ARRIVED_US % (60 * SECOND)
"""The beginning of a minute."""


def notice(alert_id: int = 118, level: Level = Level.HIGH, **fields: Any) -> Notice:
    """Return an alert that was just opened."""
    rule = RuleFacts(
        rule_id=fields.pop("rule_id", "3f1a"),
        name=fields.pop("rule", "password_guessing"),
        title=fields.pop("title", "Password guessing"),
        level=level,
    )
    known: dict[str, Any] = {
        "explanation": "7 failed logins in 2 min",
        "agent": "portal",
        "user": "alice",
        "tenant": None,
        "count": 7,
        "first_us": BASE_US,
        "last_us": BASE_US + 90 * SECOND,
        "again": False,
    }
    return Notice(alert_id=alert_id, rule=rule, **(known | fields))


def queue(store: Store, target: NotifyTarget, notices: Sequence[Notice], now_us: int = NOW) -> None:
    """Queue notices for one target in a transaction of their own."""
    with store.writing() as connection:
        queue_notices(connection, [target], notices, now_us)


def rows(store: Store, *columns: str) -> list[tuple[Any, ...]]:
    """Return columns of all that is in the queue, oldest first."""
    return store.connection.execute(f"SELECT {', '.join(columns)} FROM notification ORDER BY id").fetchall()


def payloads(store: Store) -> list[dict[str, Any]]:
    """Return what is said, oldest first."""
    return [orjson.loads(row[0]) for row in rows(store, "payload")]
