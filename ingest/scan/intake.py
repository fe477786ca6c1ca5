"""The work at hand: known files with something new, files not identified yet, and unfinished ends.

Files take turns of at most one chunk, so that a large one never keeps the others waiting; where nobody waits for the
newest (a one-shot ingest), each is read to its end instead, which keeps neighbours in time together in the store.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ingest.containers.content import CUT_OFF, content_of
from ingest.fingerprint import new_lineage
from ingest.pipeline import RecordTools
from ingest.scan.batcher import Batcher
from ingest.scan.delayed import QUIET_S, Delayed, lies_in
from ingest.scan.identify import Answer, Identifier, Newcomer
from ingest.scan.names import NameRules
from ingest.scan.opening import FileFacts, Unreadable, look_at, opened
from ingest.scan.retirement import Retirement
from ingest.scan.tail import TailReader
from ingest.scan.tracked import Tracked, beginning, only_checkpoint
from ingest.scan.turn import Turn
from store.batch import Checkpoint
from store.store import Store

PLENTY: Final = 20_000
"""So many files at hand are enough: the rest is found again, and memory stays bounded."""
_IDENTIFIED_AT_ONCE: Final = 256


@dataclass(slots=True)
class Made:
    """A newcomer that needs a row of its own."""

    newcomer: Newcomer
    answer: Answer


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
        self.unreadable: dict[bytes, str] = {}
        """Paths that could not be read, with the reason."""
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
        self._identifier = Identifier(self.book, rules, self._drain, self._lose, self._move)
        self._ready: deque[Tracked] = deque()
        self._take_turns = take_turns
        self._fresh: deque[tuple[bytes, int]] = deque()
        self._fresh_paths: set[bytes] = set()
        self._delayed = Delayed()
        self._starting: set[bytes] = set()
        """What new files of several records begin with, until they are read: their copies must wait for them."""

    @property
    def idle(self) -> bool:
        """Whether nothing is left to be read; unfinished ends do not count."""
        return not self._ready and not self._fresh

    @property
    def has_plenty(self) -> bool:
        """Whether so much is at hand that no more files should be shown before some are read."""
        return self.files_pending >= PLENTY

    @property
    def files_pending(self) -> int:
        """How many files have something that was not read yet."""
        return len(self._ready) + len(self._fresh)

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
        self._await_identification(path, folder_no)
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
        elif self._fresh:
            self._identify_some()
        self._batcher.flush_if_due()
        self._retirement.when_many()

    def take_quiet_ends(self, below: bytes | None = None) -> None:
        """Look at unfinished ends of files that have been quiet for long enough; `below`: at all ends in this place.

        Raises:
            StoreError: the store could not take it.
        """
        for path, folder_no in self._delayed.due(below):
            self._await_identification(path, folder_no)
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

    def _await_identification(self, path: bytes, folder_no: int) -> None:
        if path not in self._fresh_paths and not self._delayed.holds(path):
            self._fresh_paths.add(path)
            self._fresh.append((path, folder_no))

    def _read(self, tracked: Tracked, *, final: bool = False) -> bool:
        """Take one turn of a file; return whether more is there."""
        more = not tracked.gone and self._read_turn(tracked, final=final)
        if not more and tracked.start_head:
            self._starting.discard(tracked.start_head)
            tracked.start_head = b""
        return more

    def _read_turn(self, tracked: Tracked, *, final: bool) -> bool:
        try:
            with opened(tracked.path) as (descriptor, facts):
                checkpoint = tracked.checkpoint
                if checkpoint is not None and (checkpoint.device, checkpoint.inode) != facts.identity:
                    self._await_identification(tracked.path, tracked.folder_no)
                    return False
                return self._take_turn(tracked, descriptor, facts, final=final)
        except Unreadable as error:
            self._cannot_read(tracked.path, tracked, error)
        except OSError as error:
            self._cannot_read(tracked.path, tracked, Unreadable(error.strerror or str(error), missing=False))
        return False

    def _take_turn(self, tracked: Tracked, descriptor: int, facts: FileFacts, *, final: bool) -> bool:
        turn = self._tail.read(tracked, descriptor, facts, final=final)
        if turn.rewritten:
            self.enqueue(self._restart(tracked, facts))
            return False
        if tracked.trouble is not None or turn.trouble is not None:
            self._set_trouble(tracked, turn.trouble)
        if turn.trouble is not None:
            self.unreadable[tracked.path] = turn.trouble
        if turn.torn or (turn.batches and not tracked.is_document):
            self.active[tracked] = time.monotonic()
        if turn.batches:
            self.book.note(tracked)
            self._batcher.add(turn.batches, tracked.folder_no)
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

    def _identify_some(self) -> None:
        made: list[Made] = []
        for _ in range(min(_IDENTIFIED_AT_ONCE, len(self._fresh))):
            path, folder_no = self._fresh.popleft()
            self._fresh_paths.discard(path)
            try:
                with opened(path) as (descriptor, facts):
                    quiet, old = self._delayed.is_quiet(path, facts), self._delayed.is_old(path)
                    newcomer = Newcomer(path, folder_no, content_of(path, descriptor), facts, quiet, old)
                    self._settle(newcomer, made)
            except Unreadable as error:
                self._cannot_read(path, self.book.at(path), error, folder_no)
            except OSError as error:
                reason = Unreadable(error.strerror or str(error), missing=False)
                self._cannot_read(path, self.book.at(path), reason, folder_no)
        self._add_rows(made)

    def _settle(self, newcomer: Newcomer, made: list[Made]) -> None:
        """Act on what a newcomer is."""
        answer = self._identifier.identify(newcomer)
        if answer.kind == "wait":
            self._delayed.postpone(newcomer.path, newcomer.folder_no, newcomer.facts)
            return
        self._delayed.drop(newcomer.path)
        if answer.head:
            if answer.head in self._starting:
                self._await_identification(newcomer.path, newcomer.folder_no)
                return
            self._starting.add(answer.head)
        source = answer.source
        if answer.kind in ("same", "takes over") and source is not None:
            if source.gone or source.path != newcomer.path:
                self.book.place(source, newcomer.path, newcomer.folder_no)
                self._sources.move(source.source_no, newcomer.path, newcomer.folder_no)
            self._go_on(source, answer.checkpoint)
        elif answer.kind == "new" and source is not None:
            shared = self.book.knows(source.lineage)
            generation = self.book.next_generation(source.lineage)
            source.start_head = answer.head
            self._go_on(source, beginning(generation, newcomer.facts) if shared else None)
        elif answer.kind in ("new", "copy"):
            made.append(Made(newcomer, answer))
        elif answer.kind == "cut off":
            reason = Unreadable(CUT_OFF, missing=False)
            self._cannot_read(newcomer.path, self.book.at(newcomer.path), reason, newcomer.folder_no)
            unread = self.book.at(newcomer.path)
            if unread is not None:
                unread.facts = newcomer.facts  # as long as it stays so there is no need to look again

    def _go_on(self, source: Tracked, checkpoint: Checkpoint | None) -> None:
        if checkpoint is not None:
            source.checkpoint = checkpoint
            self.book.note(source)
            self._batcher.add([only_checkpoint(source, checkpoint)])
        self.enqueue(source)

    def _add_rows(self, made: list[Made]) -> None:
        rows = [(one.newcomer.folder_no, one.newcomer.path, new_lineage()) for one in made]
        numbers = self._sources.add_many(rows)
        for one, number, (folder_no, path, lineage) in zip(made, numbers, rows, strict=True):
            tracked = Tracked(number, folder_no, path, lineage, start_head=one.answer.head)
            self.book.add(tracked)
            self._go_on(tracked, one.answer.checkpoint)

    def _cannot_read(self, path: bytes, tracked: Tracked | None, error: Unreadable, folder_no: int = 0) -> None:
        if error.missing:
            self._delayed.drop(path)
            self.unreadable.pop(path, None)
            if tracked is not None:
                self._lose(tracked)
            return
        self.unreadable[path] = error.reason
        if tracked is None:
            number, lineage = 0, new_lineage()
            number = self._sources.add_many([(folder_no, path, lineage)])[0]
            tracked = Tracked(number, folder_no, path, lineage)
            self.book.add(tracked)
        self._set_trouble(tracked, error.reason)

    def _set_trouble(self, tracked: Tracked, reason: str | None) -> None:
        if tracked.trouble != reason:
            tracked.trouble = reason
            self._sources.set_state(tracked.source_no, "unreadable" if reason else "ok", reason)
        if reason is None:
            self.unreadable.pop(tracked.path, None)


def _is_itself(tracked: Tracked, facts: FileFacts | None) -> bool:
    """Return whether the file at the source's path is still the source's."""
    checkpoint = tracked.checkpoint
    return facts is not None and (checkpoint is None or facts.identity == (checkpoint.device, checkpoint.inode))
