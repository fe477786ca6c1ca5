"""Reasons of the quarantine without the places they name: what records are grouped by."""

from __future__ import annotations

import re
from typing import Final

_PLACE: Final = re.compile(r" at (?:byte|character) \d+(?: of the (?:record|file))?")
_LONG_NUMBER: Final = re.compile(r"-?\d{4,}(?:\.\d+)?(?:[eE][+-]?\d+)?")


def fault_kind(reason: str) -> str:
    """Return a reason without the place it names and without long numbers: `not UTF-8` for every such record."""
    return _LONG_NUMBER.sub("…", _PLACE.sub("", reason))
