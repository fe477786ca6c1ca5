"""Compressed files with something wrong, inside or outside, and what can still be had of each."""

from __future__ import annotations

import gzip
import sys
import zlib
from random import Random
from typing import Final, Protocol

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from tests.fuzz.bytes_broken import break_bytes
from tests.fuzz.specimen import Due, Specimen, broken_document, broken_lines, due_of_document, due_of_lines

_HEAD: Final = 1024
_GZIP: Final = 31
"""Tells zlib to expect a gzip header and to check the sum at the end."""


class _Decoder(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


def pack(suffix: str, data: bytes) -> bytes:
    """Compress, as one gzip member or one Zstandard frame; equal bytes give equal ones."""
    return gzip.compress(data, mtime=0) if suffix == ".gz" else zstd.compress(data)


def unpack(suffix: str, data: bytes) -> tuple[bytes, bool]:
    """Return what can be had of a compressed file, and whether that is all and nothing is wrong.

    That is what whole and cut-off members hold, and of gzip what stands before the fault of a damaged one.
    """
    found = b""
    while data := data.lstrip(b"\x00") if found else data:
        decoder: _Decoder = zlib.decompressobj(_GZIP) if suffix == ".gz" else zstd.ZstdDecompressor()
        try:
            if suffix == ".gz":
                while data and not decoder.eof:
                    found, data = found + decoder.decompress(data[:1]), data[1:]
            else:
                found += decoder.decompress(data)
                data = decoder.unused_data
        except (zlib.error, zstd.ZstdError):
            return found, False
        if not decoder.eof:
            return found, False
    return found, True


def _in_parts(chance: Random, suffix: str, data: bytes) -> bytes:
    """Compress in one or several members, as a program does that adds to a compressed log."""
    cuts = sorted({0, len(data), *(chance.randrange(len(data) + 1) for _ in range(chance.choice((0, 0, 1, 3))))})
    return b"".join(pack(suffix, data[start:end]) for start, end in zip(cuts, [*cuts[1:], None], strict=True))


def broken_packed(file: str, suffix: str, *, lines: bool) -> Specimen:
    """Return a compressed file of lines, or of an array, with something wrong; equal names give equal ones."""
    chance = Random(file)
    plain, originals = broken_lines(chance, file) if lines else broken_document(chance, file, "array")
    data = _in_parts(chance, suffix, plain)
    way = chance.randrange(8)
    if way == 0:
        data = data[: chance.randrange(len(data))]
    elif way <= 2:
        data = break_bytes(chance, data)
    elif way == 3:
        data += chance.choice((b"\x00" * 700, b"garbage", data[:20], plain, pack(".gz", plain), pack(".zst", plain)))
    elif way == 4:
        data = chance.choice((plain, pack({".gz": ".zst", ".zst": ".gz"}[suffix], plain), pack(suffix, data)))
    return Specimen(file, data, originals)


def due_of_packed(file: Specimen, suffix: str, *, lines: bool) -> Due:
    """Say what a compressed file must give: of what can be unpacked all that is due, and a reason for the rest."""
    plain, whole = unpack(suffix, file.data)
    inner = Specimen(file.name, plain, file.originals)
    if whole:
        return due_of_lines(inner) if lines else due_of_document(inner)
    if not lines:
        return Due.something(b"")
    if file.name.encode() not in plain[:_HEAD]:
        return Due.something(b"")  # it begins as others may: it could be a copy in the making, and waits to be whole
    cut = Specimen(file.name, plain[: plain.rfind(b"\n") + 1], file.originals)
    return Due(due_of_lines(cut).whole, least=0)
