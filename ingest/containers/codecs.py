"""The two ways in which files are compressed, behind one small face: gzip members and Zstandard frames."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from typing import Any, Final, Protocol

STEP: Final = 1 << 18
"""At most so many bytes are unpacked at once, however small the input is that they come from."""
_WINDOW_LOG: Final = 27
"""Zstandard files may ask for 128 MiB of memory, as much as the `zstd` tool grants without being told otherwise."""
_GZIP: Final = 31
"""Tells zlib to expect a gzip header and to check length and sum at the end."""
_MAGIC: Final = {b".gz": b"\x1f\x8b", b".zst": b"\x28\xb5\x2f\xfd"}


class Damaged(ValueError):  # noqa: N818 (it says what the stream is)
    """The compressed bytes are wrong; the text says how."""


class Unit(Protocol):
    """One gzip member or Zstandard frame; a file holds any number of them, one after the other."""

    ended: bool
    """Whether its end was met; what was fed beyond it is in `left`."""
    hungry: bool
    """Whether it gives nothing more before it is fed again."""
    left: bytes

    def feed(self, data: bytes) -> bytes:
        """Take compressed bytes (none where it is not hungry), give at most `STEP` bytes of what they hold.

        Raises:
            Damaged: they are no such thing.
        """
        ...


class GzipMember:
    """A member of a gzip file."""

    def __init__(self) -> None:
        """Begin before its header."""
        self.ended = False
        self.hungry = True
        self.left = b""
        self._decoder = zlib.decompressobj(_GZIP)
        self._waiting = b""
        self._damage: str | None = None

    def feed(self, data: bytes) -> bytes:
        """See `Unit`. What stands before a fault is given first; the fault is raised when more is asked for."""
        if self._damage is not None:
            raise Damaged(self._damage)
        waiting, before = self._waiting + data, self._decoder.copy()
        try:
            given = self._decoder.decompress(waiting, STEP)
        except zlib.error as error:
            self._damage, self.hungry = str(error), False
            return _until_it_fails(before, waiting)
        self._waiting = self._decoder.unconsumed_tail
        self.ended, self.left = self._decoder.eof, self._decoder.unused_data
        self.hungry = not self._waiting and len(given) < STEP
        return given


def _until_it_fails(decoder: Any, data: bytes) -> bytes:
    """Return what the bytes before the fault hold: zlib keeps it to itself where both come in one call."""
    given = bytearray()
    try:
        for at in range(len(data)):
            given += decoder.decompress(data[at : at + 1])
    except zlib.error:
        pass
    return bytes(given)


class ZstdFrame:
    """A frame of a Zstandard file."""

    def __init__(self) -> None:
        """Begin before its header; the library is loaded here, for most runs meet no such file."""
        if sys.version_info >= (3, 14):
            from compression import zstd  # noqa: PLC0415 (see above)
        else:
            from backports import zstd  # noqa: PLC0415 (see above)
        self.ended = False
        self.hungry = True
        self.left = b""
        self._error: type[Exception] = zstd.ZstdError
        self._decoder: Any = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG})

    def feed(self, data: bytes) -> bytes:
        """See `Unit`."""
        try:
            given: bytes = self._decoder.decompress(data, STEP)
        except self._error as error:
            raise Damaged(str(error)) from error
        self.ended = self._decoder.eof
        self.left = self._decoder.unused_data if self.ended else b""
        self.hungry = not self.ended and self._decoder.needs_input
        return given


_UNITS: Final[dict[bytes, Callable[[], Unit]]] = {b".gz": GzipMember, b".zst": ZstdFrame}


def unit_of(suffix: bytes) -> Callable[[], Unit]:
    """Return what unpacks a file with this suffix (`.gz` or `.zst`)."""
    return _UNITS[suffix]


def may_begin(suffix: bytes, data: bytes) -> bool:
    """Return whether a unit of such a file may begin with these bytes: at first sight, so that the reason is clear."""
    magic = _MAGIC[suffix]
    if suffix == b".zst" and data[1:4] == b"\x2a\x4d\x18"[: len(data) - 1] and data[:1] and data[0] >> 4 == 5:  # noqa: PLR2004
        return True  # a frame that holds nothing but notes
    return data.startswith(magic[: len(data)])
