"""Carries out what was asked for: records in quarantine are read again, with today's readers.

A record is read from its file where that still has it, else from the copy that the quarantine keeps. A file that has
changed is first read in the ordinary way, so that nothing that stands in it now can be stored twice. What could be read
is appended and leaves the quarantine in one transaction.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from ingest.pipeline import UNKNOWN_FORMAT, RecordTools
from ingest.retry_documents import is_whole_document, retry_document
from ingest.retry_lines import retry_line
from ingest.retry_verdict import MENDED, Place, Read, StillBad, Verdict
from ingest.scan.batcher import Batcher
from ingest.scan.intake import Intake
from ingest.scan.opening import look_at
from ingest.scan.tracked import load_state
from store.batch import SourceBatch
from store.errors import QuarantineChangedError
from store.quarantine import HeldRecord, QuarantineDesk
from store.sources import KnownSource
from store.store import Store

_AT_ONCE: Final = 64


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one retry: `events` were stored and the record has left the quarantine, or `how` says why not."""

    id: int
    read: bool
    how: str
    events: int = 0


class Retrier:
    """Reads records again between other work. The caller holds the lease."""

    def __init__(
        self,
        store: Store,
        tools: RecordTools,
        intake: Intake,
        batcher: Batcher,
        *,
        patience_s: float = 10.0,
        on_outcome: Callable[[Outcome], None] | None = None,
    ) -> None:
        """Append to `store` and let `intake` read what has changed; files that go on changing get `patience_s`."""
        self._store = store
        self._desk = QuarantineDesk(store)
        self._tools = tools
        self._intake = intake
        self._batcher = batcher
        self._patience_s = patience_s
        self._on_outcome = on_outcome
        self._seen = -1
        self._left = True
        self._until: dict[int, float] = {}

    def step(self) -> bool:
        """Work on what was asked for, while the intake is idle; return whether there may be more.

        Raises:
            StoreError: the store cannot be written now; what was asked for stays asked for.
        """
        requests = self._desk.requests()
        if requests == self._seen and not self._left:
            return False
        self._seen = requests
        records = self._desk.waiting(_AT_ONCE)
        self._left = bool(records)
        if records:
            self._batcher.flush()
        for source_no, group in groupby(records, lambda record: record.source_no):
            self._retry(source_no, list(group))
        return self._left

    def _retry(self, source_no: int, records: Sequence[HeldRecord]) -> None:
        source = self._store.sources.find(source_no)
        if source is None:
            for record in records:
                self._fail(record, "nothing is known of its file any more")
            return
        of_documents = [record for record in records if record.line is None]
        checkpoint = source.checkpoint
        if checkpoint is not None and load_state(checkpoint.reader_state).document and not source.gone:
            verdicts = retry_document(source, of_documents, self._tools)
            self._settle(source, list(zip(of_documents, verdicts, strict=True)))
            records = [record for record in records if record.line is not None]
        current = self._current(source)
        for record in records:
            verdict = self._judge(source, current, record)
            self._settle(source, [(record, self._without_stored(source, record, verdict))])

    def _judge(self, source: KnownSource, current: KnownSource | None, record: HeldRecord) -> Verdict:
        if record.line is not None and source.path != b"-":
            return retry_line(source, current, record, self._tools, self._desk.has_event)
        place = Place(source, self._tools, record.at_us)
        lines = source.checkpoint is not None and not source.gone and source.checkpoint.offset > 0
        if lines and source.path != b"-" and is_whole_document(record):
            return Read("read as lines with its file already")
        return place.read_kept(record, "it came from a stream" if source.path == b"-" else "its file is gone")

    def _without_stored(self, source: KnownSource, record: HeldRecord, verdict: Verdict) -> Verdict:
        """Leave out what this place of the file has given already, as where a damaged file was read on after all."""
        if not isinstance(verdict, Read):
            return verdict
        given = sum(len(batch.events) for batch in verdict.batches)
        for batch in verdict.batches:
            batch.events = [
                event
                for event in batch.events
                if not self._desk.has_event(source.source_no, event, generation=record.generation)
            ]
        left = sum(len(batch.events) for batch in verdict.batches)
        return Read(MENDED) if given and not left else verdict

    def _current(self, source: KnownSource) -> KnownSource | None:
        """Return the source that is read at this source's path now: itself, or what has taken its place."""
        if not source.gone:
            return source
        tracked = self._intake.book.at(source.path)
        return None if tracked is None or tracked.gone else self._store.sources.find(tracked.source_no)

    def _settle(self, source: KnownSource, judged: Sequence[tuple[HeldRecord, Verdict]]) -> None:
        """Append what could be read and note what could not."""
        read: list[tuple[HeldRecord, Read]] = []
        for record, verdict in judged:
            if isinstance(verdict, Read):
                read.append((record, verdict))
            elif isinstance(verdict, StillBad):
                self._fail(record, verdict.reason)
            else:
                self._postpone(source, record)
        if read:
            self._release(source, read)

    def _release(self, source: KnownSource, read: Sequence[tuple[HeldRecord, Read]]) -> None:
        batches = [batch for _, verdict in read for batch in verdict.batches]
        if not batches:
            batches = [SourceBatch(source.source_no, read[0][0].generation, UNKNOWN_FORMAT)]
        batches[-1].released = [(record.id, record.at_us) for record, _ in read]
        refused = sum(len(batch.rejected) for batch in batches)
        try:
            appended = self._store.append(batches)
        except QuarantineChangedError:
            return  # somebody has discarded one of them: what is left is asked for again
        self._tell_intake(source, batches)
        for record, verdict in read:
            self._until.pop(record.id, None)
            if appended.quarantined > refused:
                reason = "a value of it cannot be stored: it is in quarantine again, under another number"
                self._report(Outcome(record.id, read=False, how=reason))
            else:
                events = appended.events if verdict.batches else 0
                self._report(Outcome(record.id, read=True, how=verdict.how, events=events))

    def _tell_intake(self, source: KnownSource, batches: Sequence[SourceBatch]) -> None:
        """Let the scanner's own knowledge of a document follow what was stored."""
        checkpoint = next((batch.checkpoint for batch in batches if batch.checkpoint is not None), None)
        tracked = self._intake.book.at(source.path) if checkpoint is not None else None
        if tracked is not None and tracked.source_no == source.source_no:
            tracked.checkpoint = checkpoint
            tracked.release()
            self._intake.book.note(tracked)

    def _postpone(self, source: KnownSource, record: HeldRecord) -> None:
        """Have a changed file read in the ordinary way, after which the record comes up again."""
        now = time.monotonic()
        until = self._until.get(record.id)
        if until is not None and now > until:
            self._fail(record, "its file is changing or is not complete: ask again when it is")
            return
        self._until.setdefault(record.id, now + self._patience_s)
        current = self._current(source) or source
        facts = look_at(current.path)
        if facts is not None:
            self._intake.notice(current.path, current.folder_no, facts)

    def _fail(self, record: HeldRecord, reason: str) -> None:
        self._until.pop(record.id, None)
        self._desk.note_tried(record, reason)
        self._report(Outcome(record.id, read=False, how=reason))

    def _report(self, outcome: Outcome) -> None:
        if self._on_outcome is not None:
            self._on_outcome(outcome)
