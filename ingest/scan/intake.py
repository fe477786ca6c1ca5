"""The work at hand: known files with something new, newcomers, and unfinished ends.

Files take turns of at most one chunk, so that a large one never keeps the others waiting; where nobody waits for the
newest (a one-shot ingest), each is read to its end instead, which keeps neighbours in time together in the store.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final

from ingest.pipeline import RecordTools
from ingest.scan.batcher import Batcher
from ingest.scan.delayed import QUIET_S, lies_in
from ingest.scan.identify import Identifier
from ingest.scan.names import NameRules
from ingest.scan.newcomers import Newcomers
from ingest.scan.opening import FileFacts, look_at, opened
from ingest.scan.retirement import Retirement
from ingest.scan.tail import TailReader
from ingest.scan.tracked import Tracked, beginning, only_checkpoint
from ingest.scan.turn import Turn
from ingest.scan.unread import Unread
from store.batch import Checkpoint
from store.store import Store

PLENTY: Final = 20_000
"""So many files at hand are enough: the rest is found again, and memory stays bounded."""


class Intake:
    """Reads files into the store's append, fairly and in bounded memory."""

    def __init__(
        self,
        store: Store,
        tools: RecordTools,
        rules: NameRules,
        batcher: Batcher,
        *,
        take_turns: bool = True,
        after: str = "keep",
    ) -> None:
        """Load what the store knows; `after` is the setting `ingest.after`.

        Raises:
            StoreError: the store cannot be read.
        """
        self._retirement = Retirement(store, rules, batcher, after)
        self.book = self._retirement.book
        self.waiting: set[Tracked] = set()
        """Sources with an unfinished end."""
        self.unfinished: set[Tracked] = set()
        """Sources whose end was looked at after a quiet time and is no whole value."""
        self.active: dict[Tracked, float] = {}
        """Sources that gave something, and when (monotonic)."""
        self.found_by_scan = 0
        """Changes made before `told_until_ns` that nothing but a full scan has found."""
        self.told_until_ns = 0
        """Wall clock: what changed before this would be known by now, if watchers missed nothing."""
        self._sources = store.sources
        self._batcher = batcher
        self._tail = TailReader(tools)
        self._ready: deque[Tracked] = deque()
        self._take_turns = take_turns
        self._unread = Unread(self.book, self._sources, self._lose)
        identifier = Identifier(self.book, self._drain, self._lose, self._move)
        self._newcomers = Newcomers(self.book, identifier, self._sources, self._unread, self._go_on)

    @property
    def unreadable(self) -> Mapping[bytes, str]:
        """Paths that could not be read, with the reason."""
        return self._unread.reasons

    @property
    def idle(self) -> bool:
        """Whether nothing is left to be read; unfinished ends do not count."""
        return not self._ready and not self._newcomers

    @property
    def has_plenty(self) -> bool:
        """Whether so much is at hand that no more files should be shown before some are read."""
        return self.files_pending >= PLENTY

    @property
    def files_pending(self) -> int:
        """How many files have something that was not read yet."""
        return len(self._ready) + len(self._newcomers)

    def pending_bytes(self) -> dict[int, int]:
        """Return how many bytes of the known files at hand are not read yet, by folder number."""
        pending: dict[int, int] = {}
        for tracked in self._ready:
            done = tracked.checkpoint.offset if tracked.checkpoint else 0
            rest = max(0, tracked.seen_size - done)
            pending[tracked.folder_no] = pending.get(tracked.folder_no, 0) + rest
        return pending

    def notice(self, path: bytes, folder_no: int, facts: FileFacts, scan_no: int = 0) -> None:
        """Take note of a file that was seen; what is unchanged costs nothing more."""
        tracked = self.book.by_path.get(path)
        if tracked is None:
            if self.book.settled.is_as_it_was(path, facts):
                return
            tracked = self.book.changed_at(path, facts.identity)
        if tracked is not None:
            tracked.scan_no = scan_no or tracked.scan_no
            tracked.see(facts)
            if tracked.queued or tracked.facts == facts:
                return
        if tracked is not None and tracked.checkpoint is not None:
            same = (tracked.checkpoint.device, tracked.checkpoint.inode) == facts.identity
            if same and not tracked.unchanged(facts):
                self.enqueue(tracked)
                self._count_found(facts, scan_no)
            if same:
                return
            self.book.beside.expect(path, tracked.checkpoint.inode)
        self._newcomers.add(path, folder_no)
        self._count_found(facts, scan_no)

    def _count_found(self, facts: FileFacts, scan_no: int) -> None:
        """Count a change that a full scan came upon, and that nothing had told of in good time."""
        if scan_no and max(facts.mtime_ns, facts.ctime_ns) < self.told_until_ns:
            self.found_by_scan += 1

    def enqueue(self, tracked: Tracked, *, first: bool = False) -> None:
        """Have a known file read, after all others or as the first."""
        if not tracked.queued:
            tracked.queued = True
            (self._ready.appendleft if first else self._ready.append)(tracked)

    def step(self, *, final: bool = False) -> None:
        """Do a small part of what is at hand; `final` takes unfinished ends as they are.

        Raises:
            StoreError: the store could not take it; nothing is lost, the next step tries again.
        """
        if self._ready:
            tracked = self._ready.popleft()
            if self._tail.defers(tracked):
                self._ready.append(tracked)
                return
            tracked.queued = False
            if self._read(tracked, final=final):
                self.enqueue(tracked, first=not self._take_turns)
        elif self._newcomers:
            self._newcomers.identify_some()
        self._batcher.flush_if_due()
        self._retirement.when_many()

    def take_quiet_ends(self, below: bytes | None = None) -> None:
        """Look at unfinished ends of files that have been quiet for long enough; `below`: at all ends in this place.

        Raises:
            StoreError: the store could not take it.
        """
        self._newcomers.add_delayed(below)
        while below is not None and not self.idle:
            self.step()
        now = time.monotonic()
        for tracked in [one for one in self.waiting if one.quiet_at <= now or lies_in(one.path, below)]:
            self.waiting.discard(tracked)
            tracked.quiet_at = 0.0
            if not tracked.gone:
                while self._read(tracked, final=True):
                    pass
        self._retirement.some(at_once=below is not None)

    def lose_unseen(self, scan_no: int, folders: set[int]) -> None:
        """Look at what a full scan did not show, and mark as gone what is not there.

        That are the files of folders that had no need to be listed. `folders` are those that could be walked whole:
        what is missing elsewhere may only be out of sight.

        Raises:
            StoreError: the store could not take it.
        """
        missing: list[Tracked] = []
        for tracked in [one for one in self.book if not one.gone and one.scan_no != scan_no]:
            facts = look_at(tracked.path)
            if facts is not None:
                self.notice(tracked.path, tracked.folder_no, facts, scan_no)
            if tracked.folder_no in folders and not _is_itself(tracked, facts):
                missing.append(tracked)
        for tracked in missing:
            self.book.lose(tracked)
            self._retirement.consider(tracked)
        if missing:
            self._sources.mark_gone([one.source_no for one in missing])

    def lose_settled(self, source_nos: Sequence[int]) -> None:
        """Mark settled files as gone.

        Raises:
            StoreError: the store could not take it.
        """
        self._retirement.lose(source_nos)

    def _read(self, tracked: Tracked, *, final: bool = False) -> bool:
        """Take one turn of a file; return whether more is there."""
        more = not tracked.gone and self._read_turn(tracked, final=final)
        if not more:
            self._newcomers.has_begun(tracked)
        return more

    def _read_turn(self, tracked: Tracked, *, final: bool) -> bool:
        try:
            with opened(tracked.path) as (descriptor, facts):
                checkpoint = tracked.checkpoint
                if checkpoint is not None and (checkpoint.device, checkpoint.inode) != facts.identity:
                    self.book.beside.expect(tracked.path, checkpoint.inode)
                    self._newcomers.add(tracked.path, tracked.folder_no)
                    return False
                return self._take_turn(tracked, descriptor, facts, final=final)
        except OSError as error:
            self._unread.note(tracked.path, tracked, error)
        return False

    def _take_turn(self, tracked: Tracked, descriptor: int, facts: FileFacts, *, final: bool) -> bool:
        turn = self._tail.read(tracked, descriptor, facts, final=final)
        if turn.rewritten:
            self.enqueue(self._restart(tracked, facts))
            return False
        if tracked.trouble is not None or turn.trouble is not None:
            self._unread.set(tracked, turn.trouble)
        if turn.torn or (turn.batches and not tracked.is_document):
            self.active[tracked] = time.monotonic()
        if turn.batches:
            self.book.note(tracked)
            self._batcher.add(turn.batches, tracked.folder_no)
        if turn.more:
            self._batcher.expect(facts.size - (tracked.checkpoint.offset if tracked.checkpoint else 0))
        if turn.waiting and not turn.more and not final:
            tracked.quiet_at = time.monotonic() + QUIET_S
            tracked.facts = facts
            self.waiting.add(tracked)
        self._note_end(tracked, turn, final=final)
        return turn.more

    def _note_end(self, tracked: Tracked, turn: Turn, *, final: bool) -> None:
        if not turn.waiting:
            self.waiting.discard(tracked)
            if tracked.facts is not None:
                self._retirement.consider(tracked)
        if final and turn.waiting:
            self.unfinished.add(tracked)
        elif turn.batches:
            self.unfinished.discard(tracked)

    def _drain(self, tracked: Tracked) -> None:
        while self._read(tracked):
            pass

    def _restart(self, tracked: Tracked, facts: FileFacts) -> Tracked:
        """Begin a new generation of a rewritten line file.

        The old generation stays as a gone source, so that a copy of it (copytruncate) can take it over.
        """
        self._batcher.flush()
        path, folder_no = tracked.path, tracked.folder_no
        generation = self.book.next_generation(tracked.lineage)
        number = self._sources.add_many([(folder_no, path, tracked.lineage)])[0]
        self._lose(tracked)
        checkpoint = beginning(generation, facts)
        fresh = Tracked(number, folder_no, path, tracked.lineage, checkpoint, scan_no=tracked.scan_no)
        self.book.add(fresh)
        self._batcher.add([only_checkpoint(fresh, checkpoint)])
        return fresh

    def _lose(self, tracked: Tracked) -> None:
        self._batcher.flush()
        self.book.lose(tracked)
        self._retirement.consider(tracked)
        self._sources.mark_gone([tracked.source_no])

    def _move(self, tracked: Tracked, path: bytes) -> None:
        self.book.place(tracked, path, tracked.folder_no)
        self._sources.move(tracked.source_no, path, tracked.folder_no)
        self.enqueue(tracked)

    def _go_on(self, source: Tracked, checkpoint: Checkpoint | None) -> None:
        if checkpoint is not None:
            source.checkpoint = checkpoint
            self.book.note(source)
            self._batcher.add([only_checkpoint(source, checkpoint)])
        self.enqueue(source)


def _is_itself(tracked: Tracked, facts: FileFacts | None) -> bool:
    """Return whether the file at the source's path is still the source's."""
    checkpoint = tracked.checkpoint
    return facts is not None and (checkpoint is None or facts.identity == (checkpoint.device, checkpoint.inode))
