"""Sees to it that files that are done with cost a small row and some hashes, not a full row and an object."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from typing import Final

from ingest.scan.afterwards import Afterwards
from ingest.scan.batcher import Batcher
from ingest.scan.book import SourceBook
from ingest.scan.names import NameRules
from ingest.scan.opening import FileFacts, look_at
from ingest.scan.settled import SettledIndex, settled_file
from ingest.scan.tracked import Tracked, tracked_from
from store.settled import SettledFile
from store.store import Store

MANY: Final = 4_000
"""So many files settle at once where more are being read."""
_PAUSE_S: Final = 1.0
"""So long they may wait for one another where there is time."""
_REST_S: Final = 10.0
"""So long a line file must not grow before it can settle."""
_DOCUMENT_RESTS_S: Final = 2.0
"""So long a document must not change before it is moved or deleted."""
_ASK_AGAIN_S: Final = 10.0
"""So often is asked whether a file that stays for its records in the quarantine still has any there."""
_FORGET_EVERY_S: Final = 3600.0


class Retirement:
    """Settles sources in crowds."""

    def __init__(self, store: Store, rules: NameRules, batcher: Batcher, after: str) -> None:
        """Load what the store knows; `after` is the setting `ingest.after`.

        Raises:
            StoreError: the store cannot be read.
        """
        self.book = SourceBook(tracked_from(store.sources.known()), SettledIndex(store.settled), rules)
        self._after = Afterwards(after)
        self._sources = store.sources
        self._rows = store.settled
        self._batcher = batcher
        self._ready: dict[Tracked, None] = {}
        self._resting: deque[tuple[float, Tracked]] = deque()
        self._seen_off: set[Tracked] = set()
        self._refused: dict[Tracked, None] = {}
        self._due = 0.0
        self._ask_due = 0.0
        self._forget_due = 0.0
        if self._after.keeps:
            self._sources.forget_why_files_stay()
        for tracked in self.book:
            self.consider(tracked)

    def consider(self, tracked: Tracked) -> None:
        """Take note of a source of which nothing is left to be read, or that is gone."""
        checkpoint = tracked.checkpoint
        if checkpoint is None or (checkpoint.line > 1 and (self._after.keeps or tracked.gone)):
            return
        if tracked.gone or (checkpoint.settled and self._after.keeps):
            self._ready[tracked] = None
        else:
            rest_s = _DOCUMENT_RESTS_S if checkpoint.settled else _REST_S
            self._resting.append((time.monotonic() + rest_s, tracked))

    def when_many(self) -> None:
        """Settle what is done with, if that is enough for a transaction of its own.

        Raises:
            StoreError: the store could not take it; nothing is lost.
        """
        if len(self._ready) >= MANY:
            self._settle()

    def some(self, *, at_once: bool = False) -> None:
        """Settle what is done with, now and then, or at once whatever there is.

        Raises:
            StoreError: the store could not take it; nothing is lost.
        """
        now = time.monotonic()
        if self._refused and (at_once or now >= self._ask_due):
            self._ask_due = now + _ASK_AGAIN_S
            self._ask_again()
        while self._resting and (at_once or self._resting[0][0] <= now):
            self._ready[self._resting.popleft()[1]] = None
        if self._ready and (at_once or now >= self._due):
            self._due = now + _PAUSE_S
            self._settle()
        if now >= self._forget_due:
            self._forget_due = now + _FORGET_EVERY_S
            self._rows.forget_long_gone()

    def lose(self, source_nos: Sequence[int]) -> None:
        """Mark settled files as gone.

        Raises:
            StoreError: the store could not take it.
        """
        files = [file for file in map(self._rows.get, source_nos) if file is not None and not file.gone]
        self._rows.mark_gone([file.source_no for file in files])
        for file in files:
            self.book.settled.lose(file)

    def _settle(self) -> None:
        self._batcher.flush()  # what the store is asked to forget the details of must be there
        some = list(self._ready)[:MANY]
        if not self._after.keeps:
            self._see_off(some)
        files = {file.source_no: (file, tracked) for tracked in some if (file := self._as_settled(tracked)) is not None}
        done = self._rows.settle([file for file, _ in files.values()])
        for file in done:
            tracked = files[file.source_no][1]
            self.book.retire(tracked, file)
            if tracked in self._seen_off:
                self.book.settled.forget_inode(file)  # another file may have it at any moment
        self._seen_off.clear()
        for tracked in some:
            del self._ready[tracked]

    def _see_off(self, some: Sequence[Tracked]) -> None:
        """Move or delete finished documents, but nothing before what they gave is safe from a loss of power."""
        self._rows.make_durable()
        folders = {folder.folder_no: folder for folder in self._sources.folders()}
        refused = self._rows.quarantined([tracked.source_no for tracked in some])
        for tracked in some:
            facts = self._facts_of(tracked)
            folder = folders.get(tracked.folder_no)
            if tracked.gone or facts is None or folder is None or tracked.trouble is not None:
                continue
            why = self._why_it_stays(tracked, refused)
            if why is None:
                why = self._after.see_off(tracked.path, facts, folder, list(folders.values()))
            if why is None:
                self.book.lose(tracked)
                self._seen_off.add(tracked)
            else:
                self._sources.set_state(tracked.source_no, "ok", why)
        self._sources.mark_gone([tracked.source_no for tracked in self._seen_off])

    def _ask_again(self) -> None:
        """Consider files anew whose records have left the quarantine since."""
        some = list(self._refused)[:MANY]
        still = self._rows.quarantined([tracked.source_no for tracked in some])
        for tracked in some:
            del self._refused[tracked]
            if tracked not in self.book or tracked.gone:
                continue
            if tracked.source_no in still:
                self._refused[tracked] = None  # behind the others
            else:
                self.consider(tracked)

    def _why_it_stays(self, tracked: Tracked, refused: set[int]) -> str | None:
        if tracked.source_no in refused:
            self._refused[tracked] = None
            return f"it is not {self._after.done_to_it}: records of it are in the quarantine"
        if tracked.checkpoint is None or not tracked.checkpoint.settled:
            return f"it is not {self._after.done_to_it}: lines may still be added to it"
        return None

    def _facts_of(self, tracked: Tracked) -> FileFacts | None:
        """Return how a source's file was when all of it was read; None: not all is."""
        if tracked.queued or tracked.quiet_at or tracked not in self.book:
            return None  # it comes again when it has been read
        if tracked.facts is not None:
            return tracked.facts
        facts = look_at(tracked.path)  # it was read by a process before this one
        return facts if facts is not None and tracked.unchanged(facts) else None

    def _as_settled(self, tracked: Tracked) -> SettledFile | None:
        if tracked.gone and tracked in self.book:
            return settled_file(tracked, None)
        facts = self._facts_of(tracked)
        return None if facts is None or tracked.gone else settled_file(tracked, facts)
