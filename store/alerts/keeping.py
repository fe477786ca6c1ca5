"""What an observer may read and keep within the transaction of an append."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from store.alerts.incident import Found
    from store.observed import ObservedEvent

PIECES: Final = "SELECT owner, key, data FROM engine_piece"


class Keeping:
    """The alerts' side of one writing connection, between BEGIN and COMMIT. Raises `sqlite3.Error`, as appends do."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], int]) -> None:
        """Work on this connection; `clock` gives UTC microseconds."""
        self._connection = connection
        self._clock = clock

    def pieces(self) -> list[tuple[str, str, bytes]]:
        """Return what the engine has kept: owner, key and data."""
        return list(self._connection.execute(PIECES))

    def observed_from(self) -> int:
        """Return the `seq` up to which no rule ever looks: what was there before there were rules. 0: there is none."""
        row = self._connection.execute("SELECT value FROM counter WHERE name = 'observed_from'").fetchone()
        return int(row[0]) if row else 0

    def events_after(self, seq: int, limit: int) -> Sequence[ObservedEvent]:
        """Return at most `limit` stored events after `seq`, in order of arrival, rows with counts=0 among them."""
        raise NotImplementedError

    def rows_found(self, query: str, after_seq: int, last_seq: int) -> frozenset[int]:
        """Return the row ids among the events in (after_seq, last_seq] that a query of the filter language finds."""
        raise NotImplementedError

    def switched_off(self) -> frozenset[str]:
        """Return the ids of the rules that are switched off."""
        return frozenset(
            row[0] for row in self._connection.execute("SELECT rule_id FROM rule_switch WHERE disabled = 1")
        )

    def keep(self, found: Found) -> None:
        """Keep what was found: alerts open or grow, standing decisions hold for them, and who is told is queued."""
        raise NotImplementedError
