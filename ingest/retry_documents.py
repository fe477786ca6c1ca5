"""Reads what is quarantined of a whole document again: the document itself, or single records of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ingest.containers.content import content_of
from ingest.containers.elements import LongElement, Record
from ingest.containers.parts import DocumentChanged, records_of
from ingest.decode import Undecodable
from ingest.pipeline import RecordPipeline, RecordTools, key_of_element
from ingest.retry_verdict import MENDED, Later, Place, Read, StillBad, Verdict, resembles
from ingest.scan.documents import size_of
from ingest.scan.opening import FileFacts, Unreadable, opened
from ingest.scan.tracked import SourceState, load_state
from ingest.tallies import KEY_SIZE, KnownRecords, place_of, tally_of
from store.batch import Checkpoint, SourceBatch
from store.quarantine import HeldRecord
from store.sources import KnownSource

_NS_PER_US: Final = 1_000
_PART: Final = 1_000
"""Records that are read again before what is not wanted of them is dropped."""

Walk = Callable[[], Iterable[Record]]
"""Gives the document's records, from the first on, as often as it is called."""


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
            content = content_of(source.path, descriptor)
            place = Place(source, tools, facts.mtime_ns // _NS_PER_US, facts.owner)
            return _Retry(place, checkpoint, lambda: records_of(content, size_of(content, facts))).run(records)
    except DocumentChanged:
        return [Later() for _ in records]
    except Undecodable as error:
        return [StillBad(str(error)) for _ in records]
    except Unreadable as error:
        return _kept(source, records, tools, f"its file cannot be read ({error.reason})")
    except OSError as error:
        return _kept(source, records, tools, f"its file cannot be read ({error.strerror or error})")


@dataclass(frozen=True, slots=True)
class _Found:
    """An element that may be a record of the quarantine: its place among the elements, and in the document."""

    index: int
    offset: int
    size: int
    key: bytes
    raw: bytes
    """Empty where no record has these bytes."""


class _Retry:
    """One document that can be split, gone through once more; what is not asked for is never held."""

    def __init__(self, place: Place, checkpoint: Checkpoint, walk: Walk) -> None:
        self._place = place
        self._checkpoint = checkpoint
        self._walk = walk
        self._count = 0
        """Elements of the document."""
        self._state: SourceState = load_state(checkpoint.reader_state)
        self._state.told = ""
        self._before = tally_of(self._state.skip)
        self._standing: dict[int, _Found] = {}
        """Records that stand in the document as they were, by the place of their element."""
        self._refused: dict[int, str] = {}
        """Why elements were refused again, by byte offset."""

    def run(self, records: Sequence[HeldRecord]) -> list[Verdict]:
        """Return what came of each record.

        Raises:
            Undecodable, DocumentChanged, OSError: see `records_of`.
        """
        candidates = self._candidates(records)
        standing: dict[int, _Found] = {}
        for record in records:
            found = self._find(record, candidates)
            if found is not None:
                standing[record.id] = found
        broken = [one for one in records if one.id not in standing and is_whole_document(one)]
        pipeline, batches = self._read_again(everything=bool(broken))
        gone = [one for one in records if one.id not in standing and one not in broken]
        mended = self._mended(gone)
        verdicts: list[Verdict] = []
        for record in records:
            if record.id in standing:
                reason = self._refused.get(standing[record.id].offset)
                verdicts.append(Read("read") if reason is None else StillBad(reason))
            elif record in broken:
                empty = "the document is empty now: discard the record if that is meant"
                verdicts.append(Read("read") if self._count else StillBad(empty))
            elif record.id in mended:
                verdicts.append(Read(MENDED))
            else:
                verdicts.append(self._place.read_kept(record, "it does not stand in its file any more"))
        return self._with_batches(verdicts, batches, pipeline.format)

    def _candidates(self, records: Sequence[HeldRecord]) -> list[_Found]:
        """Return the elements that stand where a record stood, or have its bytes; of equal ones as many as matter."""
        wanted = {record.raw for record in records}
        places = {(record.offset, record.size) for record in records}
        equal: Counter[bytes] = Counter()
        found: list[_Found] = []
        for index, element in enumerate(self._walk()):
            self._count = index + 1
            raw = b"" if isinstance(element, LongElement) or element.raw not in wanted else element.raw
            there = (element.offset, element.size) in places
            if there or (raw and equal[raw] <= len(records)):
                found.append(_Found(index, element.offset, element.size, key_of_element(element), raw))
            if raw:
                equal[raw] += 1
        return found

    def _find(self, record: HeldRecord, candidates: Sequence[_Found]) -> _Found | None:
        """Return where a record stands unchanged, and have its element not skipped this time."""
        found = self._found_of(record, candidates)
        if found is not None:
            self._standing[found.index] = found
            at = place_of(self._state.skip, found.key)
            if at >= 0:
                self._state.skip = self._state.skip[:at] + self._state.skip[at + KEY_SIZE :]
        return found

    def _found_of(self, record: HeldRecord, candidates: Sequence[_Found]) -> _Found | None:
        """Return the element that is the record; where equal ones stand, its own goes before others'."""
        equal = None
        for found in candidates:
            if found.index in self._standing:
                continue
            same = found.raw != b"" and found.raw == record.raw
            there = found.offset == record.offset and found.size == record.size
            if there and (same or place_of(self._state.skip, found.key) >= 0):
                return found
            if same and equal is None:
                equal = found
        return equal

    def _read_again(self, *, everything: bool) -> tuple[RecordPipeline, list[SourceBatch]]:
        """Read all elements in order, so that equal ones are counted as they were the first time.

        Kept is what is asked for, or everything. Of equal elements any may be the one that is new: the store counts
        them, and knows the others.
        """
        pipeline = self._place.pipeline(self._checkpoint.generation, whole_document=True)
        keys = {found.key for found in self._standing.values()}
        known, nothing = KnownRecords(self._state.skip), KnownRecords()
        refused = bytearray()
        batches: list[SourceBatch] = []
        offsets: set[int] = set()
        for index, element in enumerate(self._walk()):
            refused += pipeline.add_elements([element], nothing if index in self._standing else known)
            if everything or key_of_element(element) in keys:
                offsets.add(element.offset)
            if index % _PART == _PART - 1:
                batches.extend(self._wanted(pipeline.take(), offsets))
                offsets.clear()
        batches.extend(self._wanted(pipeline.take(), offsets))
        self._state.skip += bytes(refused)
        return pipeline, batches

    def _wanted(self, batches: list[SourceBatch], offsets: set[int]) -> Iterator[SourceBatch]:
        """Give the batches with the events at these offsets alone, and note why standing elements were refused."""
        standing = {found.offset for found in self._standing.values()}
        for batch in batches:
            batch.events = [event for event in batch.events if event.offset in offsets]
            self._refused.update((one.offset, one.reason) for one in batch.rejected if one.offset in standing)
            batch.rejected = [one for one in batch.rejected if one.offset not in standing]
            yield batch

    def _mended(self, records: Sequence[HeldRecord]) -> set[int]:
        """Return those of the records that do not stand in the document as they were, but mended, and were read."""
        mended: set[int] = set()
        for element in self._walk() if records else ():
            raw = element.prefix if isinstance(element, LongElement) else element.raw
            for record in records:
                alone = self._count == 1 and element.offset == record.offset
                if record.id not in mended and (alone or resembles(record.raw, raw)) and self._was_read(element):
                    mended.add(record.id)
        return mended

    def _was_read(self, element: Record) -> bool:
        return key_of_element(element) not in self._before and element.offset not in self._refused

    def _with_batches(
        self, verdicts: list[Verdict], batches: list[SourceBatch], format_name: str | None
    ) -> list[Verdict]:
        """Give what must be appended to the first record that could be read."""
        for index, verdict in enumerate(verdicts):
            if isinstance(verdict, Read) and not verdict.batches and verdict.how != MENDED:
                batches[-1].checkpoint = replace(
                    self._checkpoint,
                    line=self._count,
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
