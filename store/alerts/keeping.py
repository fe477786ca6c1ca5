"""What an observer may read and keep within the transaction of an append."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from store.alerts.errors import NotKeptError
from store.alerts.kept_alerts import KeptAlerts
from store.alerts.kept_pieces import KeptPieces
from store.alerts.kept_rules import KeptRules
from store.alerts.notices import queue_notices
from store.replay.decoding import SELECT, NamesOf, observed

if TYPE_CHECKING:
    from config.alerts import NotifyTarget
    from config.budgets import Budget
    from store.alerts.incident import Found
    from store.observed import ObservedEvent

_AFTER: Final = f"{SELECT} WHERE event.seq > ? ORDER BY event.seq LIMIT ?"
_REFUSED: Final = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError, sqlite3.InterfaceError)
"""What the driver raises for what it was given; everything else is the store's own trouble."""


class Keeping:
    """The alerts' side of one writing connection, between BEGIN and COMMIT. Raises `sqlite3.Error`, as appends do."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], int]) -> None:
        """Work on this connection; `clock` gives UTC microseconds."""
        self._connection = connection
        self._clock = clock
        self._pieces = KeptPieces(connection)

    def pieces(self) -> list[tuple[str, str, bytes]]:
        """Return what the engine has kept: owner, key and data."""
        return self._pieces.all()

    def turn(self) -> int:
        """Return a number that grows whenever pieces are kept, by whichever process. 0: none were."""
        return self._pieces.turn()

    def observed_from(self) -> int:
        """Return the `seq` up to which no rule ever looks: what was there before there were rules. 0: there is none."""
        row = self._connection.execute("SELECT value FROM counter WHERE name = 'observed_from'").fetchone()
        return int(row[0]) if row else 0

    def events_after(self, seq: int, limit: int) -> Sequence[ObservedEvent]:
        """Return at most `limit` stored events after `seq`, in order of arrival, rows with counts=0 among them."""
        names = NamesOf(self._connection)  # anew each time: one that was not committed may have been taken back
        return [observed(row, names) for row in self._connection.execute(_AFTER, (seq, limit))]

    def rows_found(self, query: str, after_seq: int, last_seq: int) -> frozenset[int]:
        """Return the row ids among the events in (after_seq, last_seq] that a query of the filter language finds.

        Raises:
            QueryError: it cannot be understood.
        """
        from store.alerts.rows_found import rows_found  # noqa: PLC0415 (few rules need it)

        return rows_found(self._connection, query, after_seq, last_seq, self._clock())

    def switched_off(self) -> frozenset[str]:
        """Return the ids of the rules that are switched off."""
        return frozenset(
            row[0] for row in self._connection.execute("SELECT rule_id FROM rule_switch WHERE disabled = 1")
        )

    def spent(self, budgets: Sequence[Budget], *, utc: bool) -> list[int]:
        """Return what is spent of each budget so far in its present period, in micro-USD or tokens.

        What this transaction has written is not in it.

        Raises:
            StoreError: the store cannot be read.
        """
        from store.alerts.spending import spent  # noqa: PLC0415 (few stores need it)

        return spent(self._connection, budgets, self._clock(), utc=utc)

    def keep(self, found: Found, targets: Sequence[NotifyTarget] = ()) -> None:
        """Keep what was found: alerts open or grow, standing decisions hold for them, and who is told is queued.

        Nothing is written where nothing was found.
        """
        now_us = self._clock()
        rules = KeptRules(self._connection)
        alerts = KeptAlerts(self._connection, rules, now_us)
        for incident in found.incidents:
            alerts.keep(incident)
        for gone, into in found.absorbed:
            alerts.absorb(gone, into)
        queue_notices(self._connection, targets, alerts.notices, now_us)
        if found.invariants or found.all_invariants:
            rules.keep_invariants(found.invariants, are_all=found.all_invariants)
        rules.keep_shed(found.shed, now_us)
        self._pieces.keep(found.pieces)

    @contextmanager
    def attempt(self) -> Generator[None]:
        """Take back what the block has kept where it raises; the append itself stands.

        Raises:
            NotKeptError: the driver refused something that it was given.
            sqlite3.Error: the store itself failed, and the transaction with it.
        """
        self._connection.execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK TO attempt")
                self._connection.execute("RELEASE attempt")
            if isinstance(error, _REFUSED):
                raise NotKeptError(str(error)) from error
            raise
        self._connection.execute("RELEASE attempt")
