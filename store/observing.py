"""Who looks at every event that is stored, within the transaction that stores it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from store.alerts.keeping import Keeping
    from store.notes import Noted, Scout
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

    def heeds(self, by: str) -> bool:
        """Return whether notes that were made by these questions can be used in the transaction that has begun."""
        ...

    def observe(
        self, keeping: Keeping, events: Sequence[ObservedEvent], noted: Sequence[Noted | None], last_seq: int
    ) -> None:
        """Look at the batch's events in order of arrival (their rows are written) and keep what was found.

        `noted` is what is known of each; None: nothing is. An event that was noted to concern nobody is not among
        them; `last_seq` is the last that was stored.
        """
        ...

    def scout(self, keeping: Keeping) -> Scout | None:
        """Return what looks at events before they are stored, for a store that another process appends to.

        Nothing is written. None: nothing can be known before.
        """
        ...

    def tick(self, keeping: Keeping) -> bool:
        """Look at the clock, in a transaction of its own after `begin`; return whether stored events still wait."""
        ...

    def forget(self) -> None:
        """Nothing of what was told since the last commit was kept: begin anew from what the store has."""
        ...
