"""Finds the records that the driver refuses, so that one of them does not cost the batch."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from store.append.prepared import Names, PlainEvent, Prepared, names_of, tail_of
from store.batch import Rejected
from store.events import NewEvent
from store.tokens import indexed_text


def without_refused(prepared: Prepared) -> Prepared:
    """Return the batch with every event that cannot be stored moved to `rejected`."""
    batch = prepared.batch
    kept = Prepared(replace(batch, events=[], rejected=[*batch.rejected]))
    places: dict[int, int] = {}
    unusual = iter(batch.events)
    scratch = sqlite3.connect(":memory:")
    try:
        for plain in prepared.events:
            if plain is None:
                event = next(unusual)
                why = _refusal(scratch, _values_of(event))
                if why is None:
                    kept.batch.events.append(event)
                    kept.events.append(None)
                else:
                    kept.batch.rejected.append(_rejected(why, event.stated(), event.offset))
                continue
            names = prepared.names[plain[0]]
            why = _refusal(scratch, (*names[1], *plain[1:-1], *plain[-1]))
            if why is None:
                place = places.setdefault(plain[0], len(kept.names))
                if place == len(kept.names):
                    kept.names.append(names)
                    kept.sums.add_names()
                kept.events.append((place, *plain[1:]))
                kept.sums.add(place, plain[1], plain[2], plain[4], plain[-1])
            else:
                kept.batch.rejected.append(_rejected(why, _said(names, plain), plain[3]))
    finally:
        scratch.close()
    return kept


def _values_of(event: NewEvent) -> Iterable[object]:
    """Return what the driver would get of an event; making its texts may be refused already."""
    yield from names_of(event)[1]
    yield from (event.ts_us, event.offset, event.counts, event.occurrence, event.usage_key, event.call_scope)
    yield indexed_text(event)
    yield from tail_of(event)


def _said(names: Names, plain: PlainEvent) -> list[object]:
    """Return what is known of a plain event: its status, names, time and values."""
    return [value for value in (names[0], *names[1], plain[2], *plain[-1]) if value is not None]


def _rejected(why: str, said: object, offset: int) -> Rejected:
    shown = repr(said).encode("utf-8", "backslashreplace")
    return Rejected(f"a value cannot be stored: {why}", shown, len(shown), offset, None)


def _refusal(scratch: sqlite3.Connection, values: Iterable[object]) -> str | None:
    """Return why the driver does not take one of the values, None where it takes all."""
    try:
        for value in values:
            scratch.execute("SELECT ?", (value,))
    except (sqlite3.Error, OverflowError, UnicodeError, TypeError) as error:
        return str(error)
    return None
