"""How far a file has been read, and whether what was read still stands in it."""

from __future__ import annotations

import os
from dataclasses import dataclass

from ingest.containers.content import Content, PackedContent
from ingest.fingerprint import HEAD_LIMIT, ONLY_A_MARK, TAIL_LIMIT, head_of, mark_of, short_hash, tail_of
from ingest.scan.opening import FileFacts
from ingest.scan.tracked import SourceState, Tracked
from store.batch import Checkpoint


@dataclass(frozen=True, slots=True)
class Taken:
    """What was read of a file and lies in memory: `size` bytes from `offset` on, which begin and end like this."""

    offset: int
    size: int
    first: bytes
    last: bytes

    @property
    def end(self) -> int:
        """The first byte that was not read."""
        return self.offset + self.size


def continues(checkpoint: Checkpoint, content: Content) -> bool:
    """Return whether a file begins with what the checkpoint says was read.

    Raises:
        OSError: reading failed.
    """
    head = head_of(content, checkpoint.head_size)
    if checkpoint.tail == ONLY_A_MARK:
        return mark_of(head, tail_of(content, checkpoint.offset)) == checkpoint.head
    return head == checkpoint.head and tail_of(content, checkpoint.offset) == checkpoint.tail


def begins_alike(checkpoint: Checkpoint, content: Content) -> bool:
    """Return whether the first bytes of a file are those that the checkpoint knows.

    Raises:
        OSError: reading failed.
    """
    if checkpoint.tail == ONLY_A_MARK:
        return continues(checkpoint, content)
    return head_of(content, checkpoint.head_size) == checkpoint.head


def reaches(content: Content, offset: int) -> bool:
    """Return whether a file holds at least `offset` bytes.

    Raises:
        OSError: reading failed.
    """
    return offset == 0 or len(content.read(1, offset - 1)) == 1


def was_rewritten(tracked: Tracked, content: Content) -> bool:
    """Return whether what was read of the file no longer stands in it.

    Raises:
        OSError: reading failed.
    """
    checkpoint = tracked.checkpoint
    return checkpoint is not None and checkpoint.offset > 0 and not continues(checkpoint, content)


def stands(taken: Taken, content: Content) -> bool:
    """Return whether the ends of what was read are still there: else the file was rewritten while it was read.

    Raises:
        OSError: reading failed.
    """
    first, last = taken.first[:HEAD_LIMIT], taken.last[-TAIL_LIMIT:]
    return (taken.offset > 0 or content.read(len(first), 0) == first) and (
        content.read(len(last), taken.end - len(last)) == last
    )


def stood_still(descriptor: int, facts: FileFacts, content: Content) -> bool:
    """Return whether the file was left alone while it was read; a compressed one may have grown.

    Raises:
        OSError: reading failed.
    """
    after = os.fstat(descriptor)
    if (after.st_size, after.st_mtime_ns) == (facts.size, facts.mtime_ns):
        return True
    return isinstance(content, PackedContent) and content.goes_on(descriptor)


def checkpoint_at(
    tracked: Tracked, content: Content, facts: FileFacts, place: tuple[int, int], kept: tuple[SourceState, str | None]
) -> Checkpoint:
    """Return how far the source is read: up to `place` (offset, line), with this state and format.

    Raises:
        OSError: reading failed.
    """
    offset, line = place
    state, name = kept
    before = tracked.checkpoint
    head_size = min(HEAD_LIMIT, offset)
    keeps_head = (
        before is not None and before.head_size == HEAD_LIMIT and before.tail != ONLY_A_MARK and not state.document
    )
    return Checkpoint(
        generation=before.generation if before else 0,
        offset=offset,
        line=line,
        head=before.head if before is not None and keeps_head else head_of(content, head_size),
        head_size=head_size,
        tail=tail_of(content, offset),
        device=facts.device,
        inode=facts.inode,
        size=facts.size,
        mtime_ns=facts.mtime_ns,
        format=name,
        reader_state=state.dump(),
    )


def told_of(reason: str, checkpoint: Checkpoint) -> str:
    """Return a short text by which a fault at this place is known again, so that it is told once."""
    return short_hash(reason.encode() + checkpoint.tail + checkpoint.offset.to_bytes(8, "big")).hex()
