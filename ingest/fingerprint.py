"""Short hashes by which a file, and a record, is known again."""

from __future__ import annotations

import os
from hashlib import blake2b
from typing import Final

from ingest.containers.content import Content

HEAD_LIMIT: Final = 1024
"""Bytes at a file's start that are hashed; the length used is stored and grows with the file."""
TAIL_LIMIT: Final = 256
"""Bytes before the offset that are hashed."""

LINEAGE_SIZE: Final = 16
DIGEST_SIZE: Final = 10
"""Bytes of a record's digest."""
_MARK_SIZE: Final = 12
ONLY_A_MARK: Final = b"?"
"""Stands for a checkpoint's tail where its head is a mark of both ends."""


def new_lineage() -> bytes:
    """Return the random id of a file that was never seen before."""
    return os.urandom(LINEAGE_SIZE)


def short_hash(data: bytes) -> bytes:
    """Return 16 bytes of BLAKE2b; of no bytes: empty."""
    return blake2b(data, digest_size=16).digest() if data else b""


def head_of(content: Content, size: int) -> bytes:
    """Return the hash of the first `size` bytes (at most `HEAD_LIMIT`).

    Raises:
        OSError: reading failed.
    """
    return short_hash(content.read(size, 0))


def tail_of(content: Content, offset: int) -> bytes:
    """Return the hash of the last (at most `TAIL_LIMIT`) bytes before `offset`.

    Raises:
        OSError: reading failed.
    """
    start = max(0, offset - TAIL_LIMIT)
    return short_hash(content.read(offset - start, start))


def mark_of(head: bytes, tail: bytes) -> bytes:
    """Return both ends of what was read as one short hash, which is all that is kept of a file that has settled."""
    return short_hash(head + tail)[:_MARK_SIZE]


class RecordHash:
    """Makes the 80-bit digests of a source's records: hash(lineage, generation, record bytes, kind).

    Whole documents have no generation (None): a rewrite adds only elements that are new.
    """

    def __init__(self, lineage: bytes, generation: int | None) -> None:
        """Prepare the part that all records share; its length is fixed, so nothing can be shifted into it."""
        mark = b"\xff" * 8 if generation is None else generation.to_bytes(8, "big")
        self.seed = blake2b(lineage + mark, digest_size=DIGEST_SIZE)
        """Copy, update with the record's bytes, digest: that is kind 0, spelled out in the hot path."""

    def of(self, record: bytes) -> bytes:
        """Return the digest of a record's first event."""
        state = self.seed.copy()
        state.update(record)
        return state.digest()


def of_kind(digest: bytes, kind: int) -> bytes:
    """Return the digest of a record's further event number `kind` (from 1)."""
    return blake2b(digest + kind.to_bytes(4, "big"), digest_size=DIGEST_SIZE).digest()
