"""Events as JSON: one streamed array, or one object per line. Memory stays the same however many there are."""

from __future__ import annotations

import re
from itertools import chain, repeat
from operator import add
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

from store.safe_text import safe_text

_CHUNK_BYTES: Final = 1 << 16
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7e]")
_BMP_END: Final = 0xFFFF


def write_array(events: Iterable[bytes], out: IO[bytes], *, on_terminal: bool) -> int:
    """Write a JSON array with one event per line; return how many there were."""
    before = chain((b"[\n",), repeat(b",\n"))
    number = _write(map(add, before, _shown(events, on_terminal=on_terminal)), out)
    out.write(b"\n]\n" if number else b"[]\n")
    out.flush()
    return number


def write_lines(events: Iterable[bytes], out: IO[bytes], *, on_terminal: bool) -> int:
    """Write one event per line; return how many there were."""
    number = _write(map(add, _shown(events, on_terminal=on_terminal), repeat(b"\n")), out)
    out.flush()
    return number


def _shown(events: Iterable[bytes], *, on_terminal: bool) -> Iterable[bytes]:
    return map(escaped, events) if on_terminal else events


def _write(pieces: Iterable[bytes], out: IO[bytes]) -> int:
    """Write pieces as they come, in large chunks; return how many there were."""
    number = 0
    pending: list[bytes] = []
    size = 0
    for piece in pieces:
        pending.append(piece)
        number += 1
        size += len(piece)
        if size >= _CHUNK_BYTES:
            out.write(b"".join(pending))
            pending.clear()
            size = 0
    out.write(b"".join(pending))
    return number


def escaped(event: bytes) -> bytes:
    r"""Return the same JSON value with every character that could steer a terminal written as `\uXXXX`.

    JSON already escapes C0 in strings; C1, DEL, bidirectional and invisible characters it leaves as they are.
    """
    if event.isascii() and b"\x7f" not in event:
        return event
    return _NOT_ASCII.sub(_escape, event.decode("utf-8", "surrogatepass")).encode("utf-8")


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if safe_text(character) == character:
        return character
    code = ord(character)
    if code > _BMP_END:
        code -= _BMP_END + 1
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\u{code:04x}"
