"""Files that are not identified yet: they wait for their turn, are asked what they are, and become sources.

A file that may be a copy in the making waits until it is quiet, and copies of a new file wait until that is read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ingest.containers.content import CUT_OFF, content_of
from ingest.fingerprint import new_lineage
from ingest.scan.book import SourceBook
from ingest.scan.delayed import Delayed
from ingest.scan.identify import Answer, Identifier, Newcomer
from ingest.scan.opening import Unreadable, opened
from ingest.scan.tracked import Tracked, beginning
from ingest.scan.unread import Unread
from store.batch import Checkpoint
from store.sources import SourceRegistry

_IDENTIFIED_AT_ONCE: Final = 256


@dataclass(frozen=True, slots=True)
class _Made:
    """A newcomer that needs a row of its own."""

    newcomer: Newcomer
    answer: Answer


class Newcomers:
    """The paths at hand at which no known source is read."""

    def __init__(
        self,
        book: SourceBook,
        identifier: Identifier,
        sources: SourceRegistry,
        unread: Unread,
        go_on: Callable[[Tracked, Checkpoint | None], None],
    ) -> None:
        """Start with none; `go_on` has a source read, from a checkpoint where there is one."""
        self._book = book
        self._identifier = identifier
        self._sources = sources
        self._unread = unread
        self._go_on = go_on
        self._waiting: deque[tuple[bytes, int]] = deque()
        self._paths: set[bytes] = set()
        self._delayed = Delayed()
        self._starting: set[bytes] = set()
        """What new files of several records begin with, until they are read: their copies must wait for them."""

    def __len__(self) -> int:
        """Return how many wait for their turn, without those that are left alone for now."""
        return len(self._waiting)

    def add(self, path: bytes, folder_no: int) -> None:
        """Have the file at a path identified."""
        if path not in self._paths and not self._delayed.holds(path):
            self._paths.add(path)
            self._waiting.append((path, folder_no))

    def add_delayed(self, below: bytes | None) -> None:
        """Have those asked again whose time has come; `below`: all in this place, as they are."""
        for path, folder_no in self._delayed.due(below):
            self.add(path, folder_no)

    def has_begun(self, tracked: Tracked) -> None:
        """Take note that a new file was read to its end: its copies can be told now."""
        if tracked.start_head:
            self._starting.discard(tracked.start_head)
            tracked.start_head = b""

    def identify_some(self) -> None:
        """Find out what some of them are.

        Raises:
            StoreError: the store could not take it; what was not identified is found again.
        """
        made: list[_Made] = []
        for _ in range(min(_IDENTIFIED_AT_ONCE, len(self._waiting))):
            path, folder_no = self._waiting.popleft()
            self._paths.discard(path)
            try:
                with opened(path) as (descriptor, facts):
                    quiet, old = self._delayed.is_quiet(path, facts), self._delayed.is_old(path)
                    newcomer = Newcomer(path, folder_no, content_of(path, descriptor), facts, quiet, old)
                    self._settle(newcomer, made)
            except OSError as error:
                self._cannot_read(path, folder_no, error)
            self._book.beside.drop(path)
        self._add_rows(made)

    def _settle(self, newcomer: Newcomer, made: list[_Made]) -> None:
        """Act on what a newcomer is."""
        answer = self._identifier.identify(newcomer)
        if answer.kind == "wait":
            self._delayed.postpone(newcomer.path, newcomer.folder_no, newcomer.facts)
            return
        self._delayed.drop(newcomer.path)
        if answer.head:
            if answer.head in self._starting:
                self.add(newcomer.path, newcomer.folder_no)
                return
            self._starting.add(answer.head)
        source = answer.source
        if answer.kind in ("same", "takes over") and source is not None:
            if source.gone or source.path != newcomer.path:
                self._book.place(source, newcomer.path, newcomer.folder_no)
                self._sources.move(source.source_no, newcomer.path, newcomer.folder_no)
            self._go_on(source, answer.checkpoint)
        elif answer.kind == "new" and source is not None:
            shared = self._book.knows(source.lineage)
            generation = self._book.next_generation(source.lineage)
            source.start_head = answer.head
            self._go_on(source, beginning(generation, newcomer.facts) if shared else None)
        elif answer.kind in ("new", "copy"):
            made.append(_Made(newcomer, answer))
        elif answer.kind == "cut off":
            self._cannot_read(newcomer.path, newcomer.folder_no, Unreadable(CUT_OFF, missing=False))
            unread = self._book.at(newcomer.path)
            if unread is not None:
                unread.facts = newcomer.facts  # as long as it stays so there is no need to look again

    def _cannot_read(self, path: bytes, folder_no: int, error: OSError) -> None:
        if isinstance(error, Unreadable) and error.missing:
            self._delayed.drop(path)
        self._unread.note(path, self._book.at(path), error, folder_no)

    def _add_rows(self, made: list[_Made]) -> None:
        rows = [(one.newcomer.folder_no, one.newcomer.path, new_lineage()) for one in made]
        numbers = self._sources.add_many(rows)
        for one, number, (folder_no, path, lineage) in zip(made, numbers, rows, strict=True):
            tracked = Tracked(number, folder_no, path, lineage, start_head=one.answer.head)
            self._book.add(tracked)
            self._go_on(tracked, one.answer.checkpoint)
