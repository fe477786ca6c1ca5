"""The one function between stored text and anything that a person sees.

Event text is written by whoever talks to an agent. Control characters would reach the terminal as commands, and
bidirectional or zero-width characters would show another text than the one stored.
"""

from __future__ import annotations

import re
from typing import Final

_UNSAFE: Final = re.compile(
    "["
    "\x00-\x1f\x7f\x80-\x9f"  # C0, DEL, C1
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners and fillers without a width
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero-width, line separators, bidirectional controls
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"  # fillers, variation selectors, byte-order mark, annotations
    "\ud800-\udfff"  # lone surrogates cannot be encoded
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # steering signs of shorthand and of music
    "\U000e0000-\U000e0fff"  # tags and further selectors: invisible carriers of text
    "]"
)
_CONTROL_PICTURES: Final = 0x2400
_DELETE: Final = 0x7F
_FIRST_PRINTABLE: Final = 0x20


def _mark(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < _FIRST_PRINTABLE:
        return chr(_CONTROL_PICTURES + code)
    if code == _DELETE:
        return "␡"
    return f"‹{code:x}›"


def safe_text(text: str) -> str:
    """Return one line of `text` in which every character is visible and harmless to a terminal.

    C0 characters become their control pictures (ESC is `␛`, a line feed `␊`), everything else that is invisible or
    steers the display becomes its code point in guillemets (`‹202e›`). Text without such characters comes back as it
    is. Markup is not touched: show the result only through `Text`, `Content` or with markup off.
    """
    return _UNSAFE.sub(_mark, text) if _UNSAFE.search(text) else text
