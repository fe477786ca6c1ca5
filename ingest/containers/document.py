"""Whole documents: one object, an array, `{"events": […]}` or `{"logs": […]}`, pretty-printed or not.

This is for those that may lie in memory as a whole; `walk` goes through larger ones. A document is complete only if it
parses to its end. Its elements keep their place in the bytes; their identity is made from a re-serialisation without
white space, so that indenting a file anew repeats nothing.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

import orjson

from ingest.containers.elements import Element
from ingest.decode import Undecodable, decode_strictly

WRAPPER_KEYS: Final = ("events", "logs")
"""Keys whose array holds the records of a wrapper object."""

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_BOM: Final = b"\xef\xbb\xbf"
_SCANNER: Final = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
"""Finds where values end; numbers stay text, which is faster and refuses nothing (each element is judged later)."""


def split_document(data: bytes) -> list[Element]:
    """Return the records of a whole document; white space or an empty array alone give none.

    Raises:
        Undecodable: it is cut off, not JSON, or neither an object nor an array.
    """
    start = len(_BOM) if data.startswith(_BOM) else 0
    stripped = data[start:].strip(b" \t\r\n\x00")
    if not stripped:
        return []
    start = data.index(stripped[:1], start)
    if stripped.startswith(b"{") and not may_wrap(stripped):
        _refuse_broken(stripped)
        return [Element(start, stripped)]
    text = _text(stripped, start)
    spans = _spans(text)
    if spans is None:
        decode_strictly(stripped)
        return [Element(start, stripped)]
    return _elements(text, spans, start)


def canonical_bytes(raw: bytes) -> bytes:
    """Return a record without insignificant white space; one that is not JSON, or too deep, comes back as it is."""
    try:
        return orjson.dumps(orjson.loads(raw))
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):  # it reads deeper nesting than it writes
        return raw


def holds_lines(data: bytes, *, whole: bool) -> bool:
    """Return whether a file named as a document holds one JSON value a line; `whole`: `data` is all of the file.

    That is so where the first line that is not blank is a complete object and something else follows it.
    """
    body = data.lstrip(_BOM + b" \t\r\n\x00")
    end = body.find(b"\n")
    if end < 0 or not body.startswith(b"{"):
        return False
    try:
        orjson.loads(body[:end])
    except orjson.JSONDecodeError:
        return False
    return bool(body[end:].strip()) or not whole


def may_wrap(stripped: bytes) -> bool:
    """Return whether a document may be a wrapper of records, judged by its bytes; cheap, and right to say no."""
    return any(b'"%s"' % key.encode() in stripped for key in WRAPPER_KEYS)


def _refuse_broken(stripped: bytes) -> None:
    """Let through what parses, and what is whole but odd: the element is judged and quarantined by itself."""
    try:
        orjson.loads(stripped)
    except orjson.JSONDecodeError:
        decode_strictly(stripped)


def _text(stripped: bytes, start: int) -> str:
    try:
        return stripped.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Undecodable(f"not UTF-8 at byte {start + error.start} of the file") from error


def _spans(text: str) -> list[tuple[int, int]] | None:
    """Return where each element starts and ends (in characters); None: the document is one record."""
    try:
        if text[0] == "[":
            spans, end = _array(text, 0)
        elif text[0] == "{":
            found = _wrapped(text)
            if found is None:
                return None
            spans, end = found
        else:
            return None
    except json.JSONDecodeError as error:
        raise _as_undecodable(text, error) from error
    except IndexError as error:
        raise Undecodable("cut off: the document ends in the middle of a value") from error
    except RecursionError as error:
        raise Undecodable("nested too deeply to be read") from error
    if end != len(text):
        raise Undecodable(f"something follows the document's end at character {end}")
    return spans


def _as_undecodable(text: str, error: json.JSONDecodeError) -> Undecodable:
    if error.pos >= len(text) or error.msg.startswith("Unterminated string"):
        return Undecodable("cut off: the document ends in the middle of a value")
    return Undecodable(f"not JSON at character {error.pos} of the file: {error.msg}")


def _array(text: str, start: int) -> tuple[list[tuple[int, int]], int]:
    """Return the spans of the array that opens at `start`, and the index after it."""
    spans: list[tuple[int, int]] = []
    at = _skip(text, start + 1)
    if text[at] == "]":
        return spans, at + 1
    while True:
        _, end = _value(text, at)
        spans.append((at, end))
        at = _skip(text, end)
        if text[at] == "]":
            return spans, at + 1
        at = _skip(text, _expect(text, at, ","))


def _wrapped(text: str) -> tuple[list[tuple[int, int]], int] | None:
    """Return the spans of a wrapper's records and the index after it; None where the object is no wrapper."""
    spans: list[tuple[int, int]] | None = None
    seen: set[str] = set()
    at = _skip(text, 1)
    if text[at] == "}":
        return None
    while True:
        key, end = _value(text, at)
        at = _skip(text, _expect(text, _skip(text, end), ":"))
        if key in WRAPPER_KEYS and text[at] == "[":
            if key in seen:
                raise Undecodable(f'the key "{key}" is given twice: which one is meant cannot be known')
            seen.add(key)
            more, end = _array(text, at)
            spans = [*(spans or ()), *more]
        else:
            _, end = _value(text, at)
        if key == "event_type":
            return None
        at = _skip(text, end)
        if text[at] == "}":
            return None if spans is None else (spans, at + 1)
        at = _skip(text, _expect(text, at, ","))


def _value(text: str, at: int) -> tuple[Any, int]:
    value, end = _SCANNER.raw_decode(text, at)
    return value, end


def _expect(text: str, at: int, what: str) -> int:
    if text[at] != what:
        raise json.JSONDecodeError(f"Expecting '{what}'", text, at)
    return at + 1


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _elements(text: str, spans: list[tuple[int, int]], start: int) -> list[Element]:
    """Turn spans of characters into bytes and byte offsets."""
    elements: list[Element] = []
    offset, last = start, 0
    for begin, end in spans:
        offset += len(text[last:begin].encode())
        raw = text[begin:end].encode()
        elements.append(Element(offset, raw))
        offset += len(raw)
        last = end
    return elements
