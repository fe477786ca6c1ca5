"""Reads what is new in one file: lines from the offset on, or a whole document. Knows no other file.

Every answer carries the checkpoint that must be committed with it; a file that changes under the reader gives nothing
and is read again.
"""

from __future__ import annotations

import os
import pwd
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import orjson

from ingest.containers.document import DOCUMENT_LIMIT, holds_lines, split_document
from ingest.containers.lines import LINE_LIMIT, Chunk, LongLine, read_chunk
from ingest.decode import Undecodable
from ingest.fingerprint import HEAD_LIMIT, head_of, tail_of
from ingest.formats.protocol import FileContext
from ingest.pipeline import RAW_LIMIT, RecordPipeline, RecordTools
from ingest.scan.names import promises_lines
from ingest.scan.opening import FileFacts
from ingest.scan.tracked import SourceState, Tracked, load_state
from store.batch import Checkpoint, SourceBatch

BOM: Final = b"\xef\xbb\xbf"
_ELEMENTS: Final = 5_000
"""Elements of a document that go into one batch; only the last batch carries the checkpoint."""
_MOST_SKIPPED: Final = 5_000
_NS_PER_US: Final = 1_000


@dataclass(slots=True)
class Turn:
    """What one look into a file gave.

    `more`: there are whole lines left. `waiting`: something unfinished stands at the end. `torn`: the file changed
    while it was read, nothing was taken.
    """

    batches: list[SourceBatch] = field(default_factory=list[SourceBatch])
    more: bool = False
    waiting: bool = False
    torn: bool = False


def was_rewritten(tracked: Tracked, descriptor: int, facts: FileFacts) -> bool:
    """Return whether what was read of the file no longer stands in it.

    Raises:
        OSError: reading failed.
    """
    checkpoint = tracked.checkpoint
    if checkpoint is None or checkpoint.offset == 0:
        return False
    return facts.size < checkpoint.offset or not continues(checkpoint, descriptor)


def continues(checkpoint: Checkpoint, descriptor: int) -> bool:
    """Return whether an open file begins with what the checkpoint says was read.

    Raises:
        OSError: reading failed.
    """
    return (
        tail_of(descriptor, checkpoint.offset) == checkpoint.tail
        and head_of(descriptor, checkpoint.head_size) == checkpoint.head
    )


