"""Reads what is new in one file: lines from the offset on, or a whole document. Knows no other file.

Every answer carries the checkpoint that must be committed with it; a file that changes under the reader gives nothing
and is read again.
"""

from __future__ import annotations

import os
import pwd
from functools import cache
from typing import Final

import orjson

from ingest.containers.content import CUT_OFF, Content, PackedContent
from ingest.containers.document import holds_lines
from ingest.containers.lines import LINE_LIMIT, Chunk, LongLine, read_chunk
from ingest.formats.protocol import FileContext
from ingest.pipeline import RecordPipeline, RecordTools
from ingest.scan.documents import DocumentReader
from ingest.scan.names import promises_lines
from ingest.scan.opening import FileFacts
from ingest.scan.position import Taken, checkpoint_at, reaches, stands, stood_still, told_of, was_rewritten
from ingest.scan.streams import OpenStreams
from ingest.scan.tracked import SourceState, Tracked, load_state
from ingest.scan.turn import Turn, with_checkpoint

BOM: Final = b"\xef\xbb\xbf"
_NS_PER_US: Final = 1_000


class TailReader:
    """Reads files on behalf of the scanner."""

    def __init__(self, tools: RecordTools) -> None:
        """Use these readers and settings for every file."""
        self._tools = tools
        self._streams = OpenStreams()
        self._documents = DocumentReader()

    def defers(self, tracked: Tracked) -> bool:
        """Return whether a file that takes memory while it is read should wait until others are done."""
        return self._streams.defers(tracked) or self._documents.defers(tracked)

    def read(self, tracked: Tracked, descriptor: int, facts: FileFacts, *, final: bool) -> Turn:
        """Read on; `final` takes an unfinished end where it is a whole value, and gives up on a broken document.

        Raises:
            OSError: reading failed.
        """
        content = self._streams.content(tracked, descriptor, facts)
        turn = self._turn(tracked, _File(descriptor, facts, content), final=final)
        if turn.torn or turn.rewritten:
            tracked.release()
            self._streams.drop(tracked)
        elif not turn.more and not turn.waiting:
            tracked.facts = facts
            self._streams.drop(tracked)
        return turn

    def _turn(self, tracked: Tracked, file: _File, *, final: bool) -> Turn:
        content = file.content
        if self._documents.is_under_way(tracked, file.facts):
            return self._read_document(tracked, file, final=final)
        if not tracked.is_document and was_rewritten(tracked, content):
            unsure = content.cut_off or content.fault is not None
            if unsure and tracked.checkpoint is not None and not reaches(content, tracked.checkpoint.offset):
                return Turn(waiting=True, trouble=(content.fault or CUT_OFF) if final else None)
            return Turn(rewritten=True)
        state = _state_of(tracked)
        if not self._is_document(tracked, state, content):
            return self._read_lines(tracked, file, final=final)
        return self._read_document(tracked, file, final=final)

    def _read_document(self, tracked: Tracked, file: _File, *, final: bool) -> Turn:
        tracked.release()

        def pipeline() -> RecordPipeline:
            return self._pipeline(tracked, file.facts, whole_document=True)

        turn = self._documents.read(tracked, pipeline, file.content, file.facts, final=final)
        tracked.release()
        if turn.batches and not stood_still(file.descriptor, file.facts, file.content):
            return Turn(torn=True)
        if turn.checkpoint is not None:
            tracked.checkpoint = turn.checkpoint
        return turn

    def _is_document(self, tracked: Tracked, state: SourceState, content: Content) -> bool:
        if promises_lines(tracked.path) or (tracked.checkpoint is not None and not state.document):
            return False
        head = content.read(LINE_LIMIT + 1, 0)
        if not holds_lines(head, whole=len(head) <= LINE_LIMIT and not content.cut_off):
            return True
        if tracked.checkpoint is not None:
            anew = tracked.checkpoint.line != 1 or was_rewritten(tracked, content)
            _turn_into_lines(tracked, state, content, anew=anew)
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

    def _read_lines(self, tracked: Tracked, file: _File, *, final: bool) -> Turn:
        pipeline = self._pipeline(tracked, file.facts, whole_document=False)
        checkpoint = tracked.checkpoint
        offset, line = (checkpoint.offset, checkpoint.line) if checkpoint else (0, 0)
        chunk = read_chunk(file.content, offset)
        taken, lines = _take_lines(tracked, pipeline, chunk, (offset, line), file.content)
        unterminated = False
        if taken is None and final and not file.content.cut_off and not chunk.long_line and _is_whole_value(chunk.rest):
            pipeline.add_record(chunk.rest.removeprefix(BOM) if offset == 0 else chunk.rest, offset, line + 1)
            taken, unterminated = Taken(offset, len(chunk.rest), chunk.rest, chunk.rest), True
        if taken is None:
            return self._at_end(tracked, pipeline, file, chunk.rest, final=final)
        if not _is_as_it_was(tracked, taken, chunk, file):
            return Turn(torn=True)
        kept = SourceState(unterminated=unterminated, last_ts_us=pipeline.context.last_ts_us)
        kept.reader = pipeline.context.state
        place = (taken.end, line + lines)
        tracked.checkpoint = checkpoint_at(tracked, file.content, file.facts, place, (kept, pipeline.format))
        more = chunk.full or chunk.long_line or isinstance(file.content, PackedContent)
        if isinstance(file.content, PackedContent):
            tracked.checkpoint.mtime_ns = 0  # it is done with only when its end was met: see `_at_end`
        leftover = b"" if unterminated else chunk.rest
        batches = with_checkpoint(pipeline.take(), tracked.checkpoint, file.facts)
        return Turn(batches, more=more, waiting=bool(leftover.strip()) and not more)

    def _at_end(self, tracked: Tracked, pipeline: RecordPipeline, file: _File, rest: bytes, *, final: bool) -> Turn:
        """Say how the file ends after its last whole line."""
        content = file.content
        if content.cut_off:
            return Turn(waiting=True, trouble=CUT_OFF if final else None)
        if content.fault is None and (rest.strip() or not isinstance(content, PackedContent)):
            return Turn(waiting=bool(rest.strip()))
        before = tracked.checkpoint
        offset, line = (before.offset, before.line) if before else (0, 0)
        state = _state_of(tracked)
        settled = checkpoint_at(tracked, content, file.facts, (offset, line), (state, pipeline.format))
        settled.settled = True
        if content.fault is not None:
            told = told_of(content.fault, settled)
            if told != state.told:
                pipeline.reject(content.fault, rest, offset, line + 1)
            state.told = told
        settled.reader_state = state.dump()
        tracked.checkpoint, tracked.long_line = settled, None
        return Turn(with_checkpoint(pipeline.take(), settled, file.facts))


