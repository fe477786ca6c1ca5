"""Opens files without ever blocking, following a link, or reading what is no regular file."""

from __future__ import annotations

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

_FLAGS: Final = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NOCTTY


class Unreadable(OSError):  # noqa: N818 (it names what the file is)
    """A file cannot be read; the text is one line that says why. `missing`: it is not there any more."""

    def __init__(self, reason: str, *, missing: bool) -> None:
        """Keep both."""
        super().__init__(reason)
        self.reason = reason
        self.missing = missing


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the system says of a file; times are nanoseconds since 1970."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int
    owner: int
    """Numeric user id."""

    @property
    def identity(self) -> tuple[int, int]:
        """Device and inode."""
        return (self.device, self.inode)


def facts_of(found: os.stat_result) -> FileFacts:
    """Return what matters of a stat result."""
    return FileFacts(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_uid)


def look_at(path: bytes) -> FileFacts | None:
    """Return the facts of the regular file at `path`; None: there is none."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return facts_of(found) if stat.S_ISREG(found.st_mode) else None


@contextmanager
def opened(path: bytes) -> Generator[tuple[int, FileFacts]]:
    """Give an open descriptor and the facts of exactly this file.

    Raises:
        Unreadable: it is missing, not permitted, or no regular file.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as error:
        raise _unreadable(error, path) from error
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable("not a regular file: only plain files are read", missing=False)
        yield descriptor, facts_of(found)
    finally:
        os.close(descriptor)


def _unreadable(error: OSError, path: bytes) -> Unreadable:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Unreadable("it is not there any more", missing=True)
    if isinstance(error, PermissionError):
        return Unreadable("permission denied: let this user read it", missing=False)
    if os.path.islink(path):
        return Unreadable("a symbolic link: links are not followed, name its target instead", missing=False)
    return Unreadable(error.strerror or str(error), missing=False)
