"""Where in a chunk of lines something may be that the fast path must not see: found once per chunk, not per line.

Searching one megabyte with a few needles costs a tenth of searching three thousand lines with each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ingest.redact import candidates

_DIGITS: Final = bytes.maketrans(b"123456789\t\r", b"000000000  ")
"""Maps every digit to `0`, so that one search finds all long runs; tab and carriage return to a blank."""
_LONG_RUN: Final = b"0" * 19
_ESCAPED_NUL: Final = b"\\u0000"
_SPACED_COLON: Final = b'" '
"""In JSON as programs write it no blank follows a closing quote, but for one before a colon."""


def odd_places(chunk: bytes, *, redact: bool) -> list[int]:
    """Return, sorted, byte positions in `chunk` whose lines need a careful look.

    They hold what may be a credential (`redact` only), an integer beyond 64 bits, an escaped NUL, or a blank before a
    colon, which would hide a repeated key.
    """
    folded = chunk.translate(_DIGITS)
    places = [*_every(folded, _LONG_RUN), *_every(folded, _SPACED_COLON)]
    if b"\\" in chunk:
        places.extend(_every(chunk, _ESCAPED_NUL))
    if redact:
        places.extend(candidates(chunk))
    places.sort()
    return places


def _every(chunk: bytes, needle: bytes) -> Iterator[int]:
    at = chunk.find(needle)
    while at >= 0:
        yield at
        at = chunk.find(needle, at + len(needle))