class _File:
    """An open file: its descriptor, what the system said of it when it was opened, and what it holds."""

    __slots__ = ("content", "descriptor", "facts")

    def __init__(self, descriptor: int, facts: FileFacts, content: Content) -> None:
        self.descriptor = descriptor
        self.facts = facts
        self.content = content


@cache
def owner_name(user_id: int) -> str | None:
    """Return the login name of a user; None where the system knows none."""
    try:
        return pwd.getpwuid(user_id).pw_name
    except KeyError:
        return None


def _state_of(tracked: Tracked) -> SourceState:
    return load_state(tracked.checkpoint.reader_state) if tracked.checkpoint else SourceState()


def _is_as_it_was(tracked: Tracked, taken: Taken, chunk: Chunk, file: _File) -> bool:
    """Return whether what was taken still stands in the file, and what was read before it too.

    Where the file was written to meanwhile, all of the chunk is compared: it may have been written anew in between.
    """
    if not stands(taken, file.content):
        return False
    if stood_still(file.descriptor, file.facts, file.content):
        return True
    if isinstance(file.content, PackedContent) or was_rewritten(tracked, file.content):
        return False
    return not chunk.size or file.content.read(len(chunk.body), taken.offset) == chunk.body


def _turn_into_lines(tracked: Tracked, state: SourceState, content: Content, *, anew: bool) -> None:
    """Go on as a line file where a file named `.json` has grown a second line; its first record was taken already.

    `anew`: nothing that was taken as a document stands there now.
    """
    checkpoint = tracked.checkpoint
    assert checkpoint is not None
    if anew:
        checkpoint.line = 0
        checkpoint.offset = 0
        checkpoint.head = checkpoint.tail = b""
        checkpoint.head_size = 0
    else:
        ended = content.read(1, checkpoint.offset - 1) == b"\n"
        checkpoint.line = int(ended)
        state.unterminated = not ended
    state.document = False
    checkpoint.settled = False
    checkpoint.reader_state = state.dump()


def _take_lines(
    tracked: Tracked, pipeline: RecordPipeline, chunk: Chunk, place: tuple[int, int], content: Content
) -> tuple[Taken | None, int]:
    """Read the chunk, or the over-long line that stands at `place` (offset, line); return what was taken, and lines."""
    offset, line = place
    if chunk.size:
        skipped = len(BOM) if offset == 0 and chunk.body.startswith(BOM) else 0
        lines = pipeline.add_lines(chunk.body[skipped:], offset + skipped, line)
        return Taken(offset, chunk.size, chunk.body, b"%b\n" % chunk.body[-256:]), lines
    if not chunk.long_line:
        return None, 0
    long_line = tracked.long_line
    if long_line is None or long_line.start != offset:
        long_line = tracked.long_line = LongLine(offset)
    if not long_line.measure(content):
        return None, 0
    pipeline.add_long_line(long_line, line + 1)
    tracked.long_line = None
    return Taken(offset, long_line.size + 1, long_line.prefix, b"\n"), 1


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
