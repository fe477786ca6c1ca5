"""Sets and multi-maps of 64-bit hashes for millions of entries: eight bytes each, where objects would take a hundred.

Entries lie in short arrays, chosen by the low bits of the hash; an array is searched in C.
"""

from __future__ import annotations

from array import array
from typing import Final

_BITS: Final = 16
_BUCKETS: Final = 1 << _BITS
_MASK: Final = _BUCKETS - 1
_NUMBER_BITS: Final = 32
_NUMBER_MASK: Final = (1 << _NUMBER_BITS) - 1
_TAG_MASK: Final = (1 << 31) - 1


class HashSet:
    """Holds what `hash` returns."""

    def __init__(self) -> None:
        """Start empty."""
        self._buckets: list[array[int] | None] = [None] * _BUCKETS

    def __contains__(self, entry: int) -> bool:
        """Return whether the entry is there."""
        bucket = self._buckets[entry & _MASK]
        return bucket is not None and entry in bucket

    def add(self, entry: int) -> None:
        """Take an entry in; one that is there already comes to be there twice."""
        bucket = self._buckets[entry & _MASK]
        if bucket is None:
            self._buckets[entry & _MASK] = array("q", (entry,))
        else:
            bucket.append(entry)

    def discard(self, entry: int) -> None:
        """Take an entry out once, if it is there."""
        bucket = self._buckets[entry & _MASK]
        if bucket is not None and entry in bucket:
            bucket.remove(entry)


class NumbersByHash:
    """Numbers from 0 to 2^32 - 1 that are found by a hash.

    Of a hash only 47 bits are kept: whoever finds a number looks whether it is the right one.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._buckets: list[array[int] | None] = [None] * _BUCKETS

    def add(self, key: int, number: int) -> None:
        """Note a number under a hash."""
        bucket = self._buckets[key & _MASK]
        entry = (key >> _BITS & _TAG_MASK) << _NUMBER_BITS | number
        if bucket is None:
            self._buckets[key & _MASK] = array("q", (entry,))
        else:
            bucket.append(entry)

    def discard(self, key: int, number: int) -> None:
        """Forget a number under a hash, if it is there."""
        bucket = self._buckets[key & _MASK]
        entry = (key >> _BITS & _TAG_MASK) << _NUMBER_BITS | number
        if bucket is not None and entry in bucket:
            bucket.remove(entry)

    def find(self, key: int) -> list[int]:
        """Return the numbers under a hash, and once in a blue moon one too many."""
        bucket = self._buckets[key & _MASK]
        if bucket is None:
            return []
        tag = key >> _BITS & _TAG_MASK
        return [entry & _NUMBER_MASK for entry in bucket if entry >> _NUMBER_BITS == tag]
