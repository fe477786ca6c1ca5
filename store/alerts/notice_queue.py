"""What waits to be told: taken by one process at a time, and the outcome written down. Every call is a short one.

Whoever takes a notice has it until a time; if nothing was written by then (the process was killed), it is there for the
next one. So everything is told at least once, and what was told just before a crash is told again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from store.alerts.states import STANDING, STATE_AFTER, STATES
from store.failures import as_store_error

if TYPE_CHECKING:
    from store.store import Store

DECIDED: Final = "somebody decided on the alert before it could be told"
GONE_TARGET: Final = "the settings do not name this target any more"
"""Why a notice is given up without a try."""

_FARTHEST_US: Final = 2 * 86_400 * 1_000_000
"""Nothing is put off for so long: the clock was wrong when it was, and it is due."""
_WAITING: Final = "done_us IS NULL AND target = ?"
_FIRST: Final = (
    "SELECT id, alert_id, payload, tries, created_us, summed, next_us FROM notification"
    f" WHERE {_WAITING} ORDER BY next_us, id LIMIT 1"
)
_TAKE: Final = "UPDATE notification SET next_us = ?, tries = tries + 1 WHERE id = ? AND done_us IS NULL AND next_us = ?"
_TOLD: Final = "UPDATE notification SET done_us = ?, ok = 1, took_ms = ?, error = NULL WHERE id = ? AND done_us IS NULL"
_PUT_OFF: Final = (
    "UPDATE notification SET next_us = ?, took_ms = ?, error = ? WHERE id = ? AND tries = ? AND done_us IS NULL"
)
_GIVE_UP: Final = "UPDATE notification SET done_us = ?, took_ms = ?, error = ? WHERE id = ? AND done_us IS NULL"
_TARGETS: Final = "SELECT DISTINCT target FROM notification WHERE done_us IS NULL"
_GIVE_UP_TARGET: Final = f"UPDATE notification SET done_us = ?, error = ? WHERE {_WAITING}"
_GIVE_UP_OLDER: Final = f"UPDATE notification SET done_us = ?, error = ? WHERE {_WAITING} AND created_us < ?"
_FORGET: Final = "DELETE FROM notification WHERE done_us < ?"
_STATE: Final = "SELECT state FROM alert WHERE id = ?"
_NOT_TOLD: Final = frozenset(STATES.index(STATE_AFTER[verdict]) for verdict in STANDING)


@dataclass(frozen=True, slots=True)
class Taken:
    """A notice that this process tells."""

    id: int
    payload: str
    tries: int
    """How many there were, this one among them."""
    created_us: int
    """When the alert was found, in UTC microseconds."""


class NoticeQueue:
    """The queue of one store. Methods may be called from any thread and raise `StoreError` where it cannot be used."""

    def __init__(self, store: Store) -> None:
        """Use a connection of one's own: an append over this one would wait for these calls."""
        self._store = store

    def take(self, target: str, now_us: int, until_us: int) -> Taken | None:
        """Take the notice for a target that is due for the longest time, until `until_us`; None: none is due.

        One whose alert was meanwhile decided to be no matter is given up instead, and the next one taken.
        """
        while (found := self._due(target, now_us)) is not None:
            row_id, alert_id, payload, tries, created_us, summed, next_us = found
            with self._store.writing() as connection:
                state = connection.execute(_STATE, (alert_id,)).fetchone()
                if not summed and state is not None and state[0] in _NOT_TOLD:
                    connection.execute(_GIVE_UP, (now_us, None, DECIDED, row_id))
                elif connection.execute(_TAKE, (until_us, row_id, next_us)).rowcount:
                    return Taken(row_id, payload, tries + 1, created_us)
        return None

    def told(self, taken: Taken, now_us: int, took_ms: int) -> None:
        """Write down that it was told."""
        with self._store.writing() as connection:
            connection.execute(_TOLD, (now_us, took_ms, taken.id))

    def put_off(self, taken: Taken, next_us: int, took_ms: int, error: str) -> None:
        """Write down that it could not be told now; `error` is one safe line. Nobody else must have taken it since."""
        with self._store.writing() as connection:
            connection.execute(_PUT_OFF, (next_us, took_ms, error, taken.id, taken.tries))

    def give_up(self, taken: Taken, now_us: int, took_ms: int, error: str) -> None:
        """Write down that it will never be told, and why, in one safe line."""
        with self._store.writing() as connection:
            connection.execute(_GIVE_UP, (now_us, took_ms, error, taken.id))

    def give_up_older(self, target: str, before_us: int, now_us: int, error: str) -> None:
        """Write down that nothing found before a time will ever be told to a target, and why, in one safe line."""
        with self._store.writing() as connection:
            connection.execute(_GIVE_UP_OLDER, (now_us, error, target, before_us))

    def give_up_others(self, targets: Collection[str], now_us: int) -> int:
        """Give up what waits for any other targets than these; return how many notices that were."""
        with self._reading() as connection:
            others = sorted({row[0] for row in connection.execute(_TARGETS)} - set(targets))
        if not others:
            return 0
        with self._store.writing() as connection:
            return sum(connection.execute(_GIVE_UP_TARGET, (now_us, GONE_TARGET, one)).rowcount for one in others)

    def forget_done(self, before_us: int) -> int:
        """Delete what was done with before a time; return how many notices that were."""
        with self._store.writing() as connection:
            return connection.execute(_FORGET, (before_us,)).rowcount

    def _due(self, target: str, now_us: int) -> tuple[int, int, str, int, int, int, int] | None:
        with self._reading() as connection:
            found = connection.execute(_FIRST, (target,)).fetchone()
        if found is None or now_us < found[-1] <= now_us + _FARTHEST_US:
            return None
        return found

    @contextmanager
    def _reading(self) -> Generator[sqlite3.Connection]:
        with self._store.lock:
            try:
                yield self._store.connection
            except sqlite3.Error as error:
                raise as_store_error(error, self._store.path) from error
