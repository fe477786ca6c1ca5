"""What may be asked about events as they arrived: all that may matter to somebody, in the order of their arrival.

A question walks through all events of a time and hands on those that a filter lets through, rows with counts=0 among
them. It tells `watch`, at least ten times a second, how far it is; where that returns False it stops. `watch` and
`take` are called in the asking thread. All times are UTC microseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from store.filters.keys import Key
from store.filters.model import Filter

if TYPE_CHECKING:
    from store.observed import ObservedEvent


class Choosing(Protocol):
    """Looks at a little of all events of a question first, and says which of them are worth reading whole."""

    @property
    def fields(self) -> Collection[str]:
        """Which fields of an event it looks at; the others are at their defaults."""
        ...

    def look(self, events: Sequence[ObservedEvent]) -> None:
        """Take some events note of, in whatever order; one that several alternatives let through comes again."""
        ...

    def chosen(self) -> Iterator[Sequence[int]]:
        """Yield the `seq` of what is to be handed on, once all was looked at; some at a time, in any order."""
        ...


@dataclass(frozen=True, slots=True)
class ReplayQuestion:
    """Which events: those that any of `alternatives` lets through (none: all), stated within [since_us, until_us)."""

    alternatives: tuple[Filter, ...] = ()
    since_us: int | None = None
    until_us: int | None = None
    choosing: Choosing | None = None
    """Leaves out what need not be handed on; None: everything is."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """How far a replay has come."""

    examined: int
    """Events (counts=1) for which it is known whether a filter lets them through."""
    events: int
    """Events of the whole time."""
    found: int
    """Those that are to be handed on, as far as they are known, rows with counts=0 among them."""
    replayed: int
    """Those that were handed on."""
    complete: bool = False
    """Whether all was handed on; False at the end: it was called off."""

    @property
    def share(self) -> float:
        """About which share of the work is done, 0 to 1."""
        if self.complete:
            return 1.0
        looked = min(self.examined / self.events, 1.0) if self.events else 1.0
        handed = self.replayed / self.found if self.found else 0.0
        return (looked + handed) / 2


Watch = Callable[[Replayed], bool]
Take = Callable[[Sequence["ObservedEvent"]], None]


class ReplayQuestions(Protocol):
    """What may be asked. See the module's docstring for `watch`, threads, times and counts."""

    def names(self, key: Key, most: int) -> Sequence[str] | None:
        """Return all names that the store has of a key of names; None where there are more than `most`."""
        ...

    def run(self, question: ReplayQuestion, take: Take, watch: Watch) -> Replayed:
        """Hand events to `take` in batches, in order of arrival, and return how far it came."""
        ...
