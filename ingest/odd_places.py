"""Where in a chunk of lines something may be that the fast path must not see: found once per chunk, not per line.

Searching one megabyte with a few needles costs a tenth of searching three thousand lines with each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ingest.redact import candidates

_ESCAPED_NUL: Final = b"\\u0000"
_SPACED_COLONS: Final = (b" :", b"\t:", b"\r:")
"""In JSON as programs write it no blank stands before a colon."""


def odd_places(chunk: bytes, *, redact: bool) -> list[int]:
    """Return, sorted, byte positions in `chunk` whose lines need a careful look.

    They hold what may be a credential (`redact` only), an escaped NUL, or a blank before a colon, which would hide a
    repeated key.
    """
    places = [place for needle in _SPACED_COLONS if needle[0] in chunk for place in _every(chunk, needle)]
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
