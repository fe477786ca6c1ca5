"""Reads whole documents: a rewrite adds only what was not there so often before, a broken one is told once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from ingest.containers.content import CUT_OFF, Content, PackedContent, compression_of
from ingest.containers.document_bytes import DOCUMENT_LIMIT
from ingest.containers.parts import DocumentChanged, DocumentParts
from ingest.decode import Undecodable
from ingest.pipeline import RAW_LIMIT, RecordPipeline
from ingest.scan.names import promises_lines
from ingest.scan.opening import FileFacts
from ingest.scan.position import checkpoint_at, told_of
from ingest.scan.tracked import SourceState, Tracked, load_state
from ingest.scan.turn import Turn, with_checkpoint
from ingest.tallies import KnownRecords
from store.batch import Checkpoint, SourceBatch

_LARGE: Final = 1 << 20
_PIECE: Final = 1 << 20
_MOST_ABSENT: Final = 5_000
"""Records that gave nothing and no longer stand in the document, of which it is remembered that they did."""


class DocumentReader:
    """Reads documents, a large one in turns: its events are many times as large in memory as its bytes."""

    def __init__(self) -> None:
        """Start with none under way."""
        self._under_way: _Reading | None = None

    def defers(self, tracked: Tracked) -> bool:
        """Return whether a file that may be a large document should wait until the one under way is done."""
        one = self._under_way
        if one is None or one.tracked is tracked or one.tracked.gone or not one.tracked.queued:
            return False
        large = tracked.seen_size > _LARGE or compression_of(tracked.path) != b""
        return large and not promises_lines(tracked.path)

    def is_under_way(self, tracked: Tracked, facts: FileFacts) -> bool:
        """Return whether a part of this file, as it is now, was read in the turn before."""
        one = self._under_way
        return one is not None and one.tracked is tracked and one.facts == facts

    def read(
        self,
        tracked: Tracked,
        pipeline: Callable[[], RecordPipeline],
        content: Content,
        facts: FileFacts,
        *,
        final: bool,
    ) -> Turn:
        """Read a document, or go on with it; `final` gives up on one that is broken.

        Raises:
            OSError: reading failed.
        """
        if facts.size == 0:
            return Turn()
        one, self._under_way = self._under_way, None
        try:
            if one is None or one.tracked is not tracked or one.facts != facts:
                one = _Reading(tracked, pipeline(), content, facts)
            if not one.look_through(content):
                self._under_way = one
                return Turn(more=True)
            batches = one.next_part(content)
        except DocumentChanged:
            return Turn(torn=True)
        except Undecodable as error:
            if not final or content.cut_off:
                return Turn(waiting=True, trouble=CUT_OFF if final else None)
            return _refuse(tracked, pipeline(), content, facts, str(error))
        checkpoint = one.last_checkpoint(content) if one.ended else one.checkpoint_between()
        if not one.ended:
            self._under_way = one
        batches = with_checkpoint(batches, checkpoint, facts)
        batches[-1].again = one.ended and one.met_before
        return Turn(batches, checkpoint=checkpoint, more=not one.ended)


class _Reading:
    """A document that is being read."""

    def __init__(self, tracked: Tracked, pipeline: RecordPipeline, content: Content, facts: FileFacts) -> None:
        """Begin.

        Raises:
            Undecodable: see `DocumentParts`.
        """
        self.tracked = tracked
        self.facts = facts
        self.met_before = tracked.checkpoint is not None
        self._pipeline = pipeline
        self._parts = DocumentParts(content, size_of(content, facts))
        self._state = load_state(tracked.checkpoint.reader_state) if tracked.checkpoint else SourceState()
        self._known = KnownRecords(self._state.skip)
        self._refused = b""
        self._told: bytes | None = None
        """What the last checkpoint said of refused records; None: there was none."""
        pipeline.context.last_ts_us = None

    @property
    def ended(self) -> bool:
        """Whether its last record was read."""
        return self._parts.ended

    def look_through(self, content: Content) -> bool:
        """Go on to find out whether it is whole; see `DocumentParts`."""
        return self._parts.look_through(content)

    def next_part(self, content: Content) -> list[SourceBatch]:
        """Read some thousand records; at least one batch; see `DocumentParts`."""
        self._refused += self._pipeline.add_elements(self._parts.next_part(content), self._known)
        return self._pipeline.take()

    def checkpoint_between(self) -> Checkpoint | None:
        """Return what to remember while it is not read to its end: which records need not be refused once more.

        None: what was to be remembered before.
        """
        if self._told == self._refused:
            return None
        self._told = self._refused
        known = self.tracked.checkpoint
        state = replace(self._state, document=True, skip=self._state.skip + self._refused)
        if known is None:
            known = Checkpoint(
                generation=0, offset=0, line=0, head=b"", head_size=0, tail=b"", device=self.facts.device,
                inode=self.facts.inode, size=0, mtime_ns=0, format=None, reader_state=b"",
            )  # fmt: skip
        return replace(known, settled=False, mtime_ns=0, reader_state=state.dump())

    def last_checkpoint(self, content: Content) -> Checkpoint:
        """Return the checkpoint of the whole document.

        Raises:
            OSError: reading failed.
        """
        kept = SourceState(document=True, reader=self._pipeline.context.state)
        kept.skip = self._known.in_order(_MOST_ABSENT) + self._refused
        place = (self._parts.size, self._parts.count)
        checkpoint = checkpoint_at(self.tracked, content, self.facts, place, (kept, self._pipeline.format))
        checkpoint.settled = True
        return checkpoint


def _refuse(tracked: Tracked, pipeline: RecordPipeline, content: Content, facts: FileFacts, reason: str) -> Turn:
    """Put a document into the quarantine as a whole, unless it is there for the same reason already."""
    state = load_state(tracked.checkpoint.reader_state) if tracked.checkpoint else SourceState()
    beginning = content.read(RAW_LIMIT, 0)
    size = _unpacked_size(content) if isinstance(content, PackedContent) else facts.size
    kept = SourceState(document=True, reader=pipeline.context.state, skip=state.skip)
    checkpoint = checkpoint_at(tracked, content, facts, (size, 0), (kept, pipeline.format))
    checkpoint.settled = True
    kept.told = told_of(reason, checkpoint)
    checkpoint.reader_state = kept.dump()
    if kept.told != state.told:
        pipeline.reject(reason, beginning, 0, None, size=size or facts.size)
    return Turn(with_checkpoint(pipeline.take(), checkpoint, facts), checkpoint=checkpoint)


def _unpacked_size(content: Content) -> int:
    """Return how many bytes a compressed file holds, as far as a document may go and one more."""
    size = 0
    while size <= DOCUMENT_LIMIT and (data := content.read(min(_PIECE, DOCUMENT_LIMIT + 1 - size), size)):
        size += len(data)
    return size


def size_of(content: Content, facts: FileFacts) -> int | None:
    """Return the size of the document that a file holds; None where that cannot be known before it is unpacked."""
    return None if isinstance(content, PackedContent) else facts.size
