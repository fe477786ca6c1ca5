"""The records of a document: whole, or measured where they are too large to be held."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from ingest.containers.lines import PREFIX_LIMIT

RECORD_LIMIT: Final = 4 << 20
"""Largest record of a document in bytes that is kept whole. In memory it may be thirty times as large."""


@dataclass(frozen=True, slots=True)
class Element:
    """One record of a document and the byte offset at which it starts."""

    offset: int
    raw: bytes

    @property
    def size(self) -> int:
        """Bytes of the record."""
        return len(self.raw)


@dataclass(frozen=True, slots=True)
class LongElement:
    """A record of more than `RECORD_LIMIT` bytes, which is not kept."""

    offset: int
    size: int
    digest: str
    """BLAKE2b-256 of its bytes, in hex."""
    prefix: bytes
    """Its first `PREFIX_LIMIT` bytes."""


Record = Element | LongElement


class Measure:
    """Measures a record as its bytes go by."""

    def __init__(self, offset: int) -> None:
        """Begin with the record at this place, of which nothing has come yet."""
        self._offset = offset
        self._size = 0
        self._prefix = b""
        self._hash = blake2b(digest_size=32)

    def take(self, part: bytes) -> None:
        """Take its next bytes."""
        self._hash.update(part)
        self._size += len(part)
        self._prefix += part[: PREFIX_LIMIT - len(self._prefix)]

    def element(self) -> LongElement:
        """Return what was measured."""
        return LongElement(self._offset, self._size, self._hash.hexdigest(), self._prefix)


def long_element(offset: int, raw: bytes) -> LongElement:
    """Return the measures of a record that lies in memory."""
    measure = Measure(offset)
    measure.take(raw)
    return measure.element()
