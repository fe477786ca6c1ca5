"""Observers for the tests of the store: one that takes notes, and one that finds what it is told to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from store.alerts.incident import Found, Incident, RuleFacts
from store.alerts.keeping import Keeping
from store.alerts.states import Level
from store.notes import Noted, Scout
from store.observed import ObservedEvent
from tests.events import BASE_US, SECOND

GUESSING: Final = RuleFacts("r-1", "guessing", "Somebody guesses", Level.MEDIUM)


class Notes:
    """A `BatchObserver` that writes down what it is told, and what others had appended before."""

    def __init__(self) -> None:
        """Nothing was told yet."""
        self.told: list[str] = []
        self.seen: list[ObservedEvent] = []
        self.read_back: list[ObservedEvent] = []
        self.by = ""
        self.noted: list[Noted | None] = []
        self.last_seq = 0

    def begin(self, keeping: Keeping, last_seq: int) -> None:
        """See `BatchObserver`."""
        del keeping
        self.told.append(f"begin {last_seq}")

    def heeds(self, by: str) -> bool:
        """See `BatchObserver`."""
        return by == self.by

    def scout(self, keeping: Keeping) -> Scout | None:
        """See `BatchObserver`."""
        del keeping

    def observe(
        self, keeping: Keeping, events: Sequence[ObservedEvent], noted: Sequence[Noted | None], last_seq: int
    ) -> None:
        """See `BatchObserver`."""
        self.noted += noted
        self.last_seq = last_seq
        self.told.append(f"observe {[event.seq for event in events]}")
        self.seen += events
        if events:
            self.read_back += keeping.events_after(events[0].seq - 1, len(events))

    def tick(self, keeping: Keeping) -> bool:
        """See `BatchObserver`."""
        del keeping
        self.told.append("tick")
        return False

    def forget(self) -> None:
        """See `BatchObserver`."""
        self.told.append("forget")


class Finder(Notes):
    """Finds what is put into `found` when the next events come; row ids in it are places among them."""

    def __init__(self, *targets: Any) -> None:
        """Nothing is found yet; `targets` are told of it."""
        super().__init__()
        self.found = Found()
        self.targets = targets

    def observe(
        self, keeping: Keeping, events: Sequence[ObservedEvent], noted: Sequence[Noted | None], last_seq: int
    ) -> None:
        """Keep what is to be found."""
        del noted, last_seq
        self.seen += events
        keeping.keep(self.found, self.targets)
        self.found = Found()

    def rows(self, *places: int) -> tuple[int, ...]:
        """Return the row ids of the events that were seen, by their place."""
        return tuple(self.seen[place].row_id for place in places)


def incident(name: str, evidence: Sequence[int], count: int | None = None, **fields: Any) -> Incident:
    """Return an incident of one rule and key, as large as its evidence if nothing else is said."""
    made: dict[str, Any] = {
        "rule": GUESSING,
        "key": (("user_id", "bob"),),
        "first_us": BASE_US,
        "last_us": BASE_US + SECOND,
        "explanation": "something happened",
        "historical": False,
    }
    return Incident(
        incident=name, count=len(evidence) if count is None else count, evidence=tuple(evidence), **(made | fields)
    )