class TailReader:
    """Reads files on behalf of the scanner."""

    def __init__(self, tools: RecordTools) -> None:
        """Use these readers and settings for every file."""
        self._tools = tools

    def read(self, tracked: Tracked, descriptor: int, facts: FileFacts, *, final: bool) -> Turn:
        """Read on; `final` takes an unfinished end where it is a whole value, and gives up on a broken document.

        Raises:
            OSError: reading failed.
        """
        state = _state_of(tracked)
        if self._is_document(tracked, state, descriptor, facts):
            turn = self._read_document(tracked, descriptor, facts, final=final)
        else:
            turn = self._read_lines(tracked, descriptor, facts, final=final)
        if turn.torn:
            tracked.release()
        elif not turn.more and not turn.waiting:
            tracked.facts = facts
        return turn

    def _is_document(self, tracked: Tracked, state: SourceState, descriptor: int, facts: FileFacts) -> bool:
        if promises_lines(tracked.path) or (tracked.checkpoint is not None and not state.document):
            return False
        head = os.pread(descriptor, min(facts.size, LINE_LIMIT + 1), 0)
        if not holds_lines(head, whole=facts.size <= len(head)):
            return True
        if tracked.checkpoint is not None:
            anew = tracked.checkpoint.line != 1 or was_rewritten(tracked, descriptor, facts)
            _turn_into_lines(tracked.checkpoint, state, descriptor, anew=anew)
            tracked.release()
        return False

    def _pipeline(self, tracked: Tracked, facts: FileFacts, *, whole_document: bool) -> RecordPipeline:
        pipeline = tracked.pipeline
        if pipeline is None:
            state = _state_of(tracked)
            context = FileContext(
                path=os.fsdecode(tracked.path),
                mtime_us=facts.mtime_ns // _NS_PER_US,
                owner=self._tools.user or owner_name(facts.owner),
                state=state.reader,
                last_ts_us=state.last_ts_us,
            )
            pipeline = RecordPipeline(tracked.source_no, tracked.lineage, context, self._tools)
            checkpoint = tracked.checkpoint
            pipeline.begin(checkpoint.generation if checkpoint else 0, whole_document=whole_document)
            pipeline.remember_format(checkpoint.format if checkpoint else None)
            tracked.pipeline = pipeline
        pipeline.context.mtime_us = facts.mtime_ns // _NS_PER_US
        return pipeline

    def _read_lines(self, tracked: Tracked, descriptor: int, facts: FileFacts, *, final: bool) -> Turn:
        pipeline = self._pipeline(tracked, facts, whole_document=False)
        checkpoint = tracked.checkpoint
        offset, line = (checkpoint.offset, checkpoint.line) if checkpoint else (0, 0)
        chunk = read_chunk(descriptor, offset)
        rest_end = offset + chunk.size + len(chunk.rest)
        taken, lines = _take_lines(tracked, pipeline, chunk, (offset, line), descriptor)
        unterminated = False
        if not taken and final and not chunk.long_line and _is_whole_value(chunk.rest):
            pipeline.add_record(chunk.rest.removeprefix(BOM) if offset == 0 else chunk.rest, offset, line + 1)
            taken, unterminated = len(chunk.rest), True
        if not taken:
            return Turn(waiting=bool(chunk.rest.strip()), more=bool(chunk.size))
        end = offset + taken
        after = os.fstat(descriptor)
        if after.st_size < end:
            return Turn(torn=True)
        kept = SourceState(unterminated=unterminated, last_ts_us=pipeline.context.last_ts_us)
        kept.reader = pipeline.context.state
        tracked.checkpoint = _checkpoint(tracked, descriptor, facts, (end, line + lines), (kept, pipeline.format))
        batches = _with_checkpoint(pipeline.take(), tracked.checkpoint, facts)
        leftover = b"" if unterminated else chunk.rest
        if chunk.long_line:
            return Turn(batches, more=end < facts.size)
        return Turn(batches, more=rest_end < facts.size, waiting=bool(leftover.strip()))

    def _read_document(self, tracked: Tracked, descriptor: int, facts: FileFacts, *, final: bool) -> Turn:
        if facts.size == 0:
            return Turn()
        tracked.release()
        pipeline = self._pipeline(tracked, facts, whole_document=True)
        pipeline.context.last_ts_us = None
        state = _state_of(tracked)
        skip = Counter(state.skip)
        count = 0
        try:
            data = _whole(descriptor, facts)
            elements = split_document(data)
            batches: list[SourceBatch] = []
            for start in range(0, len(elements), _ELEMENTS):
                state.skip.extend(pipeline.add_elements(elements[start : start + _ELEMENTS], skip))
                batches.extend(pipeline.take())
            count = len(elements)
            if not batches:
                batches = pipeline.take()
        except Undecodable as error:
            if not final:
                return Turn(waiting=True)
            pipeline.reject(str(error), os.pread(descriptor, RAW_LIMIT, 0), 0, None, size=facts.size)
            batches = pipeline.take()
        if os.fstat(descriptor).st_mtime_ns != facts.mtime_ns:
            return Turn(torn=True)
        kept = SourceState(document=True, reader=pipeline.context.state, skip=state.skip[-_MOST_SKIPPED:])
        tracked.checkpoint = _checkpoint(tracked, descriptor, facts, (facts.size, count), (kept, pipeline.format))
        tracked.checkpoint.settled = True
        tracked.release()
        return Turn(_with_checkpoint(batches, tracked.checkpoint, facts))


