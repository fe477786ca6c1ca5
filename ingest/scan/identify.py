"""Decides which source a file is: one that is known under another name, one that goes on elsewhere, a copy, or new.

A file is the same again by device, inode and beginning; the path is only a label. Failing that, a file that begins
with everything that was read of a source now gone takes it over; a live equal copy starts where the original stands.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

from ingest.containers.document import holds_lines, may_wrap, split_document
from ingest.decode import Undecodable
from ingest.fingerprint import HEAD_LIMIT, head_of, short_hash
from ingest.pipeline import record_key
from ingest.scan.book import SourceBook
from ingest.scan.names import NameRules, promises_lines
from ingest.scan.opening import FileFacts, Unreadable, look_at, opened
from ingest.scan.tail import continues
from ingest.scan.tracked import SourceState, Tracked
from ingest.scan.walk import inode_beside
from store.batch import Checkpoint

_READ: Final = 1 << 20
_MOST_SKIPPED: Final = 5_000


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An open file at a path where no known source is read."""

    path: bytes
    folder_no: int
    descriptor: int
    facts: FileFacts


@dataclass(frozen=True, slots=True)
class Answer:
    """What a newcomer is.

    `same`: the source, found again. `takes over`: a gone source goes on here. `copy`: a source of its own that begins
    with what `source` gave. `new`: never seen (`source` is a row that was made for it before, if any). `other name`:
    a second name of a file that is read under its first.
    """

    kind: Literal["same", "takes over", "copy", "new", "other name"]
    source: Tracked | None = None
    checkpoint: Checkpoint | None = None
    """Where to go on, with this file's device and inode; None: at the start."""
    several: bool = False
    """A new file that seems to hold more than one record: copies of it must wait until it is read."""


class Identifier:
    """Answers for one newcomer at a time."""

    def __init__(
        self,
        book: SourceBook,
        rules: NameRules,
        drain: Callable[[Tracked], None],
        lose: Callable[[Tracked], None],
        move: Callable[[Tracked, bytes], None],
    ) -> None:
        """Use `drain` to read a source to its end, `lose` and `move` to note where sources' files went."""
        self._book = book
        self._rules = rules
        self._drain = drain
        self._lose = lose
        self._move = move

    def identify(self, newcomer: Newcomer) -> Answer:
        """Say what a newcomer is.

        Raises:
            OSError: reading it failed.
            StoreError: a source that had to be read first could not be stored.
        """
        known = self._by_inode(newcomer)
        if known is not None:
            return known
        replaced = self._clear_path(newcomer)
        start = os.pread(newcomer.descriptor, min(_READ, newcomer.facts.size), 0)
        document = self._is_document(newcomer, start)
        if replaced is not None:
            if replaced.checkpoint is None:
                return Answer("new", replaced)
            if document and replaced.is_document:
                return Answer("takes over", replaced, _at(replaced.checkpoint, newcomer))
        several = _has_several(start, document=document)
        found = self._continued(newcomer, several=several, document=document)
        return found or Answer("new", several=several)

    def _by_inode(self, newcomer: Newcomer) -> Answer | None:
        known = self._book.with_inode(newcomer.facts.identity)
        if known is None or known.checkpoint is None:
            return None
        if not known.gone and known.path != newcomer.path:
            there = look_at(known.path)
            if there is not None and there.identity == newcomer.facts.identity:
                return Answer("other name", known)
        checkpoint = known.checkpoint
        size = checkpoint.head_size
        fits = newcomer.facts.size >= size and head_of(newcomer.descriptor, size) == checkpoint.head
        if fits or (known.is_document and known.path == newcomer.path):
            return Answer("same", known)
        if known.path == newcomer.path and not known.gone:
            return Answer("same", known)
        self._book.forget_inode(newcomer.facts.identity)
        self._lose(known)
        return None

    def _clear_path(self, newcomer: Newcomer) -> Tracked | None:
        """Make room at the path; return the source that is replaced, None where there was none or it only moved."""
        held = self._book.by_path.get(newcomer.path)
        if held is None or held.checkpoint is None:
            return held
        elsewhere = self._elsewhere(held, held.checkpoint)
        if elsewhere is not None:
            self._move(held, elsewhere)
            return None
        self._lose(held)
        return held

    def _elsewhere(self, source: Tracked, checkpoint: Checkpoint) -> bytes | None:
        """Return where in the same folder the source's file now lies; an inode alone may have been given to another."""
        path = inode_beside(source.path, checkpoint.inode, self._rules)
        if path is None:
            return None
        try:
            with opened(path) as (descriptor, facts):
                same = facts.size >= checkpoint.offset and continues(checkpoint, descriptor)
                return path if same else None
        except Unreadable:
            return None

    def _is_document(self, newcomer: Newcomer, start: bytes) -> bool:
        return not promises_lines(newcomer.path) and not holds_lines(start, whole=newcomer.facts.size <= len(start))

    def _continued(self, newcomer: Newcomer, *, several: bool, document: bool) -> Answer | None:
        candidates = self._alike(newcomer) if several else []
        for candidate in candidates:
            self._refresh(candidate)
        gone = [one for one in (*candidates, *self._book.gone_named(newcomer.path)) if one.gone]
        gone.sort(key=lambda one: one.checkpoint.offset if one.checkpoint else 0, reverse=True)
        for candidate in gone:
            checkpoint = candidate.checkpoint
            if checkpoint is not None and _begins_with(newcomer, candidate, checkpoint, document=document):
                return Answer("takes over", candidate, _at(checkpoint, newcomer))
        live = [one for one in candidates if not one.gone]
        for candidate in live:
            checkpoint = candidate.checkpoint
            if checkpoint is not None and _copies(newcomer, candidate, checkpoint, document=document):
                return Answer("copy", candidate, _copy_of(checkpoint, newcomer, document=document))
        return None

    def _alike(self, newcomer: Newcomer) -> list[Tracked]:
        """Return the sources of several records whose beginning the newcomer shares."""
        found: list[Tracked] = []
        start = os.pread(newcomer.descriptor, HEAD_LIMIT, 0)
        for size in self._book.head_sizes(newcomer.facts.size):
            found.extend(self._book.beginning_with((size, short_hash(start[:size]))))
        return found

    def _refresh(self, candidate: Tracked) -> None:
        """See to it that what is known of a source is how its file is now."""
        if candidate.gone or candidate.checkpoint is None:
            return
        facts = look_at(candidate.path)
        if facts is None or facts.identity != (candidate.checkpoint.device, candidate.checkpoint.inode):
            elsewhere = self._elsewhere(candidate, candidate.checkpoint)
            if elsewhere is None:
                self._lose(candidate)
                return
            self._move(candidate, elsewhere)
        if facts is None or not candidate.unchanged(facts):
            self._drain(candidate)


