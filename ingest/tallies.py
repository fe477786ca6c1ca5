"""Counts how often hashes came, in a dozen bytes for each: a document may have millions of records."""

from __future__ import annotations

from typing import Final

_PREFIX: Final = 2
_COUNT: Final = 4


class HashTally:
    """How often each of many hashes of one size came."""

    def __init__(self, size: int) -> None:
        """Begin with none; each hash has `size` bytes."""
        self._rest = size - _PREFIX
        self._stride = self._rest + _COUNT
        self._buckets: dict[bytes, bytearray] = {}
        """Rest of the hash and its count, one after the other, by the hash's first bytes."""
        self.total = 0
        """Of all hashes together."""

    def __contains__(self, digest: bytes) -> bool:
        """Return whether a hash was counted, and not taken away again."""
        bucket = self._buckets.get(digest[:_PREFIX])
        at = -1 if bucket is None else self._find(bucket, digest)
        return bucket is not None and at >= 0 and self._change(bucket, at, 0) > 0

    def add(self, digest: bytes) -> int:
        """Count a hash once more; return how often it had come before."""
        self.total += 1
        bucket = self._buckets.get(digest[:_PREFIX])
        if bucket is None:
            bucket = self._buckets[digest[:_PREFIX]] = bytearray()
        at = self._find(bucket, digest)
        if at < 0:
            bucket += digest[_PREFIX:] + b"\x01\x00\x00\x00"
            return 0
        return self._change(bucket, at, 1) - 1

    def take(self, digest: bytes) -> bool:
        """Count a hash once less; False: it is not there."""
        bucket = self._buckets.get(digest[:_PREFIX])
        at = -1 if bucket is None else self._find(bucket, digest)
        if bucket is None or at < 0 or self._change(bucket, at, 0) == 0:
            return False
        self._change(bucket, at, -1)
        self.total -= 1
        return True

    def _find(self, bucket: bytearray, digest: bytes) -> int:
        rest = digest[_PREFIX:]
        at = bucket.find(rest)
        while at > 0 and at % self._stride:
            at = bucket.find(rest, at + 1)
        return at

    def _change(self, bucket: bytearray, at: int, by: int) -> int:
        """Change the count of the hash that stands at this place, and return it."""
        place = slice(at + self._rest, at + self._stride)
        count = int.from_bytes(bucket[place], "little") + by
        if by:
            bucket[place] = count.to_bytes(_COUNT, "little")
        return count


KEY_SIZE: Final = 8
"""Bytes of a record's key (`ingest.pipeline.record_key`)."""


class KnownRecords:
    """Records of a document that give nothing when they come again, each as often as it is known."""

    def __init__(self, keys: bytes = b"") -> None:
        """Know the records with these keys, which stand one after the other."""
        self._keys = keys
        self._left = tally_of(keys)
        self._met = bytearray()

    def __bool__(self) -> bool:
        """Return whether there is any that was not met."""
        return self._left.total > 0

    def meets(self, key: bytes) -> bool:
        """Return whether this record is known and was not met so often before; it was, then."""
        if not self._left.take(key):
            return False
        self._met += key
        return True

    def in_order(self, most_missed: int) -> bytes:
        """Return the keys of those that were not met (the last `most_missed` of them), then of those that were."""
        missed = bytearray()
        met = tally_of(bytes(self._met))
        for at in range(0, len(self._keys), KEY_SIZE):
            key = self._keys[at : at + KEY_SIZE]
            if not met.take(key):
                missed += key
        return bytes(missed[max(0, len(missed) - most_missed * KEY_SIZE) :] + self._met)


def tally_of(keys: bytes) -> HashTally:
    """Return how often each of these keys, which stand one after the other, is there."""
    tally = HashTally(KEY_SIZE)
    for at in range(0, len(keys), KEY_SIZE):
        tally.add(keys[at : at + KEY_SIZE])
    return tally


def place_of(keys: bytes, key: bytes) -> int:
    """Return where a key stands among keys that stand one after the other; -1: nowhere."""
    at = keys.find(key)
    while at > 0 and at % KEY_SIZE:
        at = keys.find(key, at + 1)
    return at
