"""Files of one record a line: complete lines in chunks, and lines that are too long to be held.

A line counts as complete once its newline is there. A line of up to `LINE_LIMIT` bytes is kept whole; a longer one is
measured and hashed as it streams by, so that a hostile or broken file costs no memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from ingest.containers.content import Content

LINE_LIMIT: Final = 1 << 20
"""Longest line in bytes, without its newline, that is kept whole."""

PREFIX_LIMIT: Final = 1 << 16
"""Bytes of an over-long line from which its shown beginning is made."""

_READ: Final = LINE_LIMIT + 1


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole lines. `body` lacks the last newline; `size` is what was consumed, newline included.

    `rest` is what stands after the last newline, and `long_line` says that it can only be the start of a line beyond
    the limit. `full` says that there may be more to be read. A chunk without any whole line has size 0.
    """

    body: bytes
    size: int
    rest: bytes
    long_line: bool
    full: bool


def read_chunk(content: Content, offset: int) -> Chunk:
    """Read the whole lines at `offset`, about 1 MiB of them.

    Raises:
        OSError: reading failed.
    """
    data = content.read(_READ, offset)
    full = len(data) == _READ
    end = data.rfind(b"\n")
    if end < 0:
        return Chunk(b"", 0, data, long_line=full, full=full)
    return Chunk(data[:end], end + 1, data[end + 1 :], long_line=False, full=full)


class LongLine:
    """A line beyond the limit, measured without being held. It can be continued as the file grows."""

    def __init__(self, start: int) -> None:
        """Begin at the line's first byte."""
        self.start = start
        self.size = 0
        """Bytes measured so far, without the newline."""
        self.prefix = b""
        self.complete = False
        self._hash = blake2b(digest_size=32)

    @property
    def digest(self) -> str:
        """BLAKE2b-256 of the bytes measured so far, in hex."""
        return self._hash.hexdigest()

    def measure(self, content: Content) -> bool:
        """Go on to the newline, or to the present end of what the file holds; return whether the newline was met.

        Raises:
            OSError: reading failed.
        """
        while not self.complete:
            data = content.read(_READ, self.start + self.size)
            if not data:
                return False
            self._take(data)
        return True

    def feed(self, buffer: bytearray) -> bool:
        """Take the line's next bytes out of `buffer`, and its newline; return whether the newline was met."""
        taken = self._take(buffer)
        del buffer[: taken + int(self.complete)]
        return self.complete

    def _take(self, data: bytes | bytearray) -> int:
        end = data.find(b"\n")
        self.complete = end >= 0
        part = bytes(data[:end]) if self.complete else bytes(data)
        self.prefix += part[: PREFIX_LIMIT - len(self.prefix)]
        self._hash.update(part)
        self.size += len(part)
        return len(part)
