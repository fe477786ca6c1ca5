"""Shows an observer what an append stores."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, cast, overload

from store.alerts.keeping import Keeping
from store.append.prepared import Names, PlainEvent
from store.events import NewEvent
from store.notes import Noted, Notes, Scout, places_of
from store.observed import ObservedEvent

if TYPE_CHECKING:
    from store.observing import BatchObserver

_made: Final = cast("Callable[..., NewEvent]", NewEvent)
"""By place instead of by name: several times as fast."""
_PLAIN: Final = (False, -1, False, None, None, 1)
"""What all plain events have from `ts_inferred` to `counts`."""


_Plain = tuple[int, int, int, Names, PlainEvent, int]
"""Row id, `seq`, arrival, names, the event as it was prepared, computed cost."""


class _Shown(Sequence[ObservedEvent]):
    """Events that are made when somebody looks at them: one after the other they hardly need any memory."""

    def __init__(self) -> None:
        self.kept: list[_Plain | ObservedEvent] = []

    def __len__(self) -> int:
        return len(self.kept)

    @overload
    def __getitem__(self, index: int) -> ObservedEvent: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[ObservedEvent]: ...
    def __getitem__(self, index: int | slice) -> ObservedEvent | Sequence[ObservedEvent]:
        if isinstance(index, slice):
            return [_observed(one) for one in self.kept[index]]
        return _observed(self.kept[index])

    def __iter__(self) -> Iterator[ObservedEvent]:
        return map(_observed, self.kept)


def _observed(one: _Plain | ObservedEvent) -> ObservedEvent:
    if isinstance(one, ObservedEvent):
        return one
    row_id, seq, arrived_us, names, event, computed_microusd = one
    _, _, ts_us, offset, outcome, _, _, tail = event
    status, texts = names
    made = _made(*texts, *tail[:-1], status, ts_us, *_PLAIN, offset, None, tail[-1])
    return ObservedEvent(row_id, seq, ts_us, arrived_us, made, outcome, computed_microusd)


class Showing:
    """One observer of one writing connection, and the events of the batch that it is about to see."""

    def __init__(self, observer: BatchObserver, connection: sqlite3.Connection, clock: Callable[[], int]) -> None:
        """Nothing is to be seen yet; `clock` gives UTC microseconds."""
        self._observer = observer
        self._keeping = Keeping(connection, clock)
        self._events = _Shown()
        self._noted: list[Noted | None] = []
        self._known: list[Noted | None] = [None]
        self._begun_seq = 0

    def begin(self, last_seq: int) -> None:
        """Begin, within the transaction; `last_seq` is the last event that is stored."""
        self._begun_seq = last_seq
        self._observer.begin(self._keeping, last_seq)

    def places(self, notes: Notes | None, number: int) -> Iterable[int]:
        """Begin with a batch of so many events; return for each what `plain` and `special` take as `place`.

        0: it is not to be shown.
        """
        if notes is not None and not self._observer.heeds(notes.by):
            notes = None
        # What is UNKNOWN, -1, stands at the end.
        self._known = [None] if notes is None else [*notes.noted, None]
        return places_of(notes, number)

    def plain(  # noqa: PLR0917 (called for each event; words for its arguments would cost time)
        self,
        row_id: int,
        seq: int,
        arrived_us: int,
        names: Names,
        event: PlainEvent,
        computed_microusd: int,
        place: int,
    ) -> None:
        """Take an event as it was prepared."""
        self._events.kept.append((row_id, seq, arrived_us, names, event, computed_microusd))
        self._noted.append(self._known[place])

    def special(  # noqa: PLR0917
        self, row_id: int, seq: int, arrived_us: int, event: NewEvent, outcome: int, computed: int, place: int
    ) -> None:
        """Take an event as it is stored after look-ups."""
        self._events.kept.append(ObservedEvent(row_id, seq, event.ts_us or 0, arrived_us, event, outcome, computed))
        self._noted.append(self._known[place])

    def end(self, last_seq: int) -> None:
        """Show everything; the rows are written, up to `last_seq`."""
        if last_seq > self._begun_seq:
            self._observer.observe(self._keeping, self._events, self._noted, last_seq)
            self._events, self._noted = _Shown(), []

    def scout(self) -> Scout | None:
        """Return what looks at events before they are stored; it is asked outside any transaction."""
        return self._observer.scout(self._keeping)

    def tick(self) -> bool:
        """Let the observer look at the clock; return whether stored events still wait to be looked at."""
        return self._observer.tick(self._keeping)

    def forget(self) -> None:
        """Take everything back since the last commit."""
        self._events, self._noted = _Shown(), []
        self._observer.forget()
