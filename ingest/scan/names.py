"""Which file names are read: `*.json`, `*.jsonl`, `*.ndjson`, then optionally `.N` or a date, then `.gz` or `.zst`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from os import fsdecode
from typing import Final

_DATE: Final = rb"[.-]\d{4}-?\d\d-?\d\d(?:[-_T.]?\d{2,6}){0,2}"
_ROTATED: Final = rb"(?:\.\d{1,5}|" + _DATE + rb")"
_PACKED: Final = rb"(?:\.gz|\.zst)"
_END: Final = _ROTATED + rb"?" + _PACKED + rb"?"
_READ: Final = re.compile(rb".+\.(?:json|jsonl|ndjson)" + _END, re.IGNORECASE | re.DOTALL)
_LINES: Final = re.compile(rb".+\.(?:jsonl|ndjson)" + _END, re.IGNORECASE | re.DOTALL)
_SUFFIX: Final = re.compile(_ROTATED + rb"$")
_PACKED_SUFFIX: Final = re.compile(_PACKED + rb"$", re.IGNORECASE)
_NEVER: Final = (b".tmp", b".part", b"~")


class NameRules:
    """The usual rule, and what the settings include and exclude besides; excluding wins."""

    def __init__(self, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> None:
        """Take file-name globs."""
        self._include = tuple(include)
        self._exclude = tuple(exclude)

    def reads(self, name: bytes) -> bool:
        """Return whether a file of this name (without its folder) is read."""
        if self._include or self._exclude:
            shown = fsdecode(name)
            if any(fnmatchcase(shown, glob) for glob in self._exclude):
                return False
            if any(fnmatchcase(shown, glob) for glob in self._include):
                return True
        if name.startswith(b".") or name.lower().endswith(_NEVER):
            return False
        return _READ.fullmatch(name) is not None

    def minds(self, name: bytes) -> bool:
        """Return whether it is worth a word that something of this name is passed over for what it is."""
        if name.startswith(b".") or name.lower().endswith(_NEVER):
            return False
        return not any(fnmatchcase(fsdecode(name), glob) for glob in self._exclude)


def promises_lines(path: bytes) -> bool:
    """Return whether the name alone says that there is one record a line."""
    return _LINES.fullmatch(base_name(path)) is not None


def base_name(path: bytes) -> bytes:
    """Return the last part of a path."""
    return path.rpartition(b"/")[2]


def unrotated_name(path: bytes) -> bytes:
    """Return the base name without what rotation and compression add to it."""
    name = _PACKED_SUFFIX.sub(b"", base_name(path))
    return _SUFFIX.sub(b"", name) if _READ.fullmatch(name) else name


def twin_names(path: bytes) -> list[bytes]:
    """Return where the same file lies when it is packed or unpacked, as `gzip` and `zstd` name it."""
    plain = _PACKED_SUFFIX.sub(b"", path)
    return [other for other in (plain, plain + b".gz", plain + b".zst") if other != path]
