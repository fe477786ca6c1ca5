"""Switching rules off and on: who did so is an event, in the same transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from store.alerts.reason import kept_reason
from store.batch import SourceBatch
from store.failures import as_store_error
from store.own_event import NO_SOURCE, OWN_FORMAT, login_name, own_event

if TYPE_CHECKING:
    from store.events import NewEvent
    from store.store import Store

DISABLED: Final = "system.rule_disabled"
ENABLED: Final = "system.rule_enabled"

_OFF: Final = "SELECT rule_id FROM rule_switch WHERE disabled = 1"
_SWITCH: Final = (
    "INSERT INTO rule_switch (rule_id, disabled, at_us, who) VALUES (?, ?, ?, ?) ON CONFLICT (rule_id) DO UPDATE SET"
    " disabled = excluded.disabled, at_us = excluded.at_us, who = excluded.who"
)


@dataclass(frozen=True, slots=True)
class Switched:
    """A rule as it is called in the event."""

    rule_id: str
    name: str
    title: str
    level: str


class RuleSwitches:
    """The switches of one open store."""

    def __init__(self, store: Store) -> None:
        """Work on this store."""
        self._store = store

    def switch(self, rules: Sequence[Switched], *, on: bool, reason: str = "") -> tuple[Switched, ...]:
        """Switch rules on or off; return those that were not so already. `reason` is kept in the events.

        Whoever scans heeds it within about a second.

        Raises:
            DecisionError: the reason is too long; nothing was done.
            StoreError: the store cannot be written now; nothing was done.
        """
        why = kept_reason(reason)
        with self._store.lock:
            off = self._switched_off()
            changing = tuple(rule for rule in rules if (rule.rule_id in off) is on)
            if not changing:
                return ()
            now, who = self._store.clock(), login_name()

            def also(connection: sqlite3.Connection) -> None:
                connection.executemany(_SWITCH, [(rule.rule_id, int(not on), now, who) for rule in changing])

            events = [_event(rule, why, now, on=on) for rule in changing]
            self._store.append([SourceBatch(NO_SOURCE, 0, OWN_FORMAT, events)], also=also)
            return changing

    def _switched_off(self) -> frozenset[str]:
        try:
            return frozenset(row[0] for row in self._store.connection.execute(_OFF))
        except sqlite3.Error as error:
            raise as_store_error(error, self._store.path) from error


def _event(rule: Switched, reason: str, now_us: int, *, on: bool) -> NewEvent:
    kind = ENABLED if on else DISABLED
    why = f", because {reason}" if reason else ""
    message = f"rule {rule.name} ({rule.title}) switched {'on' if on else 'off'}{why}"
    facts = {"rule": rule.name, "rule_id": rule.rule_id, "level": rule.level, "reason": reason or None}
    return own_event(kind, now_us, message, facts, f"{kind} {rule.rule_id} {now_us}".encode())
