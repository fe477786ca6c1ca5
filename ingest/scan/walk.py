"""Lists the files below a folder, without following links and in bounded memory.

A folder that has not changed since it was listed is not listed again, unless it is its turn: the system changes a
folder's time when a name in it comes, goes or changes, but not when a file is written in place.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from ingest.scan.hashes import HashSet
from ingest.scan.names import NameRules
from ingest.scan.opening import FileFacts, facts_of, look_at
from ingest.scan.passed_over import Passed, PassedCount
from ingest.scan.settled import SettledIndex

WHOLE_EVERY: Final = 10
"""Every tenth scan looks at each file of a folder, settled or not, whatever the folder's time says."""
FEW: Final = 20_000
"""Up to so many settled files every scan looks at all of them."""
_BREATH: Final = 256
"""Entries between two answers of a walk, so that whoever asks can do something else meanwhile."""
_DOUBT_NS: Final = 3_000_000_000
"""A folder that changed so shortly before it was listed may change again without another time."""
_MOST_REMEMBERED: Final = 200_000


@dataclass(frozen=True, slots=True)
class Found:
    """A file that the rules accept."""

    path: bytes
    facts: FileFacts


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A folder that could not be listed, with the system's reason."""

    path: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class Vanished:
    """Settled files that are no longer where they were, by their numbers."""

    source_nos: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PassedBy:
    """What one folder holds that is no plain file."""

    passed: tuple[Passed, ...]


