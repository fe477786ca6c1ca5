"""Who looks at every event that is stored, within the transaction that stores it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from store.alerts.keeping import Keeping
    from store.observed import ObservedEvent


class BatchObserver(Protocol):
    """Called by an append, between BEGIN and COMMIT. What it raises rolls the append back.

    A store has at most one, installed by whoever holds the scanner's lease; several processes may take turns.
    """

    def begin(self, keeping: Keeping, last_seq: int) -> None:
        """An append begins; `last_seq` is the last event that is stored.

        Events that other writers stored meanwhile are looked at now (`Keeping.events_after`), so that all are in order.
        """
        ...

    def observe(self, keeping: Keeping, events: Sequence[ObservedEvent]) -> None:
        """Look at the batch's events in order of arrival (their rows are written) and keep what was found."""
        ...

    def tick(self, keeping: Keeping) -> bool:
        """Look at the clock, in a transaction of its own after `begin`; return whether stored events still wait."""
        ...

    def forget(self) -> None:
        """Nothing of what was told since the last commit was kept: begin anew from what the store has."""
        ...
