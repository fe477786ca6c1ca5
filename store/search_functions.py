"""What SQL cannot ask of a row, as functions that it can call: `store.filters.row_conditions` says what for.

Writing connections have them, too: nothing that builds SQL is imported here.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Final

_FOUND: Final = "auditail_found"
_WORDS: Final = "auditail_words"
_METADATA: Final = "auditail_metadata"


def register(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that `store.filters.row_conditions` calls."""
    connection.create_function(_FOUND, 2, _found, deterministic=True)
    connection.create_function(_WORDS, 6, _words, deterministic=True)
    connection.create_function(_METADATA, 2, _metadata, deterministic=True)


def _found(pattern: str, text: str | None) -> int:
    from store.filters.patterns import found_in  # noqa: PLC0415 (few questions need it)

    return int(text is not None and found_in(pattern, text))


def _words(asked: str, prefix: int, *texts: Any) -> int:
    from store.filters.words import words_match  # noqa: PLC0415 (few questions need it)

    message, tool, status, payload = texts
    return int(words_match(asked, message, tool, status, payload, prefix=bool(prefix)))


def _metadata(asked: str, payload: str | None) -> int:
    from store.filters.meta import metadata_matches  # noqa: PLC0415 (few questions need it)

    return int(metadata_matches(payload, asked))