Step = Found | Unlisted | Vanished | PassedBy | None
"""What a walk gives; None: nothing yet."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """How a folder was when it was last listed: its time and inode, the folders in it, and what is no plain file."""

    mtime_ns: int
    inode: int
    folders: tuple[bytes, ...]
    passed: tuple[Passed, ...]


class Walker:
    """Walks below folders and remembers which of them need not be listed again."""

    def __init__(self, rules: NameRules, settled: SettledIndex) -> None:
        """Pass over what `settled` knows."""
        self._rules = rules
        self._settled = settled
        self._listed: dict[bytes, _Listed] = {}

    def walk(self, root: bytes, scan_no: int = 0) -> Iterator[Step]:
        """Yield every regular file below `root` whose name is read, what is passed over, and what cannot be listed.

        Left out are settled files that are as they were, and from the second scan on (`scan_no` 0: outside of scans)
        what lies in folders that are as they were. Folders whose names start with a dot are passed over, as dot-files
        are; `root` itself may be one.
        """
        waiting = [root]
        visited: set[bytes] = set()
        complete = True
        while waiting:
            folder = waiting.pop()
            visited.add(_as_directory(folder))
            try:
                found = os.stat(folder)
                known = self._listed.get(folder)
                if known is not None and not self._is_due(folder, found, known, scan_no):
                    waiting.extend(known.folders)
                    yield PassedBy(known.passed) if known.passed else None
                    continue
                looks_at_all = self._looks_at_all(folder, scan_no)
                yield from self._list(folder, found, waiting, looks_at_all=looks_at_all)
            except OSError as error:
                complete = False
                self._listed.pop(folder, None)
                yield Unlisted(folder, error.strerror or str(error))
        if complete and scan_no:
            yield from self._without_their_folder(root, visited)

    def _is_due(self, folder: bytes, found: os.stat_result, known: _Listed, scan_no: int) -> bool:
        if (found.st_mtime_ns, found.st_ino) != (known.mtime_ns, known.inode):
            return True
        return self._looks_at_all(folder, scan_no)

    def _looks_at_all(self, folder: bytes, scan_no: int) -> bool:
        return scan_no <= 1 or len(self._settled) <= FEW or is_due_to_be_looked_at(folder, scan_no)

    def _list(
        self, folder: bytes, before: os.stat_result, waiting: list[bytes], *, looks_at_all: bool
    ) -> Iterator[Step]:
        directory, settled = _as_directory(folder), self._settled
        expected = settled.count_in(directory)
        folders: list[bytes] = []
        odd = PassedCount()
        listed_ns = time.time_ns()
        seen = 0
        with os.scandir(folder) as entries:
            for number, entry in enumerate(entries):
                if number % _BREATH == 0:
                    yield None
                if expected and settled.is_listed(directory, entry.name, entry.inode()):
                    seen += 1
                    if not looks_at_all or settled.stands_as_it_was(directory, entry):
                        continue
                elif self._is_no_file(entry, folders, odd) or not self._rules.reads(entry.name):
                    continue
                facts = _facts(entry)
                if facts is not None:
                    yield Found(entry.path, facts)
        waiting.extend(folders)
        self._remember(folder, before, listed_ns, folders, odd.all())
        if passed := odd.all():
            yield PassedBy(passed)
        if seen < expected:
            yield from self._missing_from(folder)

    def _is_no_file(self, entry: os.DirEntry[bytes], folders: list[bytes], odd: PassedCount) -> bool:
        """Return whether an entry is no plain file, after taking note of it where it is a folder or odd."""
        if entry.is_dir(follow_symlinks=False):
            if not entry.name.startswith(b"."):
                folders.append(entry.path)
            return True
        if entry.is_file(follow_symlinks=False):
            return False
        if self._rules.minds(entry.name):
            odd.look_at(entry)
        return True

    def _remember(
        self,
        folder: bytes,
        before: os.stat_result,
        listed_ns: int,
        folders: list[bytes],
        passed: tuple[Passed, ...],
    ) -> None:
        certain = 0 < before.st_mtime_ns < listed_ns - _DOUBT_NS
        if certain and len(self._listed) < _MOST_REMEMBERED:
            self._listed[folder] = _Listed(before.st_mtime_ns, before.st_ino, tuple(folders), passed)
        else:
            self._listed.pop(folder, None)

    def _missing_from(self, folder: bytes) -> Iterator[Step]:
        """Yield which settled files a folder no longer has."""
        present = HashSet()
        with os.scandir(folder) as entries:
            for number, entry in enumerate(entries):
                present.add(hash((entry.name, entry.inode())))
                if number % _BREATH == 0:
                    yield None
        yield from self._absent(_as_directory(folder), present)

    def _without_their_folder(self, root: bytes, visited: set[bytes]) -> Iterator[Step]:
        """Yield the settled files of folders below `root` that are gone themselves."""
        top = _as_directory(root)
        nothing = HashSet()
        for directory in self._settled.directories():
            if directory not in visited and (directory == top or directory.startswith(top + b"/")):
                yield from self._absent(directory, nothing)

    def _absent(self, directory: bytes, present: HashSet) -> Iterator[Step]:
        gone: list[int] = []
        for number, (source_no, name, inode) in enumerate(self._settled.present_in(directory)):
            if number % _BREATH == 0:
                yield Vanished(tuple(gone)) if gone else None
                gone = []
            if hash((name, inode)) not in present and not _stands(directory + b"/" + name, inode):
                gone.append(source_no)
        if gone:
            yield Vanished(tuple(gone))


def is_due_to_be_looked_at(folder: bytes, scan_no: int) -> bool:
    """Return whether it is a folder's turn to be looked at whole; folders take turns, so that no scan has them all."""
    return (scan_no + crc32(folder)) % WHOLE_EVERY == 0


def _as_directory(folder: bytes) -> bytes:
    """Return a folder's path as it stands before a file's name."""
    return folder.rstrip(b"/")


def _stands(path: bytes, inode: int) -> bool:
    """Return whether the file is there after all: a folder that changes while it is listed may pass a name over."""
    facts = look_at(path)
    return facts is not None and facts.inode == inode


def _facts(entry: os.DirEntry[bytes]) -> FileFacts | None:
    try:
        if not entry.is_file(follow_symlinks=False):
            return None
        return facts_of(entry.stat(follow_symlinks=False))
    except OSError:
        return None
