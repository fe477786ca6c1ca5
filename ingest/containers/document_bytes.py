"""The bytes of a whole document, from the first to the last, a piece at a time, measured and hashed on the way."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from ingest.containers.content import CUT_OFF, Content
from ingest.decode import Undecodable

DOCUMENT_LIMIT: Final = 64 << 20
"""Largest document in bytes, unpacked."""

TOO_LARGE: Final = f"larger than {DOCUMENT_LIMIT >> 20} MiB: write one event a line (.jsonl) instead"


class DocumentBytes:
    """Reads what a document's file holds, once; `size` is what it has, None where only its end tells (compressed)."""

    def __init__(self, content: Content, size: int | None) -> None:
        """Begin before the first byte.

        Raises:
            Undecodable: it is too large.
        """
        if size is not None and size > DOCUMENT_LIMIT:
            raise Undecodable(TOO_LARGE)
        self.content = content
        """What is read; it may be given another descriptor of the same file."""
        self.position = 0
        """Bytes read so far."""
        self._size = size
        self._hash = blake2b(digest_size=16)

    @property
    def digest(self) -> bytes:
        """Hash of the bytes read so far."""
        return self._hash.digest()

    def next(self, size: int) -> bytes:
        """Return what comes next, at most `size` bytes; none: the end was met, and everything is there.

        Raises:
            Undecodable: it is too large, or its end cannot be had.
            OSError: reading failed.
        """
        wanted = size if self._size is None else min(size, self._size - self.position)
        data = self.content.read(wanted, self.position) if wanted else b""
        self.position += len(data)
        self._hash.update(data)
        if self.position > DOCUMENT_LIMIT:
            raise Undecodable(TOO_LARGE)
        if len(data) < wanted and (self.content.fault is not None or self.content.cut_off):
            raise Undecodable(self.content.fault or CUT_OFF)
        if not data and self._size is not None and self.position < self._size:
            raise Undecodable("cut off: the file became shorter")
        return data
