"""The append transaction: rows, full text, counts and checkpoints, all or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from itertools import repeat
from typing import Final

from store import dialect
from store.append.calls import Calls
from store.append.conflicts import conflict_event
from store.append.figures import RowFigures
from store.append.identity import EventKeys, Occurrences
from store.append.minutes import Minutes
from store.append.prepared import DIGEST, PlainEvent, Prepared
from store.append.progress import Progress
from store.append.rows import INSERT, TENANT, TROUBLE, Numbers, Row, RowBuilder, content_digest
from store.append.showing import Showing
from store.append.usage import Usage
from store.append.vet import without_refused
from store.batch import Appended
from store.events import NewEvent
from store.ids import OVERFLOW_MS, SEQ_BITS, SEQ_MASK, sort_ms
from store.notes import UNKNOWN
from store.pricing.pricer import Pricer

REFUSALS: Final = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError, OverflowError, UnicodeError)
"""What the driver raises for a value or a row that it does not take; everything else is the store's own trouble."""
_NEIGHBOURS: Final = 4
"""Ids beside a taken one that are tried."""


Place = tuple[int, int, int, int]
"""What all events of a part of a batch have in common: arrival in UTC microseconds, source, generation, format."""
Also = Callable[[sqlite3.Connection], None]
"""What else belongs to an append: called once its rows are written, before COMMIT. What it raises rolls all back."""


