"""Who has to be told of alerts: the queue's writing side, within the transaction in which the alerts are kept.

A notice is a row for each target whose level is reached, with everything that will be said, so that telling asks the
store nothing. A target gets a limited number in a minute; what is more is counted in one summary at the minute's end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from store.alerts.notice_text import alert_payload, summary_payload
from store.alerts.states import LEVELS

if TYPE_CHECKING:
    from config.alerts import NotifyTarget
    from store.alerts.incident import RuleFacts

MOST_A_MINUTE: Final = 10
"""So many alerts are told to one target one by one in a minute of the clock."""

_MINUTE_US: Final = 60_000_000
_TOLD: Final = "SELECT COUNT(*) FROM notification WHERE target = ? AND created_us >= ? AND summed = 0"
_SUMMARY: Final = (
    "SELECT id, payload FROM notification"
    " WHERE target = ? AND created_us >= ? AND summed > 0 AND tries = 0 AND done_us IS NULL AND next_us > ?"
)
_ADD: Final = (
    "INSERT INTO notification (alert_id, target, label, payload, created_us, next_us, summed)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_GROW: Final = "UPDATE notification SET payload = ?, summed = ? WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Notice:
    """An alert that was opened, or opened again, and that nothing was decided about: as it is told."""

    alert_id: int
    rule: RuleFacts
    explanation: str
    """May hold text of events."""
    agent: str | None
    user: str | None
    tenant: str | None
    count: int
    first_us: int
    last_us: int
    again: bool
    """It was there before, resolved (or its decision had ended), and is new again."""


def queue_notices(
    connection: sqlite3.Connection, targets: Sequence[NotifyTarget], notices: Sequence[Notice], now_us: int
) -> int:
    """Queue what has to be told; the caller owns the transaction. Return how many rows were written or changed.

    Leave out what is historical and what a standing decision holds for: nobody is told of these.

    Raises:
        sqlite3.Error: the store cannot be written.
    """
    if not notices or not targets:
        return 0
    return sum(_queue_for(connection, target, notices, now_us) for target in targets)


def _queue_for(connection: sqlite3.Connection, target: NotifyTarget, notices: Sequence[Notice], now_us: int) -> int:
    least = LEVELS.index(target.level)  # pyright: ignore[reportArgumentType] (the same words)
    due = [notice for notice in notices if LEVELS.index(notice.rule.level) >= least]
    if not due:
        return 0
    minute_us = now_us - now_us % _MINUTE_US
    told = connection.execute(_TOLD, (target.identity, minute_us)).fetchone()[0]
    room = max(0, MOST_A_MINUTE - told)
    connection.executemany(
        _ADD,
        [(one.alert_id, target.identity, target.label, alert_payload(one), now_us, now_us, 0) for one in due[:room]],
    )
    more = due[room:]
    if more:
        _sum_up(connection, target, more, minute_us, now_us)
    return min(room, len(due)) + bool(more)


def _sum_up(
    connection: sqlite3.Connection, target: NotifyTarget, more: Sequence[Notice], minute_us: int, now_us: int
) -> None:
    """Count alerts in the summary of this minute; nobody tells it before the minute is over."""
    found = connection.execute(_SUMMARY, (target.identity, minute_us, now_us)).fetchone()
    payload, alerts = summary_payload(found[1] if found else None, more)
    if found:
        connection.execute(_GROW, (payload, alerts, found[0]))
        return
    at_us = minute_us + _MINUTE_US
    connection.execute(_ADD, (more[0].alert_id, target.identity, target.label, payload, now_us, at_us, alerts))
