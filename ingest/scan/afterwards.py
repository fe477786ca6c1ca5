"""What becomes of a finished file once its events are safe on the disk: kept where it is, moved away, or deleted.

A file may be replaced at any moment. It is therefore first renamed, to a name that is read like its own, and only then
looked at: what was read goes, and anything else is put back. A name that is taken is never written over.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Sequence
from typing import Final

from ingest.scan.opening import FileFacts, look_at
from store.sources import Folder

DELETE: Final = "delete"
MOVE: Final = "move "
_TRIES: Final = 1_000
_NUMBERS: Final = 100_000


class Afterwards:
    """Carries out the setting `ingest.after`."""

    def __init__(self, wish: str) -> None:
        """Take `keep`, `delete` or `move FOLDER`, the folder being a whole path."""
        self.deletes = wish == DELETE
        self.target = os.path.realpath(os.fsencode(wish.removeprefix(MOVE))) if wish.startswith(MOVE) else None

    @property
    def keeps(self) -> bool:
        """Whether files stay where they are, so that there is nothing to be done."""
        return not self.deletes and self.target is None

    @property
    def done_to_it(self) -> str:
        """What is done to a file, as in `it is not …`."""
        return "deleted" if self.deletes else "moved"

    def see_off(self, path: bytes, facts: FileFacts, folder: Folder, watched: Sequence[Folder]) -> str | None:
        """Delete or move a file that is as `facts` say; return why it stays, None: it is no longer there.

        Only what was found in a watched folder goes: a file that was named itself, or is read one time, is its owner's.
        """
        inside = path.startswith(folder.path.rstrip(b"/") + b"/")
        if folder.mode != "watch" or folder.kind != "folder" or not inside:
            return f"it is not {self.done_to_it}: only files found in watched folders are"
        if self.target is not None:
            place = self.target
            if any(_lies_in(place, other.path) for other in watched if other.kind == "folder"):
                return "it is not moved: the folder to move to lies in a watched one, name another in ingest.after"
        try:
            return self._see_off(path, facts, folder)
        except OSError as error:
            return f"it could not be {self.done_to_it}: {error.strerror or error}"

    def _see_off(self, path: bytes, facts: FileFacts, folder: Folder) -> str | None:
        if look_at(path) != facts:
            return f"it is not {self.done_to_it}: it has changed since it was read"
        taken = _free_name(path)
        os.rename(path, taken)
        found = look_at(taken)
        if found is None or (found.identity, found.size, found.mtime_ns) != (
            facts.identity, facts.size, facts.mtime_ns,
        ):  # fmt: skip
            _put_back(taken, path)
            return f"it is not {self.done_to_it}: it has changed since it was read"
        try:
            if self.target is None:
                os.unlink(taken)
            else:
                _move(taken, os.path.join(self.target, os.path.relpath(path, folder.path)))
        except OSError:
            _put_back(taken, path)
            raise
        return None


def _lies_in(path: bytes, folder: bytes) -> bool:
    top = os.path.realpath(folder)
    return path == top or path.startswith(top.rstrip(b"/") + b"/")


def _free_name(path: bytes) -> bytes:
    """Return a free name beside the file that is read like a rotated one: whatever happens, the file is not hidden."""
    for _ in range(_TRIES):
        name = path + b".%d" % secrets.randbelow(_NUMBERS)
        if not os.path.lexists(name):
            return name
    raise FileExistsError(None, "no free name beside it")


def _put_back(taken: bytes, path: bytes) -> None:
    """Give a file its name back; where that was given to another meanwhile, it stays under the name it has."""
    try:
        os.link(taken, path, follow_symlinks=False)
    except FileExistsError:
        return
    except OSError:  # a file system without links
        if not os.path.lexists(path):
            os.rename(taken, path)
        return
    os.unlink(taken)


def _move(taken: bytes, wanted: bytes) -> None:
    """Move a file to a name, or to that name with a number behind it; on another disk, by a copy that is safe there."""
    os.makedirs(os.path.dirname(wanted), exist_ok=True)
    for number in range(_TRIES):
        target = wanted + (b".%d" % number if number else b"")
        try:
            os.link(taken, target, follow_symlinks=False)
        except FileExistsError:
            continue
        except OSError:
            if not _copied(taken, target):
                continue
        os.unlink(taken)
        return
    raise FileExistsError(None, "there are a thousand files of that name already")


def _copied(taken: bytes, target: bytes) -> bool:
    """Copy a file and wait until it is on the disk; False: the name is taken."""
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        return False
    try:
        with open(taken, "rb") as source, os.fdopen(descriptor, "wb") as copy:
            shutil.copyfileobj(source, copy)
            copy.flush()
            os.fsync(copy.fileno())
        shutil.copystat(taken, target)
        _flush_folder(os.path.dirname(target))
    except OSError:
        os.unlink(target)
        raise
    return True


def _flush_folder(folder: bytes) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
