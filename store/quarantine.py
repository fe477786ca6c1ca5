"""What may be done about records that could not be read: ask for a retry, discard. Who discards is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from sqlalchemy import Executable, func, select, update
from sqlmodel import Session, col

from store.append.quarantine_rows import REQUESTS
from store.batch import SourceBatch
from store.errors import QuarantineChangedError, StoreError
from store.events import NewEvent
from store.ids import OVERFLOW_MS, SEQ_BITS, sort_ms
from store.own_event import OWN_FORMAT, own_event
from store.session import writing
from store.store import Store
from store.tables import Counter, Event, Quarantine, Source

DISCARDED: Final = "system.quarantine_discarded"
"""Type of the event that stands for a discarded record."""

_AT_ONCE: Final = 500
_COLUMNS: Final = (
    Quarantine.id, Quarantine.at_us, Quarantine.source_no, Quarantine.generation, Quarantine.byte_offset,
    Quarantine.line, Quarantine.reason, Quarantine.size, Quarantine.raw,
)  # fmt: skip


class EmptyReasonError(StoreError):
    """Somebody wants to discard records without saying why."""

    def __init__(self) -> None:
        """Say what is missing."""
        super().__init__("say why the records are discarded: the reason is kept in their place")


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A record in quarantine with its bytes: redacted, and at most their first 64 KiB."""

    id: int
    at_us: int
    source_no: int
    generation: int
    offset: int
    line: int | None
    reason: str
    size: int
    raw: bytes


