"""What a file holds, read by place: a plain file's own bytes, or what a compressed one unpacks to.

Offsets are always those of what it holds. A compressed file is unpacked as a stream: going on costs only what is new,
going back starts from the beginning.
"""

from __future__ import annotations

import os
import re
from typing import Final, Protocol

from ingest.containers.codecs import Damaged, may_begin, unit_of

SIZE_LIMIT: Final = 16 << 30
"""Bytes to which a compressed file may unpack."""
FREE_SIZE: Final = 256 << 20
"""So many bytes may come of however little."""
RATIO_LIMIT: Final = 500
"""Beyond `FREE_SIZE`, how many times its own size a compressed file may unpack to."""

_LOOK_BACK: Final = 1024
"""Bytes before the last place asked for that are kept: hashes of a file's beginning and of its end are made of them."""
_RAW: Final = 1 << 14
_MORSEL: Final = 512
"""Compressed bytes that are unpacked at once: what a call gave before it met a fault is lost with the fault."""
_SMALL: Final = 1 << 16
_COMPRESSED: Final = re.compile(rb"\.(?:gz|zst)$", re.IGNORECASE)

CUT_OFF: Final = "the compressed file ends in the middle: it is still being written, or was cut off"


class Content(Protocol):
    """The bytes that a file holds."""

    @property
    def cut_off(self) -> bool:
        """Whether a compressed file was met that ends before its end; more may come."""
        ...

    @property
    def fault(self) -> str | None:
        """Why nothing can be read beyond what has been given; None: nothing is wrong so far."""
        ...

    def read(self, size: int, offset: int) -> bytes:
        """Return `size` bytes from `offset` on, fewer only where no more can be had.

        Raises:
            OSError: reading failed.
        """
        ...


class PlainContent:
    """A file that is not compressed."""

    cut_off = False
    fault = None

    def __init__(self, descriptor: int) -> None:
        """Read this open file."""
        self._descriptor = descriptor

    def read(self, size: int, offset: int) -> bytes:
        """See `Content`. Room for much is made only where there is much: most files are small, and there are many."""
        first = os.pread(self._descriptor, min(size, _SMALL), offset)
        if size <= _SMALL or len(first) < _SMALL:
            return first
        return first + os.pread(self._descriptor, size - _SMALL, offset + _SMALL)


class HeldContent:
    """What lies in memory: a stream cannot be gone back in."""

    cut_off = False
    fault = None

    def __init__(self, data: bytes | bytearray) -> None:
        """Read these bytes, which do not change."""
        self._data = data

    def read(self, size: int, offset: int) -> bytes:
        """See `Content`."""
        return bytes(self._data[offset : offset + size])


class PackedContent:
    """A compressed file. It may be kept while the file grows, and be given another descriptor of the same file."""

    def __init__(self, descriptor: int, suffix: bytes) -> None:
        """Read this open file, whose name ends in `.gz` or `.zst`."""
        self._descriptor = descriptor
        self._suffix = suffix
        self._new_unit = unit_of(suffix)
        self._restart()

    @property
    def cut_off(self) -> bool:
        """See `Content`."""
        return self._starved and self.fault is None

    @property
    def unpacked(self) -> int:
        """Bytes that the file is known to hold."""
        return self._start + len(self._window)

    @property
    def held(self) -> int:
        """Bytes that are held in memory."""
        return len(self._window)

    def goes_on(self, descriptor: int) -> bool:
        """Go on with another descriptor; False: other bytes stand there than those that were unpacked."""
        if os.pread(descriptor, len(self._last_raw), self._raw - len(self._last_raw)) != self._last_raw:
            return False
        self._descriptor = descriptor
        return True

    def read(self, size: int, offset: int) -> bytes:
        """See `Content`."""
        if offset + size <= len(self._head):
            return self._head[offset : offset + size]
        if offset < self._start:
            self._restart()
        while self.unpacked < offset + size and self._advance():
            self._drop(offset)
        self._drop(offset)
        return bytes(self._window[offset - self._start : offset - self._start + size])

    def _restart(self) -> None:
        self.fault: str | None = None
        self._unit = self._new_unit()
        self._whole_units = 0
        self._begun = False
        self._starved = False
        self._raw = 0
        self._last_raw = b""
        self._spare = b""
        self._start = 0
        self._window = bytearray()
        self._head = b""

    def _drop(self, offset: int) -> None:
        surplus = min(offset - _LOOK_BACK - self._start, len(self._window))
        if surplus > 0:
            del self._window[:surplus]
            self._start += surplus

    def _advance(self) -> bool:
        """Unpack a little more; return whether there may be still more."""
        if self.fault is not None:
            return False
        try:
            given = self._step()
        except Damaged as error:
            self.fault = f"the compressed file is damaged before its byte {self._raw - len(self._spare)}: {error}"
            return False
        if given is None:
            return False
        self._window += given
        if len(self._head) < _LOOK_BACK and self._start == 0:
            self._head = bytes(self._window[:_LOOK_BACK])
        self._check_limits()
        return True

    def _step(self) -> bytes | None:
        """Return what comes next, perhaps nothing yet; None: the file ends here.

        Raises:
            Damaged: the compressed bytes are wrong.
        """
        if self._unit.ended:
            self._spare, self._unit = self._unit.left + self._spare, self._new_unit()
            self._whole_units += 1
            self._begun = False
        data = b""
        if self._unit.hungry:
            data = self._next_raw()
            if not data:
                self._starved = self._begun or self._whole_units == 0
                return None
            self._begin(data)
        return self._unit.feed(data)

    def _next_raw(self) -> bytes:
        """Return the next compressed bytes, none at the file's end; zeros may stand between and after whole units."""
        while True:
            data, self._spare = self._spare or self._more(), b""
            if not self._begun and self._whole_units:
                data, ended = data.lstrip(b"\x00"), not data
                if not data and not ended:
                    continue
            self._spare = data[_MORSEL:]
            return data[:_MORSEL]

    def _begin(self, data: bytes) -> None:
        if not self._begun and not may_begin(self._suffix, data):
            name = self._suffix.decode()
            raise Damaged(f"what follows is no {name} data" if self._whole_units else f"it is no {name} data")
        self._begun = True
        self._starved = False

    def _more(self) -> bytes:
        data = os.pread(self._descriptor, _RAW, self._raw)
        self._raw += len(data)
        if data:
            self._last_raw = data[-_LOOK_BACK:]
        return data

    def _check_limits(self) -> None:
        if self.unpacked > SIZE_LIMIT:
            self.fault = f"it unpacks to more than {SIZE_LIMIT >> 30} GiB: split it, or ingest it unpacked"
        elif self.unpacked > FREE_SIZE and self.unpacked > RATIO_LIMIT * self._raw:
            self.fault = f"it unpacks to more than {RATIO_LIMIT} times its size: if that is right, ingest it unpacked"


def compression_of(path: bytes) -> bytes:
    """Return `.gz` or `.zst` where the name says that the file is compressed, else nothing."""
    found = _COMPRESSED.search(path)
    return found[0].lower() if found else b""


def content_of(path: bytes, descriptor: int) -> PlainContent | PackedContent:
    """Return what an open file holds; its name says whether it is compressed."""
    suffix = compression_of(path)
    return PackedContent(descriptor, suffix) if suffix else PlainContent(descriptor)
