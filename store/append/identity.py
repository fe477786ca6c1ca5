"""Which event is new: producers' ids, elements of documents, and the k-th occurrence of a line."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from typing import Final

from store.events import NewEvent
from store.ids import SEQ_BITS, key_of

_BUCKETS: Final = 512
_UNTIMED: Final = 50_000


class Occurrences:
    """Counts how often a line's bytes have come, without keeping all of them.

    Equal bytes state the same time, so they lie in the same millisecond of the store: only there must be looked, and
    not even there when the source had nothing that new before this append.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Start with nothing known."""
        self._connection = connection
        self._fresh: dict[bytes, int] = {}
        self._buckets: OrderedDict[tuple[int, int], dict[bytes, int]] = OrderedDict()

    def forget(self) -> None:
        """Drop what is cached, after a rollback or another writer's commit."""
        self._fresh.clear()
        self._buckets.clear()

    def next_of(self, source_no: int, ms: int, newest_ms: int, digest: bytes) -> int:
        """Return k for a line of this source at this time; `newest_ms` is the source's newest before this append."""
        if ms > newest_ms:
            bucket = self._fresh
        else:
            place = (source_no, ms)
            known = self._buckets.get(place)
            bucket = self._load(place) if known is None else known
        k = bucket.get(digest, -1) + 1
        bucket[digest] = k
        return k

    def trim(self) -> None:
        """Drop what the append has stored. Only after it: what it has counted is nowhere else until then."""
        self._fresh.clear()
        while len(self._buckets) > _BUCKETS:
            self._buckets.popitem(last=False)

    def _load(self, place: tuple[int, int]) -> dict[bytes, int]:
        ms = place[1]
        rows = self._connection.execute(
            "SELECT digest, max(occurrence) FROM event WHERE id >= ? AND id < ? GROUP BY digest",
            (ms << SEQ_BITS, (ms + 1) << SEQ_BITS),
        )
        bucket = self._buckets[place] = dict(rows.fetchall())
        return bucket


class EventKeys:
    """Finds events by an identity that their place does not give, those of this batch before they are stored."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Start with no key of a batch."""
        self._connection = connection
        self._fresh: dict[int, NewEvent] = {}
        self._rows: list[tuple[int, int]] = []
        self._untimed: dict[bytes, int] = {}

    def forget(self) -> None:
        """Drop what is cached, after a rollback or another writer's commit."""
        self._fresh.clear()
        self._rows.clear()
        self._untimed.clear()

    def find(self, event: NewEvent) -> tuple[int, int | NewEvent | None]:
        """Return the key for this event's identity, and who has it: a row id, an event of this batch, or nobody."""
        key = self._first_key(event)
        while True:
            fresh = self._fresh.get(key)
            if fresh is not None:
                if _same(event, fresh.event_id, fresh.digest, fresh.occurrence):
                    return key, fresh
            else:
                row = self._connection.execute("SELECT event_row FROM event_key WHERE id = ?", (key,)).fetchone()
                if row is None:
                    return key, None
                held = self._identity(row[0])
                if held is None or _same(event, *held):
                    return key, int(row[0])
            key += 1

    def claim(self, key: int, event: NewEvent, row_id: int) -> None:
        """Give a free key to an event of this batch."""
        self._fresh[key] = event
        self._rows.append((key, row_id))

    def count_untimed(self, event: NewEvent) -> None:
        """Set `occurrence` of a line that states no time: the smallest k that is not taken."""
        k = self._untimed.get(event.digest, 0)
        event.occurrence = k
        while self.find(event)[1] is not None:
            k += 1
            event.occurrence = k
        if len(self._untimed) > _UNTIMED:
            self._untimed.clear()
        self._untimed[event.digest] = k + 1

    def flush(self) -> None:
        """Store the batch's keys."""
        self._connection.executemany("INSERT INTO event_key (id, event_row) VALUES (?, ?)", sorted(self._rows))
        self._rows.clear()
        self._fresh.clear()

    def _first_key(self, event: NewEvent) -> int:
        if event.event_id is not None:
            return key_of(b"p", event.event_id.encode("utf-8", "backslashreplace"))
        return key_of(b"d", event.digest, event.occurrence.to_bytes(8, "big"))

    def _identity(self, row_id: int) -> tuple[str | None, bytes, int] | None:
        row = self._connection.execute(
            "SELECT producer_id, digest, occurrence FROM event WHERE id = ?",
            (row_id,),
        ).fetchone()
        return tuple(row) if row else None


def _same(event: NewEvent, producer_id: str | None, digest: bytes, occurrence: int) -> bool:
    if event.event_id is not None:
        return event.event_id == producer_id
    return producer_id is None and event.digest == digest and event.occurrence == occurrence
