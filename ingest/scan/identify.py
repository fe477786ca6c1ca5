"""Decides which source a file is: one that is known under another name, one that goes on elsewhere, a copy, or new.

A file is the same again by device, inode and beginning; the path is only a label. Failing that, a file that begins
with everything that was read of a source now gone takes it over; a live equal copy starts where the original stands.
What is compared is always what a file holds: a compressed file is the same as the plain one that it was made of.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

from ingest.containers.content import Content, compression_of, content_of
from ingest.containers.document import holds_lines, may_wrap
from ingest.containers.parts import DocumentChanged, records_of
from ingest.decode import Undecodable
from ingest.fingerprint import HEAD_LIMIT, head_of, short_hash, tail_of
from ingest.pipeline import key_of_element
from ingest.scan.book import SourceBook
from ingest.scan.documents import size_of
from ingest.scan.names import promises_lines, twin_names, unrotated_name
from ingest.scan.opening import FileFacts, Unreadable, look_at, opened
from ingest.scan.position import begins_alike, continues, reaches
from ingest.scan.tracked import SourceState, Tracked
from store.batch import Checkpoint

_READ: Final = 1 << 20
_MOST_LEFT: Final = 1_000
"""Files of which it is remembered that another took their place."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An open file at a path where no known source is read, and what it holds.

    `quiet`: it has not changed for a while, what it is now counts. `old`: it has been waited for long enough.
    """

    path: bytes
    folder_no: int
    content: Content
    facts: FileFacts
    quiet: bool = False
    old: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a newcomer is.

    `same`: the source, found again. `takes over`: a gone source goes on here. `copy`: a source of its own that begins
    with what `source` gave. `new`: never seen (`source` is a row that was made for it before, if any). `other name`:
    a second name of a file that is read under its first. `wait`: it may be a copy in the making. `cut off`: a
    compressed file without its end, which may be a copy of what is known.
    """

    kind: Literal["same", "takes over", "copy", "new", "other name", "wait", "cut off"]
    source: Tracked | None = None
    checkpoint: Checkpoint | None = None
    """Where to go on, with this file's device and inode; None: at the start."""
    head: bytes = b""
    """Hash of what a new file begins with of which there may be copies: those must wait until it is read."""


