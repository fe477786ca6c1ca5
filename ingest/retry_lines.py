"""Reads a quarantined line again, where its file still has it, or where a rewritten file has it mended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ingest.containers.content import Content, content_of
from ingest.containers.lines import LINE_LIMIT
from ingest.pipeline import RecordTools
from ingest.retry_verdict import MENDED, Later, Place, Read, StillBad, Verdict, resembles
from ingest.scan.opening import FileFacts, Unreadable, opened
from ingest.scan.position import continues, reaches
from store.batch import Checkpoint
from store.events import NewEvent
from store.quarantine import HeldRecord
from store.sources import KnownSource

_BOM: Final = b"\xef\xbb\xbf"
_NS_PER_US: Final = 1_000

IsStored = Callable[[int, NewEvent], bool]
"""Tells whether a source has given this event."""


def retry_line(
    source: KnownSource, current: KnownSource | None, record: HeldRecord, tools: RecordTools, is_stored: IsStored
) -> Verdict:
    """Read a line again. `current` is the source that is read at this path now; None: there is none.

    Raises:
        StoreError: the store cannot be read.
    """
    place = Place(source, tools, record.at_us)
    if current is None or current.checkpoint is None:
        return place.read_kept(record, "its file is gone")
    try:
        with opened(current.path) as (descriptor, facts):
            content = content_of(current.path, descriptor)
            if not is_as_read(current.checkpoint, content, facts):
                return Later()
            if current.source_no == source.source_no and record.offset >= current.checkpoint.offset:
                # What stands there will be read in the ordinary way: read now, it would come twice.
                return StillBad(content.fault or record.reason)
            there = Place(source, tools, facts.mtime_ns // _NS_PER_US, facts.owner)
            raw = lines_at(content, record, current.checkpoint.offset)
            if raw is None:
                return place.read_kept(record, "no line of its file begins there any more")
            if current.source_no == source.source_no and current.checkpoint.generation == record.generation:
                return there.read_lines(record, raw, content)
            return _in_rewritten_file(there, current, record, (raw, content), is_stored)
    except Unreadable as error:
        return place.read_kept(record, f"its file cannot be read ({error.reason})")
    except OSError as error:
        return place.read_kept(record, f"its file cannot be read ({error.strerror or error})")


def is_as_read(checkpoint: Checkpoint, content: Content, facts: FileFacts) -> bool:
    """Return whether the file still begins with what was read of it: then its lines are of this generation.

    Raises:
        OSError: reading failed.
    """
    return (
        facts.identity == (checkpoint.device, checkpoint.inode)
        and reaches(content, checkpoint.offset)
        and continues(checkpoint, content)
    )


def lines_at(content: Content, record: HeldRecord, end: int) -> bytes | None:
    """Return the line, or what stands in its place, that was read before `end`; None: no line begins there.

    Raises:
        OSError: reading failed.
    """
    if not _begins_a_line(content, record.offset):
        return None
    if record.size <= LINE_LIMIT and content.read(1, record.offset + record.size) in (b"\n", b""):
        raw = content.read(record.size, record.offset)
    else:
        raw = content.read(LINE_LIMIT + 1, record.offset)
        newline = raw.find(b"\n")
        raw = raw if newline < 0 else raw[:newline]
    return raw if len(raw) <= LINE_LIMIT and record.offset + len(raw) <= end else None


def _begins_a_line(content: Content, offset: int) -> bool:
    if offset == 0 or content.read(1, offset - 1) == b"\n":
        return True
    return offset == len(_BOM) and content.read(len(_BOM), 0) == _BOM


def _in_rewritten_file(
    there: Place, current: KnownSource, record: HeldRecord, found: tuple[bytes, Content], is_stored: IsStored
) -> Verdict:
    """Judge a record whose generation is over: its file was rewritten, and all of it was read anew."""
    raw, content = found
    if not _is_the_same_record(there, record, raw, content, is_stored):
        return there.read_kept(record, "its file was rewritten and does not show it any more")
    now = Place(current, there.tools, there.mtime_us, there.owner).read_lines(record, raw, content)
    if isinstance(now, StillBad):
        return StillBad(f"its file was rewritten, and it stands there still: {now.reason}")
    return Read(MENDED)


def _is_the_same_record(there: Place, record: HeldRecord, raw: bytes, content: Content, is_stored: IsStored) -> bool:
    """Return whether what stands at the place is the record itself, mended, and not a line of another log.

    A line beside it that the old generation gave as well is the proof. A file of one record has none: then the bytes
    must be much alike.
    """
    neighbours = [_line_before(content, record.offset), _line_after(content, record.offset + len(raw))]
    for line in neighbours:
        if line.strip():
            pipeline = there.pipeline(record.generation, whole_document=False)
            pipeline.add_lines(line, 0, 0)
            events = [event for batch in pipeline.take() for event in batch.events]
            if any(not event.ts_inferred and is_stored(there.source.source_no, event) for event in events):
                return True
    return not any(line.strip() for line in neighbours) and resembles(record.raw, raw)


def _line_before(content: Content, offset: int) -> bytes:
    """Return the line that ends before `offset`, empty where there is none that is whole."""
    if offset == 0:
        return b""
    size = min(offset - 1, LINE_LIMIT)
    before = content.read(size, offset - 1 - size)
    newline = before.rfind(b"\n")
    if newline < 0 and size < offset - 1:
        return b""
    return before[newline + 1 :].removeprefix(_BOM)


def _line_after(content: Content, end: int) -> bytes:
    """Return the whole line that begins after the newline at `end`, empty where there is none."""
    after = content.read(LINE_LIMIT, end + 1)
    newline = after.find(b"\n")
    return after[:newline] if newline >= 0 else b""
