"""The queries that were run in the dashboard, kept in a file so that the next one can bring them back."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from config.paths import make_private
from tui.query_history import MOST, QueryHistory

_NAME: Final = "queries.jsonl"
_MOST_BYTES: Final = 1 << 20
"""A file that has grown beyond this is written anew with the newest queries only."""


def kept_queries(folder: Path) -> QueryHistory:
    """Return the history that is kept in a folder, readable by its owner only; what is run is added to the file.

    A history is a comfort: where the file cannot be read or written, the queries of this session are all there is.
    """
    file = folder / _NAME
    known = _read(file)
    return QueryHistory(known, lambda text: _add(file, text))


def _read(file: Path) -> list[str]:
    try:
        raw = file.read_bytes()
    except OSError:
        return []
    found = [text for text in map(_query, raw.splitlines()) if text][-MOST:]
    if len(raw) > _MOST_BYTES:
        with suppress(OSError):
            _write(file, found)
    return found


def _query(line: bytes) -> str | None:
    """Return the query of a line; None: the line is damaged."""
    try:
        found: object = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, str) else None


def _line(text: str) -> bytes:
    return json.dumps(text).encode() + b"\n"


def _add(file: Path, text: str) -> None:
    with suppress(OSError):
        make_private(file.parent)
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(_line(text))


def _write(file: Path, queries: list[str]) -> None:
    # mkstemp creates the file for its owner only; the rename leaves the old list or the new, never half of one.
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{_NAME}-")
    with os.fdopen(descriptor, "wb") as opened:
        opened.writelines(map(_line, queries))
    Path(name).replace(file)