class Identifier:
    """Answers for one newcomer at a time."""

    def __init__(
        self,
        book: SourceBook,
        drain: Callable[[Tracked], None],
        lose: Callable[[Tracked], None],
        move: Callable[[Tracked, bytes], None],
    ) -> None:
        """Use `drain` to read a source to its end, `lose` and `move` to note where sources' files went."""
        self._book = book
        self._drain = drain
        self._lose = lose
        self._move = move
        self._left: dict[tuple[int, int], tuple[Tracked, Checkpoint]] = {}
        """Files of documents that go on in others which took their place: they may have been moved, and come up yet."""

    def identify(self, newcomer: Newcomer) -> Answer:
        """Say what a newcomer is.

        Raises:
            OSError: reading it failed.
            StoreError: a source that had to be read first could not be stored.
        """
        known = self._by_inode(newcomer)
        if known is not None:
            return known
        start = newcomer.content.read(_READ, 0)
        if newcomer.content.cut_off and start and not newcomer.quiet:
            return Answer("wait")
        replaced = self._clear_path(newcomer)
        document = self._is_document(newcomer, start)
        if replaced is not None and document and replaced.checkpoint is not None and replaced.is_document:
            self._remember(replaced, replaced.checkpoint)
            return Answer("takes over", replaced, _at(replaced.checkpoint, newcomer))
        several = _has_several(start, document=document)
        found = self._continued(newcomer, several=several, document=document)
        unread = replaced if replaced is not None and replaced.checkpoint is None else None
        if found is None:
            copied = several or any(look_at(path) is not None for path in twin_names(newcomer.path))
            head = head_of(newcomer.content, min(HEAD_LIMIT, len(start))) if copied else b""
            return Answer("new", unread, head=head)
        if unread is not None and found.kind in ("takes over", "copy"):
            self._lose(unread)
        return found

    def _by_inode(self, newcomer: Newcomer) -> Answer | None:
        known = self._book.with_inode(newcomer.facts.identity, newcomer.content)
        if known is None or known.checkpoint is None:
            return self._moved_away(newcomer)
        there = None if known.gone else look_at(known.path)
        if there is not None and known.path != newcomer.path and there.identity == newcomer.facts.identity:
            return Answer("other name", known)
        checkpoint = known.checkpoint
        fits = begins_alike(checkpoint, newcomer.content)
        if known.path == newcomer.path and (fits or known.is_document or not known.gone):
            return Answer("same", known)
        if fits and not _is_another(known, checkpoint, newcomer):
            return Answer("same", known)
        self._book.forget_inode(newcomer.facts.identity)
        if there is None:  # else what stands at its path is asked for itself, and may be a rewrite of it
            self._lose(known)
        return None

    def _remember(self, source: Tracked, checkpoint: Checkpoint) -> None:
        if source.several:
            self._left[(checkpoint.device, checkpoint.inode)] = (source, checkpoint)
            if len(self._left) > _MOST_LEFT:
                del self._left[next(iter(self._left))]

    def _moved_away(self, newcomer: Newcomer) -> Answer | None:
        """Answer for a document whose place another had taken before it was found again: all it holds was read."""
        source, checkpoint = self._left.pop(newcomer.facts.identity, (None, None))
        if source is None or checkpoint is None or newcomer.path == source.path:
            return None
        if not _begins_with(newcomer, source, checkpoint, document=True):
            return None
        return Answer("copy", source, _copy_of(checkpoint, newcomer, document=True))

    def _clear_path(self, newcomer: Newcomer) -> Tracked | None:
        """Make room at the path; return the source that is replaced, None where there was none or it only moved."""
        held = self._book.at(newcomer.path)
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
        path = self._book.beside.find(source.path, checkpoint.inode)
        if path is None:
            return None
        try:
            with opened(path) as (descriptor, _):
                return path if continues(checkpoint, content_of(path, descriptor)) else None
        except Unreadable:
            return None

    def _is_document(self, newcomer: Newcomer, start: bytes) -> bool:
        whole = len(start) < _READ and not newcomer.content.cut_off
        return not promises_lines(newcomer.path) and not holds_lines(start, whole=whole)

    def _continued(self, newcomer: Newcomer, *, several: bool, document: bool) -> Answer | None:
        candidates = self._alike(newcomer) if several else self._twins(newcomer)
        for candidate in candidates:
            self._refresh(candidate)
        gone = [one for one in (*candidates, *self._book.gone_named(newcomer.path, newcomer.content)) if one.gone]
        gone.sort(key=lambda one: (one.checkpoint.offset if one.checkpoint else 0, one.path == newcomer.path))
        for candidate in reversed(gone):
            checkpoint = candidate.checkpoint
            if checkpoint is not None and _begins_with(newcomer, candidate, checkpoint, document=document):
                return Answer("takes over", candidate, _at(checkpoint, newcomer))
        for candidate in candidates:
            checkpoint = candidate.checkpoint
            if candidate.gone or checkpoint is None:
                continue
            if _begins_with(newcomer, candidate, checkpoint, document=document) and _shares(
                newcomer, candidate, checkpoint.offset
            ):
                head = head_of(newcomer.content, checkpoint.head_size)
                return Answer("copy", candidate, _copy_of(checkpoint, newcomer, document=document), head)
        return self._in_the_making(newcomer, candidates, document=document)

    def _in_the_making(self, newcomer: Newcomer, candidates: list[Tracked], *, document: bool) -> Answer | None:
        """Answer for a file that so far is only the beginning of what is known; None: it is not, or it is left at that.

        It may be a copy that is being written. Once it is whole it is a copy of what its original was a while ago.
        """
        content = newcomer.content
        for candidate in candidates:
            checkpoint = candidate.checkpoint
            if checkpoint is None or candidate.is_document != document or reaches(content, checkpoint.offset):
                continue
            sure = not candidate.gone and _shares(newcomer, candidate, checkpoint.offset)
            if content.cut_off and (sure or candidate.gone):
                return Answer("cut off" if newcomer.quiet else "wait")
            if sure and not document and (newcomer.quiet or compression_of(newcomer.path)):
                head = head_of(content, checkpoint.head_size)
                return Answer("copy", candidate, _cut_to(checkpoint, newcomer), head)
            if not newcomer.quiet and (sure or (candidate.gone and not newcomer.old)):
                return Answer("wait")
        return None

    def _alike(self, newcomer: Newcomer) -> list[Tracked]:
        """Return the sources of several records whose beginning the newcomer shares."""
        found: list[Tracked] = []
        start = newcomer.content.read(HEAD_LIMIT, 0)
        for size in self._book.head_sizes(len(start)):
            found.extend(self._book.beginning_with((size, short_hash(start[:size]))))
        return found

    def _twins(self, newcomer: Newcomer) -> list[Tracked]:
        """Return the sources of one record that are this file compressed, or uncompressed, by their names."""
        found = [self._book.at(path) for path in twin_names(newcomer.path)]
        return [one for one in found if one is not None and not one.several]

    def _refresh(self, candidate: Tracked) -> None:
        """See to it that what is known of a source is how its file is now."""
        if candidate.gone or candidate.checkpoint is None:
            return
        facts = look_at(candidate.path)
        if facts is None or facts.identity != (candidate.checkpoint.device, candidate.checkpoint.inode):
            elsewhere = self._elsewhere(candidate, candidate.checkpoint)
            if elsewhere is None:
                if facts is None or not candidate.is_document:  # a document may have been rewritten at its path
                    self._lose(candidate)
                return
            self._move(candidate, elsewhere)
        if facts is None or not candidate.unchanged(facts):
            self._drain(candidate)


