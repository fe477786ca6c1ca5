"""A document in parts: found to be whole first, then given a few records at a time, each part from the file itself.

A small document is read once and kept while it is given. Of a large one only its measures and a hash are kept: it is
gone through twice, and what is given the second time counts only if the bytes are those of the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from ingest.containers.content import Content
from ingest.containers.document import split_document
from ingest.containers.document_bytes import DocumentBytes
from ingest.containers.elements import RECORD_LIMIT, Element, Measure, Record
from ingest.containers.text_cursor import TextCursor
from ingest.containers.walk import DocumentWalk
from ingest.decode import Undecodable

_RECORDS: Final = 5_000
"""Records of one part,"""
_BYTES: Final = 1 << 20
"""and bytes after which a part is enough."""
_LOOKED_THROUGH: Final = 8 << 20
"""Bytes that are looked through in one go."""
_PIECE: Final = 1 << 18


class DocumentChanged(Exception):  # noqa: N818 (it says what happened to it)
    """Other bytes stand in the document than when it was found to be whole."""


class DocumentParts:
    """One document. First `look_through` until it says that the document is whole, then `next_part`."""

    def __init__(self, content: Content, size: int | None, held: int = RECORD_LIMIT) -> None:
        """Read a document of `size` bytes (None: compressed), the whole of it at once if it has at most `held`.

        Raises:
            Undecodable: it is too large.
        """
        self._size = size
        self._held = held
        self._source = DocumentBytes(content, size)
        self._walk = DocumentWalk(TextCursor(self._source))
        self._records: Iterator[Record] = self._walk.records()
        self._whole: list[Element] | None = None
        self._digest = b""
        self._looked_through = False
        self.count = 0
        """Records of the document, once it was looked through."""
        self.given = 0
        """Records that were given."""

    @property
    def size(self) -> int:
        """Bytes of the document, once it was looked through."""
        return self._source.position

    @property
    def ended(self) -> bool:
        """Whether all records were given."""
        return self._looked_through and self.given == self.count

    def look_through(self, content: Content) -> bool:
        """Go on to find out whether the document is whole; return whether that is known now.

        Raises:
            Undecodable: it is not, or it is no document.
            OSError: reading failed.
        """
        if self._looked_through:
            return True
        source = self._source
        source.content = content
        if source.position == 0 and self._fits(content):
            self._whole = split_document(_all_of(source))
            self.count, self._looked_through = len(self._whole), True
            return True
        until = source.position + _LOOKED_THROUGH
        for _ in self._records:
            self.count += 1
            if source.position > until:
                return False
        if self._walk.single is not None:
            self.count = 1
        self._looked_through = True
        self._begin_anew(content)
        return True

    def next_part(self, content: Content) -> list[Record]:
        """Return some records, about 1 MiB of them; none where there are none left.

        Raises:
            DocumentChanged: what stands there is not what was looked through. What was given before did stand there.
            OSError: reading failed.
        """
        self._source.content = content
        if self._whole is not None:
            part: list[Record] = list(self._whole[self.given : self.given + _RECORDS])
        else:
            try:
                part = self._walk_on()
            except Undecodable as error:
                raise DocumentChanged from error
        self.given += len(part)
        return part

    def _walk_on(self) -> list[Record]:
        part: list[Record] = []
        size = 0
        for record in islice(self._records, _RECORDS):
            part.append(record)
            size += record.size
            if size >= _BYTES:
                break
        given = self.given + len(part)
        if given >= self.count:
            over = next(self._records, None)  # goes to the end of the document
            if over is not None or self._source.digest != self._digest:
                raise DocumentChanged
        elif not part:
            raise DocumentChanged
        return part

    def _fits(self, content: Content) -> bool:
        if self._size is not None:
            return self._size <= self._held
        return len(content.read(self._held + 1, 0)) <= self._held

    def _begin_anew(self, content: Content) -> None:
        """Begin the second walk."""
        self._digest = self._source.digest
        self._source = DocumentBytes(content, self._size)
        single = self._walk.single
        self._walk = DocumentWalk(TextCursor(self._source))
        self._records = self._walk.records() if single is None else _only_record(self._source, *single)


def records_of(content: Content, size: int | None) -> Iterator[Record]:
    """Give all records of a document; see `DocumentParts`.

    Raises:
        Undecodable: it is not whole, or it is no document; then nothing was given.
        DocumentChanged: it was written to meanwhile.
        OSError: reading failed.
    """
    parts = DocumentParts(content, size)
    while not parts.look_through(content):
        pass
    while not parts.ended:
        yield from parts.next_part(content)


def _all_of(source: DocumentBytes) -> bytes:
    """Return all bytes of a small document."""
    data = b""
    while more := source.next(RECORD_LIMIT + 1):
        data += more
    return data


def _only_record(source: DocumentBytes, begin: int, end: int) -> Iterator[Record]:
    """Give the one record of a document, and go to the document's end."""
    measure, kept = Measure(begin), bytearray()
    while True:
        at = source.position
        data = source.next(_PIECE)
        if not data:
            break
        part = data[max(0, begin - at) : max(0, end - at)]
        measure.take(part)
        if end - begin <= RECORD_LIMIT:
            kept += part
    yield Element(begin, bytes(kept)) if end - begin <= RECORD_LIMIT else measure.element()