class Appender:
    """Appends batches over one writing connection."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], int], pricer: Pricer) -> None:
        """Start with empty caches; `pricer` says what tokens cost whose producer does not."""
        self._connection = connection
        self._clock = clock
        self._data_version = -1
        self._seq = 0
        self._builder = RowBuilder(connection)
        self._occurrences = Occurrences(connection)
        self._keys = EventKeys(connection)
        self._calls = Calls(connection)
        self._usage = Usage(connection)
        self._minutes = Minutes(connection)
        self._figures = RowFigures(connection, pricer)
        self._progress = Progress(connection)
        self._rows: list[Row] = []
        self._texts: list[tuple[int, str]] = []
        self._conflicts = 0
        self._duplicates = 0
        self._careful = False
        self._taken: set[int] = set()
        self._newest: dict[int, int] = {}
        self.showing: Showing | None = None
        """Who sees what is stored; None: nobody."""

    def append(self, batches: Sequence[Prepared], also: Also | None = None) -> Appended:
        """Store everything in one transaction; a record that the driver refuses goes to the quarantine instead.

        Then `also` is called a second time, in the second attempt's transaction.

        Raises:
            sqlite3.Error: the store itself failed; nothing was kept, and the batches are as they were.
        """
        try:
            return self._transact(batches, also)
        except REFUSALS:
            self._careful = True
            try:
                return self._transact([without_refused(batch) for batch in batches], also)
            finally:
                self._careful = False
                self._taken.clear()

    def look(self) -> bool:
        """Let the observer catch up and look at the clock; return whether stored events still wait for it.

        Raises:
            sqlite3.Error: the store itself failed; nothing was kept.
        """
        with self._transaction():
            return self.showing is not None and self.showing.tick()

    def _transact(self, batches: Sequence[Prepared], also: Also | None) -> Appended:
        with self._transaction():
            appended = self._fill(batches)
            if also is not None:
                also(self._connection)
            return appended

    @contextmanager
    def _transaction(self) -> Generator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._refresh()
            if self.showing is not None:
                self.showing.begin(self._seq)
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            self.forget()
            if self.showing is not None:
                self.showing.forget()
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def _refresh(self) -> None:
        """Believe caches only while nobody else has written."""
        version = dialect.data_version(self._connection)
        if version != self._data_version:
            self.forget()
            self._data_version = version
            self._seq = int(self._connection.execute("SELECT value FROM counter WHERE name = 'seq'").fetchone()[0])

    def forget(self) -> None:
        """Drop all caches: something else has written over this connection, or nothing of a batch was kept."""
        self._data_version = -1
        self._rows.clear()
        self._texts.clear()
        self._newest.clear()
        for part in (
            self._builder, self._occurrences, self._keys, self._calls, self._usage, self._minutes, self._figures,
            self._progress,
        ):  # fmt: skip
            part.forget()

    def _fill(self, batches: Sequence[Prepared]) -> Appended:
        now_us = self._clock()
        self._conflicts = self._duplicates = 0
        for prepared in batches:
            rows, duplicates = len(self._rows), self._duplicates
            newest = self._add_all(prepared, now_us)
            added = len(self._rows) - rows
            self._progress.save(prepared.batch, added, self._duplicates - duplicates, newest, now_us)
        events = len(self._rows)
        self._flush()
        if self.showing is not None:
            self.showing.end(self._seq)
        quarantined = sum(len(prepared.batch.rejected) for prepared in batches)
        return Appended(events, self._duplicates, self._conflicts, quarantined, self._seq)

    def _flush(self) -> None:
        self._rows.sort()
        self._texts.sort()
        self._connection.executemany(INSERT, self._rows)
        self._connection.executemany(dialect.INSERT_FULL_TEXT, self._texts)
        self._rows.clear()
        self._texts.clear()
        for part in (self._keys, self._calls, self._usage, self._minutes, self._figures, self._progress):
            part.flush()
        self._occurrences.trim()
        self._newest.clear()
        self._connection.execute("UPDATE counter SET value = ? WHERE name = 'seq'", (self._seq,))

    def _add_all(self, prepared: Prepared, now_us: int) -> int:
        """Add a source's events; return the greatest sort time among its lines."""
        batch = prepared.batch
        source_no = batch.source_no
        newest = self._progress.newest_ms(source_no)
        known_newest = self._newest.setdefault(source_no, newest)
        place = (now_us, source_no, batch.generation, self._builder.formats[batch.format])
        numbers = [self._builder.numbers_of(names) for names in prepared.names]
        unusual = iter(batch.events)
        next_of = self._occurrences.next_of
        showing = self.showing
        for event, shown_at in zip(prepared.events, self._places(prepared), strict=True):
            if event is None:
                ms = self._add_unusual(next(unusual), place, known_newest, shown_at)
            else:
                ms = event[1]
                k = next_of(source_no, ms, known_newest, event[-1][DIGEST])
                number = event[0]
                row_id = self._add_plain(event, place, numbers[number], k)
                computed = 0
                if event[5]:
                    names = prepared.names[number]
                    computed = self._figures.price_plain(row_id, event, numbers[number][0], names[1][-1])
                if shown_at and showing is not None:
                    showing.plain(row_id, self._seq, now_us, prepared.names[number], event, computed, shown_at)
            if ms > newest:  # noqa: PLR1730 (a call of max for each event)
                newest = ms
        self._figures.add_all_plain([known for known, _ in numbers], prepared)
        return newest

    def _places(self, prepared: Prepared) -> Iterable[int]:
        """Return how each event is to be shown; 0: it is not."""
        number = len(prepared.events)
        return repeat(0, number) if self.showing is None else self.showing.places(prepared.notes, number)

    def _add_plain(self, event: PlainEvent, place: Place, named: tuple[Numbers, str], k: int) -> int:
        """Add an event as it was prepared; return its row id."""
        _, ms, ts_us, offset, outcome, _, text, tail = event
        numbers, tokens = named
        row_id = self._next_id(ms)
        self._seq = seq = self._seq + 1
        self._minutes.count(ms, numbers[TENANT], numbers[TROUBLE])
        self._rows.append((row_id, seq, ts_us, *place, offset, 1, outcome, k, *numbers, *tail))
        self._texts.append((row_id, f"{tokens} {text}"))
        return row_id

    def _add_unusual(self, event: NewEvent, place: Place, known_newest: int, shown_at: int) -> int:
        """Add a copy of an event that needs a look-up; return its sort time where it is a line that states one."""
        event = event.copy()
        ms = sort_ms(event.ts_us or 0)
        if event.event_id is None and event.occurrence < 0 and not event.ts_inferred:
            k = self._occurrences.next_of(place[1], ms, known_newest, event.digest)
            self._add_special(event, ms, place, k, shown_at)
            return ms
        self._add_keyed(event, ms, place, shown_at)
        return -1

    def _add_keyed(self, event: NewEvent, ms: int, place: Place, shown_at: int) -> None:
        """Add an event whose identity must be looked up, unless it is known."""
        if event.event_id is not None:
            event.digest = content_digest(event)
        elif event.occurrence < 0:
            self._keys.count_untimed(event)
        key, holder = self._keys.find(event)
        if holder is None:
            row_id = self._add_special(event, ms, place, max(event.occurrence, 0), shown_at)
            if row_id is not None:
                self._keys.claim(key, event, row_id)
            return
        self._duplicates += 1
        if event.event_id is not None and not event.copies_may_differ:
            self._note_conflict(event, holder, place)

    def _note_conflict(self, event: NewEvent, holder: int | NewEvent, place: Place) -> None:
        conflict = conflict_event(self._connection, event, holder, place[0])
        if conflict is None or self._keys.find(conflict)[1] is not None:
            return
        self._conflicts += 1
        self._add_keyed(conflict, sort_ms(conflict.ts_us or 0), place, UNKNOWN)

    def _add_special(self, event: NewEvent, ms: int, place: Place, k: int, shown_at: int) -> int | None:
        """Add a copy that the call and usage books may change; return its row id, None where it adds nothing."""
        step = None
        if event.usage_key is not None:
            step = self._usage.reduce(event)
            if step is None:
                return None
        row_id = self._next_id(ms)
        outcome = self._calls.settle(event, row_id, place[-1])
        numbers = self._add(event, row_id, place, outcome, k)
        if event.counts:
            self._figures.count(event, numbers, ms, outcome)
        computed = self._figures.add_cost(event, row_id, numbers, step)
        if step is not None and computed:
            self._usage.add_computed(step.total_key, computed)
        if shown_at and self.showing is not None:
            self.showing.special(row_id, self._seq, place[0], event, outcome, computed, shown_at)
        return row_id

    def _add(self, event: NewEvent, row_id: int, place: Place, outcome: int, k: int) -> Numbers:
        """Add an event as it is now; return the numbers of its names."""
        self._seq += 1
        full_place = (
            row_id, self._seq, event.ts_us or 0, *place, event.offset, event.counts, outcome, k,
        )  # fmt: skip
        row, text, numbers = self._builder.build(event, full_place)
        if event.counts:
            self._minutes.count(row_id >> SEQ_BITS, numbers[TENANT], numbers[TROUBLE])
        self._rows.append(row)
        self._texts.append((row_id, text))
        return numbers

    def _next_id(self, ms: int) -> int:
        row_id = ms << SEQ_BITS | (self._seq + 1) & SEQ_MASK
        return self._free_id(row_id) if self._careful else row_id

    def _free_id(self, row_id: int) -> int:
        """Return an id that no event has, `row_id` if possible: two million arrivals later low bits come again.

        A neighbour in the same millisecond is free unless millions of events state one and the same time; then the
        next millisecond is. Two million more, and it is the one after that.
        """
        for ms in range(OVERFLOW_MS):
            for neighbour in range(_NEIGHBOURS):
                low = row_id + neighbour & SEQ_MASK
                found = (row_id >> SEQ_BITS) + ms << SEQ_BITS | low
                if not self._is_taken(found):
                    self._taken.add(found)
                    return found
        return row_id

    def _is_taken(self, row_id: int) -> bool:
        asked = "SELECT 1 FROM event WHERE id = ?"
        return row_id in self._taken or self._connection.execute(asked, (row_id,)).fetchone() is not None
