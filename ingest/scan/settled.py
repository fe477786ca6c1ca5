"""What the scanner remembers of files that are done with: hashes, four of 64 bits a file; their rows are in the store.

Whether a file is as it was is answered from memory. Whatever is to be known beyond that is read from the store, for
one file at a time, and compared in full: a hash alone never decides that two files are the same.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from ingest.containers.content import Content
from ingest.fingerprint import HEAD_LIMIT, ONLY_A_MARK, head_of, mark_of, tail_of
from ingest.scan.hashes import HashSet, NumbersByHash
from ingest.scan.names import unrotated_name
from ingest.scan.opening import FileFacts
from ingest.scan.tracked import SourceState, Tracked, load_state
from store.batch import Checkpoint
from store.settled import SettledFile, SettledFiles, Waking

_PACKED: Final = (b".gz", b".zst")
_NS_PER_US: Final = 1_000
_FAR: Final = 1 << 46
"""Microseconds between a record's time and its file's beyond which the file is not worth a small row."""


class SettledIndex:
    """Finds settled files by place, inode, and name where they are gone."""

    def __init__(self, rows: SettledFiles) -> None:
        """Load the hashes of what the store has.

        Raises:
            StoreError: the store cannot be read.
        """
        self._rows = rows
        self._as_they_were = HashSet()
        self._listed = HashSet()
        self._by_place = NumbersByHash()
        self._by_inode = NumbersByHash()
        self._gone_by_name = NumbersByHash()
        self._present: defaultdict[bytes, int] = defaultdict(int)
        places = {place.directory_no: place for place in rows.places()}
        for number, directory_no, name, inode, size, changed_ns, gone in rows.every():
            place = places[directory_no]
            self._by_inode.add(hash((place.device, inode)), number)
            if gone:
                self._gone_by_name.add(hash(unrotated_name(name)), number)
            else:
                self._note_present(place.path, name, number, (inode, size, changed_ns))

    def __len__(self) -> int:
        """Return how many settled files are there."""
        return sum(self._present.values())

    def is_as_it_was(self, path: bytes, facts: FileFacts) -> bool:
        """Return whether this is a settled file in which nothing changed."""
        directory, _, name = path.rpartition(b"/")
        return hash((directory, name, facts.inode, facts.size, facts.ctime_ns)) in self._as_they_were

    def stands_as_it_was(self, directory: bytes, entry: os.DirEntry[bytes]) -> bool:
        """Return the same for an entry of a directory; one that is no longer there is not as it was."""
        try:
            found = entry.stat(follow_symlinks=False)
        except OSError:
            return False
        return hash((directory, entry.name, found.st_ino, found.st_size, found.st_ctime_ns)) in self._as_they_were

    def is_listed(self, directory: bytes, name: bytes, inode: int) -> bool:
        """Return whether a settled file stands there with this inode; its content is not asked about."""
        return hash((directory, name, inode)) in self._listed

    def count_in(self, directory: bytes) -> int:
        """Return how many settled files the directory should have."""
        return self._present.get(directory, 0)

    def directories(self) -> list[bytes]:
        """Return the directories that have settled files."""
        return [directory for directory, count in self._present.items() if count]

    def present_in(self, directory: bytes) -> Iterator[tuple[int, bytes, int]]:
        """Give number, name and inode of the settled files that should be in the directory."""
        for place in self._rows.places():
            if place.path == directory:
                yield from self._rows.present_in(place.directory_no)

    def at(self, path: bytes) -> SettledFile | None:
        """Return the settled file that stands at a path."""
        directory, _, name = path.rpartition(b"/")
        for number in self._by_place.find(hash((directory, name))):
            file = self._rows.get(number)
            if file is not None and not file.gone and (file.directory, file.name) == (directory, name):
                return file
        return None

    def with_inode(self, identity: tuple[int, int]) -> list[SettledFile]:
        """Return the settled files that have, or had before they went, this device and inode."""
        found = [self._rows.get(number) for number in self._by_inode.find(hash(identity))]
        return [file for file in found if file is not None and (file.device, file.inode) == identity]

    def gone_named(self, path: bytes) -> list[SettledFile]:
        """Return the settled files that are gone and had this base name, rotation aside."""
        name = unrotated_name(path)
        found = [self._rows.get(number) for number in self._gone_by_name.find(hash(name))]
        return [file for file in found if file is not None and file.gone and unrotated_name(file.name) == name]

    def take_in(self, file: SettledFile) -> None:
        """Remember a file that has just settled."""
        self._by_inode.add(hash((file.device, file.inode)), file.source_no)
        if file.gone:
            self._gone_by_name.add(hash(unrotated_name(file.name)), file.source_no)
        else:
            self._note_present(file.directory, file.name, file.source_no, (file.inode, file.size, file.changed_ns))

    def lose(self, file: SettledFile, *, inode_is_free: bool = False) -> None:
        """Remember that a file is gone; the store must be told too. `inode_is_free`: it was seen to be deleted."""
        self._forget_present(file)
        self._gone_by_name.add(hash(unrotated_name(file.name)), file.source_no)
        if inode_is_free:
            self.forget_inode(file)

    def forget_inode(self, file: SettledFile) -> None:
        """Find it by its inode no more: another file has that."""
        self._by_inode.discard(hash((file.device, file.inode)), file.source_no)

    def get(self, number: int) -> SettledFile | None:
        """Return the settled source of this number."""
        return self._rows.get(number)

    def wake(self, file: SettledFile, content: Content | None) -> Tracked:
        """Give a settled source its full row again, and forget it here.

        `content` is what may begin with all that was read; where it does not, the mark stays to be compared with what
        comes.
        """
        head, tail = file.mark, ONLY_A_MARK
        if content is not None and has_mark(file, content):
            head, tail = _ends(file, content)
        state = _state_of(file)
        head_size = min(HEAD_LIMIT, file.size)
        line = 0 if state.unterminated else 1
        checkpoint = Checkpoint(
            generation=0, offset=file.size, line=line, head=head, head_size=head_size, tail=tail, device=file.device,
            inode=file.inode, size=file.size, mtime_ns=file.changed_ns, format=file.format, reader_state=state.dump(),
            settled=state.document,
        )  # fmt: skip
        self._rows.wake(
            Waking(file.source_no, file.path, line, head, head_size, tail, checkpoint.reader_state, state.document)
        )
        if file.gone:
            self._gone_by_name.discard(hash(unrotated_name(file.name)), file.source_no)
        else:
            self._forget_present(file)
        self.forget_inode(file)
        return Tracked(file.source_no, file.folder_no, file.path, file.lineage, checkpoint, file.gone)

    def _note_present(self, directory: bytes, name: bytes, number: int, facts: tuple[int, int, int]) -> None:
        self._as_they_were.add(hash((directory, name, *facts)))
        self._listed.add(hash((directory, name, facts[0])))
        self._by_place.add(hash((directory, name)), number)
        self._present[directory] += 1

    def _forget_present(self, file: SettledFile) -> None:
        directory, name = file.directory, file.name
        self._as_they_were.discard(hash((directory, name, file.inode, file.size, file.changed_ns)))
        self._listed.discard(hash((directory, name, file.inode)))
        self._by_place.discard(hash((directory, name)), file.source_no)
        self._present[directory] -= 1


def settled_file(tracked: Tracked, facts: FileFacts | None) -> SettledFile | None:
    """Return a source as a settled file; None where it cannot be one. `facts` None: its file is gone.

    One record was taken, nothing is left of the file, and there is nothing more to remember than fits.
    """
    checkpoint = tracked.checkpoint
    if checkpoint is None or checkpoint.format is None or tracked.trouble is not None:
        return None
    state = load_state(checkpoint.reader_state)
    plain = SourceState(document=state.document, unterminated=state.unterminated, last_ts_us=state.last_ts_us)
    if checkpoint.offset != checkpoint.size or tracked.path.lower().endswith(_PACKED):
        return None
    if state != plain or checkpoint.generation or checkpoint.settled != state.document:
        return None
    if checkpoint.line + int(state.unterminated) != 1 or (state.document and state.last_ts_us is not None):
        return None
    if facts is not None and (checkpoint.device, checkpoint.inode, checkpoint.size) != (*facts.identity, facts.size):
        return None
    changed_ns = checkpoint.mtime_ns if facts is None else facts.ctime_ns
    packed: int | None = None
    if not state.document:
        if state.last_ts_us is None or abs(changed_ns // _NS_PER_US - state.last_ts_us) > _FAR:
            return None
        packed = (changed_ns // _NS_PER_US - state.last_ts_us) << 1 | int(state.unterminated)
    directory, _, name = tracked.path.rpartition(b"/")
    mark = checkpoint.head if checkpoint.tail == ONLY_A_MARK else mark_of(checkpoint.head, checkpoint.tail)
    return SettledFile(
        tracked.source_no, 0, tracked.folder_no, directory, name, tracked.lineage, checkpoint.format,
        checkpoint.device, checkpoint.inode, checkpoint.size, changed_ns,
        mark, packed, gone=facts is None,
    )  # fmt: skip


def has_mark(file: SettledFile, content: Content) -> bool:
    """Return whether a file begins with everything that was read of a settled one; False if it cannot be read."""
    try:
        return mark_of(*_ends(file, content)) == file.mark
    except OSError:
        return False


def _ends(file: SettledFile, content: Content) -> tuple[bytes, bytes]:
    return head_of(content, min(HEAD_LIMIT, file.size)), tail_of(content, file.size)


def _state_of(file: SettledFile) -> SourceState:
    if file.state is None:
        return SourceState(document=True)
    last_ts_us = file.changed_ns // _NS_PER_US - (file.state >> 1)
    return SourceState(unterminated=bool(file.state & 1), last_ts_us=last_ts_us)
