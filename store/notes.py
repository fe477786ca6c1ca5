"""What can be said of events before they are stored: which of the questions about them are worth asking at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Final, Protocol, TypeAlias

from store.events import NewEvent

Noted: TypeAlias = tuple[int, ...]
"""What is to be done with an event once it is stored, as numbers that only the observer understands; empty: nothing."""


@dataclass(slots=True)
class Notes:
    """What a scout says of the events of one batch."""

    by: str
    """Which questions were asked: notes are of use only to who would ask the same."""
    noted: list[Noted]
    """Everything that is said, each once; the first is the empty one."""
    of: list[int]
    """For each event in their order, the place in `noted`; 0: it concerns nobody."""


class Scout(Protocol):
    """Looks at events before they are stored, in whichever process they are read."""

    def notes(self, events: Sequence[NewEvent], certain: Iterable[bool]) -> Notes | None:
        """Return what is to be done with events; None: nothing is known of them.

        `certain`: of each, whether it is stored as it is, as a row that counts.
        """
        ...


UNKNOWN: Final = -1
"""Stands for what nothing is known of, in place of a place in `Notes.noted`."""


def places_of(notes: Notes | None, number: int) -> Iterable[int]:
    """Return for each of so many events the place of what is noted of it, or `UNKNOWN`."""
    return repeat(UNKNOWN, number) if notes is None else notes.of
