"""Finds where in its folder a file went whose place another one has taken, by its inode.

Many files may be replaced at once. Which ones will be looked for is therefore said as soon as it is noticed, and one
listing of a folder answers for all of them: what has left a place before the listing began is seen in it elsewhere.
"""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from ingest.scan.names import NameRules
from ingest.scan.opening import look_at

_MOST: Final = 20_000
"""So many files are looked for at once; a folder is listed once more for one that was forgotten."""


@dataclass(slots=True)
class _Question:
    """Where the file with this inode went that was at `path`."""

    path: bytes
    inode: int
    answered: bool = False
    found: bytes | None = None


class Beside:
    """Answers for folders that are listed as rarely as can be."""

    def __init__(self, rules: NameRules) -> None:
        """Find only what `rules` accept."""
        self._rules = rules
        self._asked: dict[bytes, dict[bytes, _Question]] = {}
        self._number = 0

    def expect(self, path: bytes, inode: int) -> None:
        """Take note that the file with this inode is no longer at `path`, and will be asked for."""
        if self._number >= _MOST:
            self._asked.clear()
            self._number = 0
        self.drop(path)
        self._asked.setdefault(os.path.dirname(path), {})[path] = _Question(path, inode)
        self._number += 1

    def drop(self, path: bytes) -> None:
        """Forget what was at `path`: it is known what became of it."""
        folder = os.path.dirname(path)
        some = self._asked.get(folder)
        if some is not None and some.pop(path, None) is not None:
            self._number -= 1
            if not some:
                del self._asked[folder]

    def find(self, path: bytes, inode: int) -> bytes | None:
        """Return where in the same folder the file with this inode now lies; None: not there."""
        question = self._asked.get(os.path.dirname(path), {}).get(path)
        if question is None or question.inode != inode:
            question = _Question(path, inode)
        if not question.answered or not _stands(question):
            self._list(question)
        return question.found

    def _list(self, question: _Question) -> None:
        """Answer a question, and all others about its folder with it."""
        folder = os.path.dirname(question.path)
        wanted: defaultdict[int, list[_Question]] = defaultdict(list)
        question.answered, question.found = False, None
        for one in {id(one): one for one in (*self._asked.get(folder, {}).values(), question)}.values():
            if not one.answered:
                wanted[one.inode].append(one)
        try:
            with os.scandir(folder or b".") as entries:
                for entry in entries:
                    for one in wanted.get(entry.inode(), ()):
                        if entry.path != one.path and self._rules.reads(entry.name):
                            one.found = entry.path
        except OSError:
            return  # a folder that cannot be listed shows nothing; it is asked again for the others
        for some in wanted.values():
            for one in some:
                one.answered = True


def _stands(question: _Question) -> bool:
    """Return whether an answer still holds; one that says that the file is gone does."""
    facts = None if question.found is None else look_at(question.found)
    return question.found is None or (facts is not None and facts.inode == question.inode)
