"""`--context`: what happened just before and after each hit, in the same request, trace or session."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from store.filters.keys import Key
from store.filters.model import Filter
from store.filters.syntax import Term, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.events import EventDetail, EventSummary
    from store.reader import StoreReader


@dataclass(slots=True)
class Neighbourhood:
    """Events of one thread in the order of time, by row id, and which of them are hits."""

    rows: dict[int, EventSummary] = field(default_factory=dict[int, "EventSummary"])
    hits: set[int] = field(default_factory=set[int])

    def in_order(self) -> tuple[EventSummary, ...]:
        """Return the events, oldest first."""
        return tuple(self.rows[row_id] for row_id in sorted(self.rows))


def neighbourhoods(reader: StoreReader, hits: Iterable[EventSummary], around: int) -> list[Neighbourhood]:
    """Return each hit with up to `around` events before and after it in its thread; hits of one thread together."""
    found: dict[Term | int, Neighbourhood] = {}
    for hit in hits:
        thread = _thread_of(reader.detail(hit.id))
        place = found.setdefault(hit.id if thread is None else thread, Neighbourhood())
        place.rows[hit.id] = hit
        place.hits.add(hit.id)
        if thread is not None:
            what = Filter(thread)
            before, after = reader.older(what, hit.id, around), reader.newer(what, hit.id, around)
            place.rows.update((row.id, row) for row in (*before.rows, *after.rows))
    return sorted(found.values(), key=lambda place: max(place.hits))


def _thread_of(detail: EventDetail | None) -> Term | None:
    """Return what the events of an event's thread have in common: its request, else its trace, else its session."""
    if detail is None:
        return None
    ids = ((Key.REQUEST, detail.request_id), (Key.TRACE, detail.trace_id), (Key.SESSION, detail.session_id))
    return next((Term(key, (Text(value),)) for key, value in ids if value is not None), None)