def _has_several(start: bytes, *, document: bool) -> bool:
    """Return whether a file's beginning shows that there may be more than one record."""
    if document:
        return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[") or may_wrap(start)
    first = start.lstrip().find(b"\n")
    return len(start) >= _READ or (first >= 0 and bool(start.lstrip()[first:].strip()))


def _begins_with(newcomer: Newcomer, candidate: Tracked, checkpoint: Checkpoint, *, document: bool) -> bool:
    if checkpoint.offset == 0 or newcomer.facts.size < checkpoint.offset or candidate.is_document != document:
        return False
    if document and newcomer.facts.size != checkpoint.offset:
        return False
    return continues(checkpoint, newcomer.descriptor)


def _copies(newcomer: Newcomer, candidate: Tracked, checkpoint: Checkpoint, *, document: bool) -> bool:
    if not _begins_with(newcomer, candidate, checkpoint, document=document):
        return False
    try:
        with opened(candidate.path) as (other, _):
            for start in range(0, checkpoint.offset, _READ):
                size = min(_READ, checkpoint.offset - start)
                if os.pread(other, size, start) != os.pread(newcomer.descriptor, size, start):
                    return False
    except Unreadable:
        return False
    return True


def _at(checkpoint: Checkpoint, newcomer: Newcomer) -> Checkpoint:
    """Return the checkpoint as one of the newcomer's file; its size stays what was read, so the rest is noticed."""
    return replace(checkpoint, device=newcomer.facts.device, inode=newcomer.facts.inode, mtime_ns=0)


def _copy_of(checkpoint: Checkpoint, newcomer: Newcomer, *, document: bool) -> Checkpoint:
    """Return where a copy goes on: behind what the original gave; of a document, its records are remembered."""
    if not document:
        return replace(_at(checkpoint, newcomer), generation=0)
    facts = newcomer.facts
    try:
        elements = split_document(os.pread(newcomer.descriptor, facts.size, 0))
    except Undecodable:
        elements = []
    keys = [record_key(element.raw) for element in elements]
    state = SourceState(document=True, skip=keys[:_MOST_SKIPPED])
    moved = replace(_at(checkpoint, newcomer), generation=0, reader_state=state.dump())
    return replace(moved, mtime_ns=facts.mtime_ns)