@cache
def owner_name(user_id: int) -> str | None:
    """Return the login name of a user; None where the system knows none."""
    try:
        return pwd.getpwuid(user_id).pw_name
    except KeyError:
        return None


def _state_of(tracked: Tracked) -> SourceState:
    return load_state(tracked.checkpoint.reader_state) if tracked.checkpoint else SourceState()


def _turn_into_lines(checkpoint: Checkpoint, state: SourceState, descriptor: int, *, anew: bool) -> None:
    """Go on as a line file where a file named `.json` has grown a second line; its first record was taken already.

    `anew`: nothing that was taken as a document stands there now.
    """
    if anew:
        checkpoint.line = 0
        checkpoint.offset = 0
        checkpoint.head = checkpoint.tail = b""
        checkpoint.head_size = 0
    else:
        ended = os.pread(descriptor, 1, checkpoint.offset - 1) == b"\n"
        checkpoint.line = int(ended)
        state.unterminated = not ended
    state.document = False
    state.skip = []
    checkpoint.settled = False
    checkpoint.reader_state = state.dump()


def _take_lines(
    tracked: Tracked, pipeline: RecordPipeline, chunk: Chunk, place: tuple[int, int], descriptor: int
) -> tuple[int, int]:
    """Read the chunk, or the over-long line that stands at `place` (offset, line); return bytes and lines taken."""
    offset, line = place
    if chunk.size:
        skipped = len(BOM) if offset == 0 and chunk.body.startswith(BOM) else 0
        lines = pipeline.add_lines(chunk.body[skipped:], offset + skipped, line)
        return chunk.size, lines
    if not chunk.long_line:
        return 0, 0
    long_line = tracked.long_line
    if long_line is None or long_line.start != offset:
        long_line = tracked.long_line = LongLine(offset)
    if not long_line.measure(descriptor):
        return 0, 0
    pipeline.add_long_line(long_line, line + 1)
    tracked.long_line = None
    return long_line.size + 1, 1


def _is_whole_value(rest: bytes) -> bool:
    """Return whether more bytes could not change what this is: an object, array or string that is closed."""
    stripped = rest.strip()
    if not stripped.endswith((b"}", b"]", b'"')):
        return False
    try:
        orjson.loads(stripped.removeprefix(BOM))
    except orjson.JSONDecodeError:
        return False
    return True


def _whole(descriptor: int, facts: FileFacts) -> bytes:
    if facts.size > DOCUMENT_LIMIT:
        raise Undecodable(f"larger than {DOCUMENT_LIMIT >> 20} MiB: write one event a line (.jsonl) instead")
    data = os.pread(descriptor, facts.size, 0)
    if len(data) < facts.size:
        raise Undecodable("cut off: the file became shorter")
    return data


def _checkpoint(
    tracked: Tracked,
    descriptor: int,
    facts: FileFacts,
    place: tuple[int, int],
    kept: tuple[SourceState, str | None],
) -> Checkpoint:
    """Return how far the source is read: up to `place` (offset, line), with this state and format."""
    offset, line = place
    state, name = kept
    before = tracked.checkpoint
    head_size = min(HEAD_LIMIT, offset)
    keeps_head = before is not None and before.head_size == HEAD_LIMIT and not state.document
    return Checkpoint(
        generation=before.generation if before else 0,
        offset=offset,
        line=line,
        head=before.head if before is not None and keeps_head else head_of(descriptor, head_size),
        head_size=head_size,
        tail=tail_of(descriptor, offset),
        device=facts.device,
        inode=facts.inode,
        size=facts.size,
        mtime_ns=facts.mtime_ns,
        format=name,
        reader_state=state.dump(),
    )


def _with_checkpoint(batches: list[SourceBatch], checkpoint: Checkpoint, facts: FileFacts) -> list[SourceBatch]:
    batches[-1].checkpoint = checkpoint
    for batch in batches:
        batch.changed_us = facts.mtime_ns // _NS_PER_US
    return batches
