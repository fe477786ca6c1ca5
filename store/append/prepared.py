"""What of an append can be made before its transaction begins, by another process if need be.

Most events need no look-up: they have neither a producer's id nor a call to be paired with nor a running total. Of
these everything is made here but what only the transaction knows: the numbers of their names, `seq`, and k.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final

from msgspec.structs import astuple

from store.append.calls import CALL
from store.append.metadata_text import metadata_text_of
from store.batch import SourceBatch
from store.events import FINAL_STATUSES, NewEvent, Status
from store.ids import sort_ms
from store.notes import Notes
from store.rollups.sums import PlainSums
from store.tokens import indexed_text

_NAMED: Final = 9
"""The first fields of `NewEvent` are texts that become numbers,"""
_AS_IS: Final = 24
"""and those up to here go into the row as they are."""
DIGEST: Final = 6
"""Where a tail has the digest."""

Names = tuple[Status | None, tuple[str | None, ...]]
"""A status and the nine names of a row, in the order of its columns."""
Tail = tuple[Any, ...]
"""A row's values from `duration_us` to `metadata`."""
PlainEvent = tuple[int, int, int, int, int, bool, str, Tail]
"""Place of its names in `Prepared.names`, sort milliseconds, stated time, byte offset, outcome, whether a price has to
be found for its tokens, full text, tail."""


@dataclass(slots=True)
class Prepared:
    """A source's part of an append, ready to be stored."""

    batch: SourceBatch
    """As it was, but its events are only those that need a look-up."""
    names: list[Names] = field(default_factory=list[Names])
    """Every combination of names once: events repeat few."""
    events: list[PlainEvent | None] = field(default_factory=list[PlainEvent | None])
    """All events in their order; None stands for the next of `batch.events`."""
    sums: PlainSums = field(default_factory=PlainSums)
    """What the plain ones among `events` add up to."""
    notes: Notes | None = None
    """What is known of all events for who looks at them once they are stored."""


def prepare(batch: SourceBatch) -> Prepared:
    """Return the batch ready to be stored; it stays as it is."""
    unusual: list[NewEvent] = []
    prepared = Prepared(replace(batch, events=unusual))
    numbers: dict[Names, int] = {}
    add = prepared.events.append
    add_up = prepared.sums.add
    for event in batch.events:
        if _needs_a_look_up(event):
            unusual.append(event)
            add(None)
            continue
        values = astuple(event)
        status = event.status
        names = (status, values[:_NAMED])
        number = numbers.get(names)
        if number is None:
            number = numbers[names] = len(prepared.names)
            prepared.names.append(names)
            prepared.sums.add_names()
        ts_us = event.ts_us or 0
        ms = sort_ms(ts_us)
        outcome = int(event.event_type == CALL and status in FINAL_STATUSES)
        tail = (*values[_NAMED:_AS_IS], metadata_text_of(event))
        text = event.indexed or indexed_text(event)
        add((number, ms, ts_us, event.offset, outcome, add_up(number, ms, ts_us, outcome, tail), text, tail))
    return prepared


def _needs_a_look_up(event: NewEvent) -> bool:
    return (
        event.call_id is not None
        or event.event_id is not None
        or event.usage_key is not None
        or event.ts_inferred
        or event.occurrence >= 0
        or not event.counts
    )


def names_of(event: NewEvent) -> Names:
    """Return an event's status and names."""
    return event.status, astuple(event)[:_NAMED]


def tail_of(event: NewEvent) -> Tail:
    """Return an event's values from `duration_us` to `metadata`."""
    return (*astuple(event)[_NAMED:_AS_IS], metadata_text_of(event))
