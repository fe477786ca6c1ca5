"""Reads what is quarantined of a whole document again: the document itself, or single records of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ingest.containers.content import content_of
from ingest.containers.document import Element, split_document
from ingest.decode import Undecodable
from ingest.pipeline import RecordPipeline, RecordTools, record_key
from ingest.retry_verdict import MENDED, Later, Place, Read, StillBad, Verdict, resembles
from ingest.scan.documents import whole_document
from ingest.scan.opening import FileFacts, Unreadable, opened
from ingest.scan.tracked import SourceState, load_state
from store.batch import Checkpoint, SourceBatch
from store.quarantine import HeldRecord
from store.sources import KnownSource

_NS_PER_US: Final = 1_000


def retry_document(source: KnownSource, records: Sequence[HeldRecord], tools: RecordTools) -> list[Verdict]:
    """Read records of one document again; return what came of each, in their order.

    The first that is `Read` carries everything that must be appended with all of them.
    """
    checkpoint = source.checkpoint
    if source.gone or checkpoint is None:
        return _kept(source, records, tools, "its file is gone")
    try:
        with opened(source.path) as (descriptor, facts):
            if not checkpoint.settled or not _is_unchanged(checkpoint, facts):
                return [Later() for _ in records]
            data = whole_document(content_of(source.path, descriptor), facts)
            elements = split_document(data)
    except Undecodable as error:
        return [StillBad(str(error)) for _ in records]
    except Unreadable as error:
        return _kept(source, records, tools, f"its file cannot be read ({error.reason})")
    except OSError as error:
        return _kept(source, records, tools, f"its file cannot be read ({error.strerror or error})")
    place = Place(source, tools, facts.mtime_ns // _NS_PER_US, facts.owner)
    return _Retry(place, checkpoint, elements).run(records)


class _Retry:
    """One document that can be split, read once more."""

    def __init__(self, place: Place, checkpoint: Checkpoint, elements: Sequence[Element]) -> None:
        self._place = place
        self._checkpoint = checkpoint
        self._elements = elements
        self._state: SourceState = load_state(checkpoint.reader_state)
        self._state.told = ""
        self._before = set(self._state.skip)
        self._standing: dict[int, HeldRecord] = {}
        """Records that stand in the document as they were, by the place of their element."""
        self._refused: dict[int, str] = {}
        """Why elements were refused again, by byte offset."""

    def run(self, records: Sequence[HeldRecord]) -> list[Verdict]:
        """Return what came of each record."""
        for record in records:
            self._find(record)
        standing = {record.id: self._elements[index] for index, record in self._standing.items()}
        broken = [one for one in records if one.id not in standing and is_whole_document(one)]
        pipeline, batches = self._read_again()
        if not broken:
            # Of equal elements any may be the one that is new: the store counts them, and knows the others.
            keys = {record_key(element.raw) for element in standing.values()}
            offsets = {element.offset for element in self._elements if record_key(element.raw) in keys}
            for batch in batches:
                batch.events = [event for event in batch.events if event.offset in offsets]
        verdicts: list[Verdict] = []
        for record in records:
            if record.id in standing:
                reason = self._refused.get(standing[record.id].offset)
                verdicts.append(Read("read") if reason is None else StillBad(reason))
            elif record in broken:
                empty = "the document is empty now: discard the record if that is meant"
                verdicts.append(Read("read") if self._elements else StillBad(empty))
            else:
                verdicts.append(self._gone(record))
        return self._with_batches(verdicts, batches, pipeline.format)

    def _find(self, record: HeldRecord) -> None:
        """Note where a record stands unchanged, and have its element not skipped this time."""
        index = self._index_of(record)
        if index is not None:
            self._standing[index] = record
            key = record_key(self._elements[index].raw)
            if key in self._state.skip:
                self._state.skip.remove(key)

    def _index_of(self, record: HeldRecord) -> int | None:
        """Return the place of the element that is the record; where equal ones stand, its own goes before others'."""
        equal = None
        for index, element in enumerate(self._elements):
            if index in self._standing:
                continue
            same = element.raw == record.raw
            there = element.offset == record.offset and len(element.raw) == record.size
            if there and (same or record_key(element.raw) in self._state.skip):
                return index
            if same and equal is None:
                equal = index
        return equal

    def _read_again(self) -> tuple[RecordPipeline, list[SourceBatch]]:
        """Read all elements in order, so that equal ones are counted as they were the first time."""
        pipeline = self._place.pipeline(self._checkpoint.generation, whole_document=True)
        skip = Counter(self._state.skip)
        refused: list[str] = []
        nothing: Counter[str] = Counter()
        for index, element in enumerate(self._elements):
            refused.extend(pipeline.add_elements([element], nothing if index in self._standing else skip))
        batches = pipeline.take()
        standing = {self._elements[index].offset for index in self._standing}
        for batch in batches:
            self._refused.update((one.offset, one.reason) for one in batch.rejected if one.offset in standing)
            batch.rejected = [one for one in batch.rejected if one.offset not in standing]
        self._state.skip.extend(refused)
        return pipeline, batches

    def _gone(self, record: HeldRecord) -> Verdict:
        """Judge a record that does not stand in the document any more as it was."""
        only = len(self._elements) == 1
        for element in self._elements:
            alone = only and element.offset == record.offset
            readable = record_key(element.raw) not in self._before and element.offset not in self._refused
            if readable and (alone or resembles(record.raw, element.raw)):
                return Read(MENDED)
        return self._place.read_kept(record, "it does not stand in its file any more")

    def _with_batches(
        self, verdicts: list[Verdict], batches: list[SourceBatch], format_name: str | None
    ) -> list[Verdict]:
        """Give what must be appended to the first record that could be read."""
        for index, verdict in enumerate(verdicts):
            if isinstance(verdict, Read) and not verdict.batches and verdict.how != MENDED:
                batches[-1].checkpoint = replace(
                    self._checkpoint,
                    line=len(self._elements),
                    format=format_name or self._checkpoint.format,
                    reader_state=self._state.dump(),
                )
                verdicts[index] = Read(verdict.how, batches)
                break
        return verdicts


def is_whole_document(record: HeldRecord) -> bool:
    """Return whether it was a document as a whole that could not be read: its bytes are no value by themselves."""
    if record.line is not None or record.offset != 0:
        return False
    try:
        json.loads(record.raw)
    except (ValueError, RecursionError):
        return True
    return False


def _is_unchanged(checkpoint: Checkpoint, facts: FileFacts) -> bool:
    known = (checkpoint.device, checkpoint.inode, checkpoint.size, checkpoint.mtime_ns)
    return known == (facts.device, facts.inode, facts.size, facts.mtime_ns)


def _kept(source: KnownSource, records: Sequence[HeldRecord], tools: RecordTools, why: str) -> list[Verdict]:
    return [Place(source, tools, record.at_us).read_kept(record, why) for record in records]
