"""Where in a record that could not be read the fault lies: what is marked when its bytes are shown."""

from __future__ import annotations

import json
import re
from typing import Final

_BYTE: Final = re.compile(r"at byte (\d+) of the (record|file)")
_CHARACTER: Final = re.compile(r"at character (\d+)")
_TWICE: Final = re.compile(r'the key "([^"]*)" is given twice')
_NOT_FINITE: Final = re.compile(r"^(-?Infinity|NaN) is not JSON")
_TOO_LARGE: Final = re.compile(r"^the number (\S+) is too large")
_TOO_DEEP: Final = re.compile(r"^nested deeper than (\d+) levels")
_ODD: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


def fault_place(reason: str, raw: bytes, offset: int = 0) -> int | None:
    """Return the index in `raw` of the byte at which the fault lies; None: the record as a whole is what is wrong.

    The reason says where, or what to look for; else it is the first byte that no text has. `raw` is what the
    quarantine keeps: redaction may have moved a place, and a place behind its end is the end. `offset` is where the
    record starts in its file, for reasons that count from there.
    """
    if not raw:
        return None
    found = _stated(reason, raw, offset)
    if found is None:
        found = _searched(reason, raw)
    if found is None:
        found = _first_odd(raw)
    return None if found is None else min(max(found, 0), len(raw) - 1)


def _stated(reason: str, raw: bytes, offset: int) -> int | None:
    """Return the place that the reason gives as a number."""
    if match := _BYTE.search(reason):
        at = int(match[1]) - (offset if match[2] == "file" else 0)
        # Where text is not UTF-8, the bytes themselves say more exactly what was meant than a place before redaction.
        odd = _not_utf8(raw) if reason.startswith("not UTF-8") else None
        return at if odd is None else odd
    if match := _CHARACTER.search(reason):
        return len(raw.decode("utf-8", "replace")[: int(match[1])].encode()) - offset
    return None


def _searched(reason: str, raw: bytes) -> int | None:
    """Return the place of what the reason names."""
    if reason.startswith("cut off"):
        return len(raw.rstrip()) - 1
    if match := _TWICE.search(reason):
        return _second(raw, json.dumps(match[1]).encode())
    if match := _NOT_FINITE.search(reason) or _TOO_LARGE.search(reason):
        outside = _STRING.sub(lambda text: b" " * len(text[0]), raw)
        at = outside.find(match[1].encode())
        return at if at >= 0 else None
    if match := _TOO_DEEP.search(reason):
        return _bracket_at(raw, int(match[1]) + 1)
    return None


def _second(raw: bytes, key: bytes) -> int | None:
    """Return where a key stands the second time on the outermost level."""
    depth = seen = at = 0
    while at < len(raw):
        byte = raw[at : at + 1]
        if byte == b'"':
            match = _STRING.match(raw, at)
            end = match.end() if match else len(raw)
            if depth == 1 and raw[at:end] == key and raw[end:].lstrip()[:1] == b":":
                seen += 1
                if seen > 1:
                    return at
            at = end
            continue
        depth += (byte in (b"{", b"[")) - (byte in (b"}", b"]"))
        at += 1
    return None


def _bracket_at(raw: bytes, level: int) -> int | None:
    """Return where the first bracket of this level opens."""
    depth = 0
    outside = _STRING.sub(lambda text: b" " * len(text[0]), raw)
    for at, byte in enumerate(outside):
        if byte in b"[{":
            depth += 1
            if depth == level:
                return at
        elif byte in b"]}":
            depth -= 1
    return None


def _first_odd(raw: bytes) -> int | None:
    """Return the first byte that is no text: a control character, or not UTF-8."""
    control = _ODD.search(raw)
    places = [at for at in (control.start() if control else None, _not_utf8(raw)) if at is not None]
    return min(places, default=None)


def _not_utf8(raw: bytes) -> int | None:
    """Return where bytes stop being UTF-8; a character that was only cut off at the end is fine."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data" and error.end == len(raw)
        return None if cut else error.start
    return None