class QuarantineDesk:
    """Changes the quarantine of one open store. Methods raise `StoreError` where it cannot be written now."""

    def __init__(self, store: Store) -> None:
        """Work on this store."""
        self._store = store

    def request_retry(self, ids: Sequence[int] | None) -> int:
        """Have these records (None: all) read again by whoever scans; return how many of them are there."""
        parts = [None] if ids is None else [ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE)]
        number = 0
        with self._session() as session:
            for part in parts:
                asked = update(Quarantine).values(retry_us=self._store.clock())
                if part is not None:
                    asked = asked.where(col(Quarantine.id).in_(part))
                number += session.connection().execute(asked).rowcount
            counter = session.get(Counter, REQUESTS) or Counter(name=REQUESTS, value=0)
            counter.value += 1
            session.add(counter)
        return number

    def discard(self, ids: Sequence[int], reason: str) -> int:
        """Drop these records for good; in the same transaction an event records who did so and why.

        Returns how many of them were still there.

        Raises:
            EmptyReasonError: no reason is given; nothing was done.
        """
        why = reason.strip()
        if not why:
            raise EmptyReasonError
        number = 0
        for at in range(0, len(ids), _AT_ONCE):
            part = sorted(set(ids[at : at + _AT_ONCE]))
            number += self._discard_part(part, why)
        return number

    def requests(self) -> int:
        """Return a number that grows with every request for a retry: as long as it stays, nobody has asked anew."""
        with self._session() as session:
            counter = session.get(Counter, REQUESTS)
            return counter.value if counter else 0

    def waiting(self, limit: int) -> list[HeldRecord]:
        """Return records whose retry was asked for, those of one source together."""
        asked = col(Quarantine.retry_us).is_not(None)
        order = (col(Quarantine.source_no), col(Quarantine.id))
        return self._records(select(*map(col, _COLUMNS)).where(asked).order_by(*order).limit(limit))

    def still_waiting(self, ids: Sequence[int]) -> int:
        """Return how many of these records are in quarantine and wait for their retry."""
        number = 0
        with self._session() as session:
            for at in range(0, len(ids), _AT_ONCE):
                some = col(Quarantine.id).in_(ids[at : at + _AT_ONCE])
                statement = select(func.count()).where(some, col(Quarantine.retry_us).is_not(None))
                number += session.connection().execute(statement).scalar_one()
        return number

    def reasons_of_failure(self, ids: Sequence[int]) -> dict[int, str]:
        """Return why those of these records that are still there cannot be read, as their last retry said."""
        found: dict[int, str] = {}
        asked = select(col(Quarantine.id), col(Quarantine.tried_reason), col(Quarantine.reason))
        with self._session() as session:
            for at in range(0, len(ids), _AT_ONCE):
                some = asked.where(col(Quarantine.id).in_(ids[at : at + _AT_ONCE]))
                found.update((row[0] or 0, row[1] or row[2]) for row in session.connection().execute(some))
        return found

    def note_tried(self, record: HeldRecord, reason: str) -> None:
        """Note why a record could not be read again; its retry is not asked for any more."""
        with self._session() as session:
            tried = update(Quarantine).where(col(Quarantine.id) == record.id, col(Quarantine.at_us) == record.at_us)
            values = {"retry_us": None, "tried_us": self._store.clock(), "tried_reason": reason}
            session.connection().execute(tried.values(**values))

    def has_event(self, source_no: int, event: NewEvent, *, generation: int | None = None) -> bool:
        """Return whether this source has given an event of this identity at its time.

        With a generation: in that generation and from the event's own place, so that it is the very same one.
        """
        ms = sort_ms(event.ts_us or 0)
        same = col(Event.digest) == event.digest if event.event_id is None else col(Event.producer_id) == event.event_id
        statement = select(func.count()).where(
            col(Event.id) >= ms << SEQ_BITS,
            col(Event.id) < (ms + 1 + OVERFLOW_MS) << SEQ_BITS,
            col(Event.source_no) == source_no,
            same,
        )
        if generation is not None:
            place = (col(Event.generation) == generation, col(Event.byte_offset) == event.offset)
            statement = statement.where(*place)
        with self._session() as session:
            return session.connection().execute(statement).scalar_one() > 0

    def _discard_part(self, ids: Sequence[int], why: str) -> int:
        while True:
            records = self._records(select(*map(col, _COLUMNS)).where(col(Quarantine.id).in_(ids)))
            if not records:
                return 0
            try:
                self._store.append(self._discards(records, why))
            except QuarantineChangedError:
                continue  # some of them left in between: what is still there is asked for anew
            return len(records)

    def _discards(self, records: Sequence[HeldRecord], why: str) -> list[SourceBatch]:
        paths = self._paths({record.source_no for record in records})
        now = self._store.clock()
        batches: dict[tuple[int, int], SourceBatch] = {}
        for record in records:
            place = (record.source_no, record.generation)
            batch = batches.setdefault(place, SourceBatch(*place, OWN_FORMAT))
            batch.events.append(discard_event(record, paths.get(record.source_no, b""), why, now))
            batch.released.append((record.id, record.at_us))
        return list(batches.values())

    def _paths(self, source_nos: set[int]) -> dict[int, bytes]:
        asked = select(col(Source.source_no), col(Source.path)).where(col(Source.source_no).in_(source_nos))
        with self._session() as session:
            return {row[0]: row[1] for row in session.connection().execute(asked)}

    def _records(self, statement: Executable) -> list[HeldRecord]:
        with self._session() as session:
            return [HeldRecord(*row) for row in session.connection().execute(statement)]

    def _session(self) -> AbstractContextManager[Session]:
        return writing(self._store.engine, self._store.lock, self._store.path)


def discard_event(record: HeldRecord, path: bytes, why: str, now_us: int) -> NewEvent:
    """Return the event that stands for a record that somebody discards now."""
    file = path.decode("utf-8", "backslashreplace")
    message = f"discarded from the quarantine: {file}, byte {record.offset}: {why}"
    facts = {
        "why": why,
        "file": file,
        "generation": record.generation,
        "offset": record.offset,
        "line": record.line,
        "fault": record.reason,
        "size": record.size,
        "kept_bytes": len(record.raw),
        "kept_blake2b": blake2b(record.raw, digest_size=32).hexdigest(),
        "quarantine_id": record.id,
        "quarantined_us": record.at_us,
    }
    identity = b"discarded" + f"{record.id} {record.at_us} {now_us}".encode()
    event = own_event(DISCARDED, now_us, message, facts, identity)
    event.offset = record.offset
    return event
