"""A place in a document's text that only moves on: what is behind it is forgotten, what is before it not read yet."""

from __future__ import annotations

import codecs
import json
import re
from typing import Any, Final

from ingest.containers.document_bytes import DocumentBytes
from ingest.containers.elements import RECORD_LIMIT, Element, LongElement, Measure, Record, long_element
from ingest.containers.nesting import Nesting
from ingest.decode import Undecodable

CUT_OFF_INSIDE: Final = "cut off: the document ends in the middle of a value"
_STEP: Final = 1 << 18
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_BLANK: Final = re.compile(r"[ \t\r\n\x00]*")
_AT_THE_END: Final = 16
"""A fault no further than this from the end of what is there may be no fault: a word may go on, or an escape."""
_SCANNER: Final = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
"""Finds where values end; numbers stay text, which is faster and refuses nothing (each element is judged later)."""


class TextCursor:
    """Goes through the text of a document. Whatever stands there that cannot be is said as `Undecodable`."""

    def __init__(self, source: DocumentBytes, step: int = _STEP, limit: int = RECORD_LIMIT) -> None:
        """Begin before the first character; read `step` bytes at once, measure values that have more than `limit`."""
        self._source = source
        self._step = step
        self._limit = limit
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._text = ""
        self._at = 0
        self._ended = False
        self._characters = 0
        """Characters that were forgotten, counted from the document's first."""
        self._marked, self._marked_byte = 0, 0

    @property
    def offset(self) -> int:
        """Byte offset of the place."""
        self._marked_byte += len(self._text[self._marked : self._at].encode())
        self._marked = self._at
        return self._marked_byte

    @property
    def character(self) -> int:
        """Characters from the document's first to the place."""
        return self._characters + self._at

    def peek(self) -> str:
        """Return the next character; at the end, nothing."""
        if self._at == len(self._text) and not self._grow(self._step):
            return ""
        return self._text[self._at]

    def skip_blank(self) -> None:
        """Pass over white space and NULs, as they stand around a document."""
        self._skip(_BLANK)

    def skip_space(self) -> None:
        """Pass over white space."""
        self._skip(_SPACE)

    def start(self) -> str:
        """Go to the first character of the document and return it; nothing: it is blank."""
        if self.peek() == "\ufeff":
            self._at += 1
        self.skip_blank()
        first = self.peek()
        self._characters = -self._at
        return first

    def expect(self, what: str) -> None:
        """Pass over this character."""
        found = self.peek()
        if not found:
            raise Undecodable(CUT_OFF_INSIDE)
        if found != what:
            raise Undecodable(f"not JSON at character {self.character} of the file: Expecting '{what}'")
        self._at += 1

    def value(self) -> Any:
        """Pass over a value and return it, with numbers as text; None where it is a long one."""
        return self._take()[0]

    def element(self) -> Record:
        """Pass over a value and return its bytes."""
        offset = self.offset
        _, raw = self._take()
        if isinstance(raw, LongElement):
            return raw
        if len(raw) > self._limit:
            return long_element(offset, raw)
        return Element(offset, raw)

    def _take(self) -> tuple[Any, bytes | LongElement]:
        while True:
            try:
                value, end = _SCANNER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._ended or not self._may_go_on(error):
                    raise self._undecodable(error) from error
            except RecursionError as error:
                raise Undecodable("nested too deeply to be read") from error
            else:
                if end < len(self._text) or self._ended:
                    raw = self._text[self._at : end].encode()
                    self._at = end
                    return value, raw
            if len(self._text) - self._at > self._limit:
                return None, self._take_long()
            self._grow(max(self._step, len(self._text) - self._at))

    def _take_long(self) -> LongElement:
        """Measure a value without making anything of it: only its brackets and strings are looked at."""
        measure = Measure(self.offset)
        nesting = Nesting()
        while True:
            end = nesting.end_in(self._text, self._at)
            measure.take(self._text[self._at : end].encode())
            self._at = len(self._text) if end is None else end
            if end is not None:
                return measure.element()
            if not self._grow(self._step):
                raise Undecodable(CUT_OFF_INSIDE)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        while True:
            found = pattern.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text) or not self._grow(self._step):
                return

    def _grow(self, size: int) -> bool:
        """Forget what is behind, and read about `size` bytes more; return whether any text came."""
        self._forget()
        before = len(self._text)
        while not self._ended and len(self._text) == before:
            data = self._source.next(size)
            self._ended = not data
            try:
                self._text += self._decoder.decode(data, final=self._ended)
            except UnicodeDecodeError as error:
                at = self._source.position - len(error.object) + error.start
                raise Undecodable(f"not UTF-8 at byte {at} of the file") from error
        return len(self._text) > before

    def _forget(self) -> None:
        self._marked_byte, self._marked = self.offset, 0
        self._characters += self._at
        self._text, self._at = self._text[self._at :], 0

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        """Return whether it may be a fault only because the text goes on."""
        return error.msg.startswith("Unterminated string") or error.pos >= len(self._text) - _AT_THE_END

    def _undecodable(self, error: json.JSONDecodeError) -> Undecodable:
        if error.pos >= len(self._text) or error.msg.startswith("Unterminated string"):
            return Undecodable(CUT_OFF_INSIDE)
        return Undecodable(f"not JSON at character {self._characters + error.pos} of the file: {error.msg}")
