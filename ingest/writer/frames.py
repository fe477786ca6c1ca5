"""What goes over the pipes between the reading process and the writing one: length-prefixed MessagePack."""

from __future__ import annotations

import struct
from typing import IO, Final

import msgspec

from store.append.prepared import Prepared, prepare
from store.batch import Appended, SourceBatch
from store.notes import Scout
from store.tokens import indexed_text

GO_ON: Final = b""
"""Sent after an append that failed: what was sent behind it is refused until this comes."""

_LENGTH: Final = struct.Struct("<Q")
_encode: Final = msgspec.msgpack.Encoder().encode
_decode_batches: Final = msgspec.msgpack.Decoder(list[Prepared]).decode


class Reply(msgspec.Struct):
    """How an append went: what it did, or else why nothing of it was kept."""

    appended: Appended | None = None
    error: str | None = None
    kind: str = ""
    """Name of the error's class."""


_decode_reply: Final = msgspec.msgpack.Decoder(Reply).decode


def pack_batches(batches: list[SourceBatch], scout: Scout | None = None) -> bytes:
    """Return batches as bytes, prepared on the reading side as far as they can be, with what a scout knows of them.

    Raises:
        OverflowError, UnicodeEncodeError, TypeError: a value cannot be packed; the batches say the same as before.
    """
    prepared = [prepare(batch) for batch in batches]
    for one, batch in zip(prepared, batches, strict=True):
        if scout is not None:
            one.notes = scout.notes(batch.events, [plain is not None for plain in one.events])
        for event in one.batch.events:
            if event.indexed is None:
                event.indexed = indexed_text(event)
            if event.metadata_text is not None:
                event.metadata = None  # whoever wants it makes it from its text
    return _encode(prepared)


def unpack_batches(data: bytes) -> list[Prepared]:
    """Return what `pack_batches` packed."""
    return _decode_batches(data)


def pack_reply(reply: Reply) -> bytes:
    """Return a reply as bytes."""
    return _encode(reply)


def unpack_reply(data: bytes) -> Reply:
    """Return what `pack_reply` packed."""
    return _decode_reply(data)


def write_frame(stream: IO[bytes], data: bytes) -> None:
    """Write one frame whole."""
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes | None:
    """Return the next frame, None where the other side has closed the pipe (a frame that was cut off is dropped)."""
    head = _read_whole(stream, _LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    size = _LENGTH.unpack(head)[0]
    data = _read_whole(stream, size)
    return data if len(data) == size else None


def _read_whole(stream: IO[bytes], size: int) -> bytes:
    """Return so many bytes, fewer only at the end; a stream without a buffer may give them in pieces."""
    data = stream.read(size)
    while len(data) < size and (more := stream.read(size - len(data))):
        data += more
    return data
