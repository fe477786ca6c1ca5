"""Collects what was read into one append: after 10,000 events, 8 MiB or 80 milliseconds, whichever comes first.

While a backlog is read, appends are carried out by a second process, and are sent ahead of it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from ingest.detecting import as_handed_on
from ingest.writer.client import WriterProcess
from store.batch import Appended, SourceBatch
from store.errors import StoreError
from store.lease import ScannerLease
from store.pricing.choosing import as_text
from store.store import Store

MOST_EVENTS: Final = 10_000
MOST_BYTES: Final = 8 << 20
"""Of the records that were read; what is made of them takes several times as much memory."""
LONGEST_S: Final = 0.080
_BACKLOG_EVENTS: Final = 1_000
"""So many events in one append, several times in a row, are a backlog; a full append is one at once."""
_BACKLOG_APPENDS: Final = 2
_BACKLOG_BYTES: Final = 4 * MOST_BYTES
"""So many bytes of one file that are not read yet are a backlog, where there are many events in what was read of it."""
_IDLE_S: Final = 5.0
"""How long the second process is kept with nothing to do."""
_AT_WORK_S: Final = 1.0
_US_PER_MS: Final = 1_000


@dataclass(slots=True)
class FolderTally:
    """What one folder has given since the start."""

    events: int = 0
    lag_ms: int | None = None
    """From the newest file change of the last batch to its commit."""


@dataclass(slots=True)
class Tally:
    """What has been stored since the start."""

    events: int = 0
    duplicates: int = 0
    quarantined: int = 0
    redacted: int = 0
    lag_ms: int | None = None
    """From the newest file change of the last batch to its commit; None: nothing was stored yet."""
    folders: dict[int, FolderTally] = field(default_factory=dict[int, FolderTally])
    """By folder number; only where batches were added under one."""


class Batcher:
    """One pending append, and those under way. If one fails, everything is kept and the next `flush` tries again."""

    def __init__(
        self,
        store: Store,
        on_commit: Callable[[Tally], None] | None = None,
        lease: ScannerLease | None = None,
        tally: Tally | None = None,
    ) -> None:
        """Append to `store`; `on_commit` is told the running tally after each append, which goes on from `tally`.

        With the lease of the store a second process may be used; without it, never.
        """
        self._store = store
        self._on_commit = on_commit
        self._lease = lease
        self._batches: list[SourceBatch] = []
        self._sent: deque[list[SourceBatch]] = deque()
        self._events = self._bytes = 0
        self._since = 0.0
        self._large_appends = 0
        self._writer: WriterProcess | None = None
        self._used = 0.0
        self._folder_of: dict[int, int] = {}
        self.on_taken: Callable[[Sequence[SourceBatch], int], None] | None = None
        """Told of all batches that are taken, and of the number of their folder (0: not known)."""
        self.tally = tally or Tally()

    def add(self, batches: Sequence[SourceBatch], folder_no: int = 0) -> None:
        """Take batches in the order in which they were read; `folder_no` says where, if it is known.

        Raises:
            StoreError: there were enough for an append, and it failed; they are kept.
        """
        if not batches:
            return
        if not self._batches:
            self._since = time.monotonic()
        self._batches.extend(batches)
        self._events += _size(batches)
        self._bytes += _bytes(batches)
        if folder_no:
            self._folder_of[batches[0].source_no] = folder_no
        if self.on_taken is not None:
            self.on_taken(batches, folder_no)
        self.flush_if_due()

    def expect(self, size: int) -> None:
        """Be told how many bytes there are behind what was added last: of a backlog, the second process starts now."""
        if size >= _BACKLOG_BYTES and self._events >= _BACKLOG_EVENTS:
            self._start_second_process()

    @property
    def pending(self) -> bool:
        """Whether something waits to be stored, or is being stored."""
        return bool(self._batches or self._sent)

    @property
    def fills(self) -> bool:
        """Whether something waits that is not being stored yet."""
        return bool(self._batches)

    @property
    def second_pid(self) -> int | None:
        """Number of the second process; None: there is none."""
        return None if self._writer is None else self._writer.pid

    @property
    def second_process_works(self) -> bool:
        """Whether a second process appends, or did so within the last second."""
        writer = self._writer
        return writer is not None and (writer.under_way or time.monotonic() - self._used < _AT_WORK_S)

    @property
    def second_process_is_ready(self) -> bool:
        """Whether appends that are due go to a second process by now."""
        return self._writer is not None and self._writer.ready

    def flush_if_due(self) -> None:
        """Append where there is enough, or what there is has waited long enough; do not wait for a second process.

        Raises:
            StoreError: an append failed; everything is kept.
        """
        waited = self._batches and time.monotonic() - self._since >= LONGEST_S
        if not self._is_enough and not waited:
            return
        writer = self._second_process()
        if writer is None:
            self.flush()
            return
        if not self._is_enough and writer.under_way and not writer.has_answered:
            return
        packed = writer.pack(self._batches, self._store.scout())  # while those before are still under way
        if packed is None:
            self.flush()
            return
        while writer.is_full or (writer.under_way and writer.has_answered):
            self._finish(writer)
        writer.send(packed)
        self._used = time.monotonic()
        self._sent.append(self._batches)
        self._batches = []
        self._events = self._bytes = 0

    def flush(self) -> None:
        """Append what there is, and wait until it is stored.

        Raises:
            StoreError: an append failed; everything is kept.
        """
        while self._writer is not None and self._writer.under_way:
            self._finish(self._writer)
        if self._batches:
            self._append()
        if self._writer is not None and time.monotonic() - self._used > _IDLE_S:
            self.close()

    def close(self) -> None:
        """End the second process, if there is one; what it was given is stored first."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
            self._large_appends = 0

    @property
    def _is_enough(self) -> bool:
        """Whether what waits is a full append."""
        return self._events >= MOST_EVENTS or self._bytes >= MOST_BYTES

    def _second_process(self) -> WriterProcess | None:
        """Return the second process where it can be used; start one where there is a backlog."""
        self._large_appends = self._large_appends + 1 if self._events >= _BACKLOG_EVENTS else 0
        if self._is_enough:
            self._large_appends = _BACKLOG_APPENDS
        if self._large_appends >= _BACKLOG_APPENDS:
            self._start_second_process()
        if self._writer is not None and self._writer.failed:
            self._lease = None
            self.close()
        return self._writer if self._writer is not None and self._writer.ready else None

    def _start_second_process(self) -> None:
        lock = None if self._lease is None else self._lease.descriptor
        if self._writer is None and lock is not None:
            prices, detection = as_text(self._store.pricer), as_handed_on(self._store)
            self._writer = WriterProcess(self._store.path, lock, prices, detection)
            self._used = time.monotonic()

    def _finish(self, writer: WriterProcess) -> None:
        """Wait for the first append that is under way."""
        try:
            appended = writer.finish()
        except StoreError:
            self._batches = [*chain.from_iterable(self._sent), *self._batches]
            self._events, self._bytes = _size(self._batches), _bytes(self._batches)
            self._sent.clear()
            raise
        self._note(self._sent.popleft(), appended)

    def _append(self) -> None:
        appended = self._store.append(self._batches)
        done, self._batches = self._batches, []
        self._events = self._bytes = 0
        self._note(done, appended)

    def _note(self, batches: Sequence[SourceBatch], appended: Appended) -> None:
        changed = [batch.changed_us for batch in batches if batch.changed_us is not None and batch.events]
        tally = self.tally
        tally.events += appended.events
        tally.duplicates += appended.duplicates
        tally.quarantined += appended.quarantined
        tally.redacted += sum(batch.redacted for batch in batches)
        now = self._store.clock()
        if changed:
            tally.lag_ms = max(0, now - max(changed)) // _US_PER_MS
        for batch in batches:
            self._note_folder(batch, now)
        if not self.pending:
            self._folder_of.clear()
        if self._on_commit is not None:
            self._on_commit(tally)

    def _note_folder(self, batch: SourceBatch, now: int) -> None:
        folder_no = self._folder_of.get(batch.source_no)
        if folder_no is not None and batch.events:
            folder = self.tally.folders.setdefault(folder_no, FolderTally())
            folder.events += len(batch.events)
            if batch.changed_us is not None:
                folder.lag_ms = max(0, now - batch.changed_us) // _US_PER_MS


def _size(batches: Sequence[SourceBatch]) -> int:
    return sum(len(batch.events) + len(batch.rejected) for batch in batches)


def _bytes(batches: Sequence[SourceBatch]) -> int:
    return sum(batch.size for batch in batches)
