"""The mark in a file that this program wrote: it says whether the file is still as it was written."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final, Literal

BLANK_MARK: Final = "auditail-service sha256:" + "0" * 64
"""What stands in a text that is not sealed yet; exactly once."""

_MARK: Final = re.compile(r"(?<=auditail-service sha256:)[0-9a-f]{64}\b")


def sealed(text: str) -> str:
    """Return the text with its mark filled in: a hash of everything, taken with the mark blank."""
    return text.replace(BLANK_MARK, BLANK_MARK[: -len("0" * 64)] + _digest(text))


def whose(text: str) -> Literal["ours", "changed", "foreign"]:
    """Return whether a text is as it was sealed, was changed since, or never was ours."""
    found = _MARK.search(text)
    if found is None:
        return "foreign"
    blank = text[: found.start()] + "0" * 64 + text[found.end() :]
    return "ours" if found[0] == _digest(blank) else "changed"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
