"""Standard input: lines as they come, or one whole document."""

from __future__ import annotations

import os
import select
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import orjson

from ingest.containers.content import HeldContent
from ingest.containers.document import WRAPPER_KEYS, may_wrap, split_document
from ingest.containers.document_bytes import DOCUMENT_LIMIT
from ingest.containers.elements import Record
from ingest.containers.lines import LINE_LIMIT, PREFIX_LIMIT, LongLine
from ingest.containers.parts import DocumentParts
from ingest.decode import Undecodable, decode_strictly

_READ: Final = 1 << 20
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(slots=True)
class StreamPart:
    """A part of a stream: whole lines (`body`, without the last newline), elements, or one over-long line.

    Where there are elements, the stream is one document, and all further parts have elements of it. An empty part says
    that nothing came for a while. `offset` is where it starts.
    """

    offset: int = 0
    body: bytes | None = None
    elements: list[Record] = field(default_factory=list[Record])
    long_line: LongLine | None = None
    broken: str | None = None
    """Why a whole document, of which `body` is the beginning, cannot be read."""
    size: int | None = None
    """Bytes of a document that cannot be read, where they are known."""


def read_stream(descriptor: int, patience_s: float) -> Iterator[StreamPart]:
    """Yield the parts of a stream until it ends; at most `patience_s` seconds apart, empty ones where nothing came.

    Raises:
        OSError: reading failed.
    """
    lines = _Lines()
    decided = False
    for data in _arrivals(descriptor, patience_s):
        if data is None:
            yield StreamPart()
            continue
        lines.buffer += data
        if not decided:
            document = _is_document(bytes(lines.buffer), ended=not data)
            if document is None:
                continue
            if document:
                yield from _document(descriptor, lines.buffer, patience_s, ended=not data)
                return
            decided = True
        yield from lines.whole(ended=not data)


class _Lines:
    """Cuts what has arrived into whole lines, and follows a line that is too long to be held."""

    def __init__(self) -> None:
        self.buffer = bytearray()
        self._offset = 0
        self._long_line: LongLine | None = None

    def whole(self, *, ended: bool) -> Iterator[StreamPart]:
        """Yield what is complete; `ended`: nothing follows, so everything is."""
        buffer = self.buffer
        if self._offset == 0 and buffer.startswith(_BOM):
            del buffer[: len(_BOM)]
            self._offset = len(_BOM)
        if self._long_line is None and buffer.find(b"\n") > LINE_LIMIT:
            self._long_line = LongLine(self._offset)
        if self._long_line is not None:
            if not self._long_line.feed(buffer) and not ended:
                return
            yield StreamPart(self._offset, long_line=self._long_line)
            self._offset += self._long_line.size + 1
            self._long_line = None
        end = len(buffer) if ended else buffer.rfind(b"\n")
        if end >= 0 and buffer:
            yield StreamPart(self._offset, body=bytes(buffer[:end]))
            self._offset += end + 1
            del buffer[: end + 1]
        if len(buffer) > LINE_LIMIT:
            self._long_line = LongLine(self._offset)
            self._long_line.feed(buffer)


def _arrivals(descriptor: int, patience_s: float) -> Iterator[bytes | None]:
    """Yield what comes, None where nothing came in time, and at last no bytes."""
    while True:
        readable, _, _ = select.select([descriptor], [], [], patience_s)
        if not readable:
            yield None
            continue
        data = os.read(descriptor, _READ)
        yield data
        if not data:
            return


def _is_document(start: bytes, *, ended: bool) -> bool | None:
    """Return whether the stream seems to hold one document; None: that cannot be told before more has come.

    What looks like the beginning of an object may be a line that was cut off: the line after it tells.
    """
    enough = ended or len(start) > LINE_LIMIT
    if b"\n" not in start and not enough:
        return None
    if not _starts_document(start):
        return False
    first, _, rest = start.removeprefix(_BOM).lstrip().partition(b"\n")
    if first.startswith(b"[") or may_wrap(first):
        return True
    second, newline, _ = rest.lstrip().partition(b"\n")
    return None if not newline and not enough else not _is_record(second)


def _is_record(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def _starts_document(start: bytes) -> bool:
    """Return whether the stream seems to hold one document: an array, or an object over several lines."""
    stripped = start.removeprefix(_BOM).lstrip()
    if stripped.startswith(b"["):
        return True
    first, newline, _ = stripped.partition(b"\n")
    if not stripped.startswith(b"{") or (not newline and len(stripped) > LINE_LIMIT):
        return False
    try:
        record: dict[str, object] = orjson.loads(first)
    except orjson.JSONDecodeError:
        return _is_cut_off(first) or _wraps(first)
    return "event_type" not in record and any(isinstance(record.get(key), list) for key in WRAPPER_KEYS)


def _is_cut_off(first: bytes) -> bool:
    try:
        decode_strictly(first)
    except Undecodable as error:
        reason = str(error)  # of a wrapper, one record may be nested too deeply, and the others are wanted
        return reason.startswith("cut off") or (reason.startswith("nested") and may_wrap(first))
    return False


def _wraps(first: bytes) -> bool:
    """Return whether this is a whole wrapper although the fast parser refuses it: one of its records may be odd."""
    if not may_wrap(first):
        return False
    try:
        return [element.raw for element in split_document(first)] != [first.strip()]
    except Undecodable:
        return False


def _document(descriptor: int, buffer: bytearray, patience_s: float, *, ended: bool) -> Iterator[StreamPart]:
    if not ended:
        for data in _arrivals(descriptor, patience_s):
            if data is None:
                yield StreamPart()
                continue
            buffer += data
            if len(buffer) > DOCUMENT_LIMIT:
                reason = f"larger than {DOCUMENT_LIMIT >> 20} MiB: write one event a line instead"
                yield StreamPart(body=bytes(buffer[:PREFIX_LIMIT]), broken=reason)
                return
    yield from _in_parts(buffer)


def _in_parts(buffer: bytearray) -> Iterator[StreamPart]:
    content = HeldContent(buffer)
    parts = DocumentParts(content, len(buffer))
    try:
        while not parts.look_through(content):
            yield StreamPart()
    except Undecodable as error:
        if buffer[:LINE_LIMIT].lstrip(_BOM + b" \t\r\n").startswith(b"["):
            yield StreamPart(body=bytes(buffer[:PREFIX_LIMIT]), broken=str(error), size=len(buffer))
        else:
            yield StreamPart(body=bytes(buffer.removesuffix(b"\n")))
        return
    while not parts.ended:
        yield StreamPart(elements=parts.next_part(content))