def _is_another(known: Tracked, checkpoint: Checkpoint, newcomer: Newcomer) -> bool:
    """Return whether a file is new though it has the inode and the content of one that had a single record.

    Small files come and go, and the next one gets the inode of the last. A renamed file keeps the time of its last
    change; a new one has its own.
    """
    if known.several or unrotated_name(known.path) == unrotated_name(newcomer.path):
        return False
    written_later = newcomer.facts.mtime_ns > checkpoint.mtime_ns > 0
    return written_later and not reaches(newcomer.content, checkpoint.offset + 1)


def _has_several(start: bytes, *, document: bool) -> bool:
    """Return whether a file's beginning shows that there may be more than one record."""
    if document:
        return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[") or may_wrap(start)
    first = start.lstrip().find(b"\n")
    return len(start) >= _READ or (first >= 0 and bool(start.lstrip()[first:].strip()))


def _begins_with(newcomer: Newcomer, candidate: Tracked, checkpoint: Checkpoint, *, document: bool) -> bool:
    if checkpoint.offset == 0 or candidate.is_document != document:
        return False
    if document and reaches(newcomer.content, checkpoint.offset + 1):
        return False
    return continues(checkpoint, newcomer.content)


def _shares(newcomer: Newcomer, candidate: Tracked, size: int) -> bool:
    """Return whether the first `size` bytes are the candidate's, or all that the newcomer has are."""
    try:
        with opened(candidate.path) as (descriptor, _):
            other = content_of(candidate.path, descriptor)
            for start in range(0, size, _READ):
                mine = newcomer.content.read(min(_READ, size - start), start)
                if other.read(len(mine), start) != mine:
                    return False
                if len(mine) < min(_READ, size - start):
                    return True
    except Unreadable:
        return False
    return True


def _at(checkpoint: Checkpoint, newcomer: Newcomer) -> Checkpoint:
    """Return the checkpoint as one of the newcomer's file; its size stays what was read, so the rest is noticed."""
    facts = newcomer.facts
    moved = replace(checkpoint, device=facts.device, inode=facts.inode, mtime_ns=0)
    return replace(moved, settled=False) if compression_of(newcomer.path) else moved


def _copy_of(checkpoint: Checkpoint, newcomer: Newcomer, *, document: bool) -> Checkpoint:
    """Return where a copy goes on: behind what the original gave; of a document, its records are remembered."""
    if not document:
        return replace(_at(checkpoint, newcomer), generation=0)
    keys = bytearray()
    try:
        for record in records_of(newcomer.content, size_of(newcomer.content, newcomer.facts)):
            keys += key_of_element(record)
    except (Undecodable, DocumentChanged):
        keys.clear()
    state = SourceState(document=True, skip=bytes(keys))
    return replace(_at(checkpoint, newcomer), generation=0, reader_state=state.dump())


def _cut_to(checkpoint: Checkpoint, newcomer: Newcomer) -> Checkpoint:
    """Return where a copy of a source's beginning goes on: behind its last whole line."""
    content, offset, line, start = newcomer.content, 0, 0, 0
    while data := content.read(_READ, start):
        line += data.count(b"\n")
        offset = start + data.rfind(b"\n") + 1 if b"\n" in data else offset
        start += len(data)
    size = min(HEAD_LIMIT, offset)
    whole = replace(_at(checkpoint, newcomer), generation=0, offset=offset, line=line)
    return replace(whole, head=head_of(content, size), head_size=size, tail=tail_of(content, offset))
