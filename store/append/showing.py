"""Shows an observer what an append stores."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, cast

from store.alerts.keeping import Keeping
from store.append.prepared import Names, PlainEvent
from store.events import NewEvent
from store.observed import ObservedEvent

if TYPE_CHECKING:
    from store.observing import BatchObserver

_made: Final = cast("Callable[..., NewEvent]", NewEvent)
"""By place instead of by name: several times as fast."""
_PLAIN: Final = (False, -1, False, None, None, 1)
"""What all plain events have from `ts_inferred` to `counts`."""


class Showing:
    """One observer of one writing connection, and the events of the batch that it is about to see."""

    def __init__(self, observer: BatchObserver, connection: sqlite3.Connection, clock: Callable[[], int]) -> None:
        """Nothing is to be seen yet; `clock` gives UTC microseconds."""
        self._observer = observer
        self._keeping = Keeping(connection, clock)
        self._events: list[ObservedEvent] = []

    def begin(self, last_seq: int) -> None:
        """Begin, within the transaction; `last_seq` is the last event that is stored."""
        self._observer.begin(self._keeping, last_seq)

    def plain(  # noqa: PLR0917 (called for each event; words for its arguments would cost time)
        self, row_id: int, seq: int, arrived_us: int, names: Names, event: PlainEvent, computed_microusd: int
    ) -> None:
        """Take an event as it was prepared."""
        _, _, ts_us, offset, outcome, _, _, tail = event
        status, texts = names
        made = _made(*texts, *tail[:-1], status, ts_us, *_PLAIN, offset, None, tail[-1])
        self._events.append(ObservedEvent(row_id, seq, ts_us, arrived_us, made, outcome, computed_microusd))

    def special(self, row_id: int, seq: int, arrived_us: int, event: NewEvent, outcome: int, computed: int) -> None:  # noqa: PLR0917
        """Take an event as it is stored after look-ups."""
        self._events.append(ObservedEvent(row_id, seq, event.ts_us or 0, arrived_us, event, outcome, computed))

    def end(self) -> None:
        """Show everything; the rows are written."""
        if self._events:
            self._observer.observe(self._keeping, self._events)
            self._events = []

    def tick(self) -> bool:
        """Let the observer look at the clock; return whether stored events still wait to be looked at."""
        return self._observer.tick(self._keeping)

    def forget(self) -> None:
        """Take everything back since the last commit."""
        self._events = []
        self._observer.forget()
