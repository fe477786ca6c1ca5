"""What came of reading one record of the quarantine again, and reading one record by itself."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Final

from ingest.containers.content import Content
from ingest.formats.protocol import FileContext
from ingest.pipeline import RAW_LIMIT, RecordPipeline, RecordTools
from ingest.scan.tail import owner_name
from ingest.scan.tracked import load_state
from store.batch import SourceBatch
from store.quarantine import HeldRecord
from store.sources import KnownSource

MENDED: Final = "mended, and read with its file already"
"""How a record was read that nothing must be appended for."""
_BEFORE: Final = 64 * 1024
"""Bytes before a line in which the time is looked for that a record without one takes over."""


@dataclass(frozen=True, slots=True)
class Read:
    """It can be read, or was read meanwhile: then there is nothing to append. `how` says which in a few words."""

    how: str
    batches: list[SourceBatch] = field(default_factory=list[SourceBatch])


@dataclass(frozen=True, slots=True)
class StillBad:
    """It cannot be read, for this reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Later:
    """Its file has changed: that is read first, in the ordinary way."""


Verdict = Read | StillBad | Later


@dataclass(frozen=True, slots=True)
class Place:
    """What the records of one source have in common while they are read again. `owner`: the file's numeric user id."""

    source: KnownSource
    tools: RecordTools
    mtime_us: int
    owner: int | None = None

    def pipeline(self, generation: int, *, whole_document: bool) -> RecordPipeline:
        """Return a pipeline that gives records the identity they would have had."""
        checkpoint = self.source.checkpoint
        owner = None if self.owner is None else owner_name(self.owner)
        context = FileContext(
            path=os.fsdecode(self.source.path),
            mtime_us=self.mtime_us,
            owner=self.tools.user or owner,
            state=load_state(checkpoint.reader_state).reader if checkpoint else {},
        )
        pipeline = RecordPipeline(self.source.source_no, self.source.lineage, context, self.tools)
        pipeline.begin(generation, whole_document=whole_document)
        pipeline.remember_format(checkpoint.format if checkpoint else None)
        return pipeline

    def read_lines(self, record: HeldRecord, raw: bytes, content: Content | None) -> Read | StillBad:
        """Read whole lines that stand at the record's place; `content`: the file, for the time of the line before."""
        if not raw.strip(b" \t\r\n\x00"):
            return StillBad("the line is blank now: discard the record if that is meant")
        pipeline = self.pipeline(record.generation, whole_document=False)
        pipeline.add_lines(raw, record.offset, (record.line or 1) - 1)
        verdict = verdict_of(pipeline)
        if content is not None and isinstance(verdict, Read) and _lacks_time(verdict):
            pipeline = self.pipeline(record.generation, whole_document=False)
            self._pass_before(pipeline, content, record.offset)
            pipeline.add_lines(raw, record.offset, (record.line or 1) - 1)
            return verdict_of(pipeline)
        return verdict

    def read_kept(self, record: HeldRecord, why: str) -> Read | StillBad:
        """Read the copy that the quarantine keeps; `why` says why the file cannot be used."""
        if len(record.raw) >= RAW_LIMIT and record.size > RAW_LIMIT:
            return StillBad(f"{why}, and only the first 64 KiB of the record were kept")
        pipeline = self.pipeline(record.generation, whole_document=record.line is None)
        pipeline.add_record(record.raw, record.offset, record.line)
        verdict = verdict_of(pipeline)
        if isinstance(verdict, StillBad):
            return StillBad(f"{why}; of the kept copy: {verdict.reason}")
        return Read(f"read from the kept copy, for {why}", verdict.batches)

    def _pass_before(self, pipeline: RecordPipeline, content: Content, offset: int) -> None:
        """Let the pipeline see what stands before a line, for the time and the state that it leaves; nothing more."""
        size = min(offset, _BEFORE)
        before = content.read(size, offset - size)
        if size < offset:
            before = before[before.find(b"\n") + 1 :]
        if before:
            pipeline.add_lines(before.removesuffix(b"\n"), offset - len(before), 0)
            pipeline.take()


def verdict_of(pipeline: RecordPipeline) -> Read | StillBad:
    """Return what the pipeline has made of a record."""
    batches = pipeline.take()
    rejected = [one for batch in batches for one in batch.rejected]
    if rejected:
        return StillBad(rejected[0].reason)
    used = [batch for batch in batches if batch.events or batch.uncounted]
    return Read("read", used) if used else StillBad("nothing stands there now: discard the record if that is meant")


def resembles(kept: bytes, now: bytes) -> bool:
    """Return whether what stands there now may be the kept record, mended: at least half of both is the same."""
    kept = kept.strip()
    now = now.strip()
    shortest = min(len(kept), len(now))
    start = next((at for at in range(shortest) if kept[at] != now[at]), shortest)
    most = shortest - start
    end = next((at for at in range(most) if kept[-1 - at] != now[-1 - at]), most)
    return 2 * (start + end) >= max(len(kept), len(now))


def _lacks_time(read: Read) -> bool:
    return any(event.ts_inferred for batch in read.batches for event in batch.events)
