"""Lists the files below a folder, without following links and in bounded memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.scan.names import NameRules
from ingest.scan.opening import FileFacts, facts_of


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


def walk(root: bytes, rules: NameRules) -> Iterator[Found | Unlisted]:
    """Yield every regular file below `root` whose name is read, and every folder that cannot be listed.

    Folders whose names start with a dot are passed over, as dot-files are; `root` itself may be one.
    """
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        if not entry.name.startswith(b"."):
                            waiting.append(entry.path)
                    elif rules.reads(entry.name):
                        found = _look(entry)
                        if found is not None:
                            yield found
        except OSError as error:
            yield Unlisted(folder, error.strerror or str(error))


def inode_beside(path: bytes, inode: int, rules: NameRules) -> bytes | None:
    """Return where in the same folder a file with this inode now lies; None: not there."""
    try:
        with os.scandir(os.path.dirname(path) or b".") as entries:
            for entry in entries:
                if entry.inode() == inode and entry.path != path and rules.reads(entry.name):
                    return entry.path
    except OSError:
        return None
    return None


def _look(entry: os.DirEntry[bytes]) -> Found | None:
    try:
        if not entry.is_file(follow_symlinks=False):
            return None
        return Found(entry.path, facts_of(entry.stat(follow_symlinks=False)))
    except OSError:
        return None
