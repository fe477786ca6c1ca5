"""What SQL cannot ask of a row: a pattern in a text, words in its texts, and values deep in its metadata."""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from store.tables import Event, Name

_FOUND: Final = "auditail_found"
_WORDS: Final = "auditail_words"
_METADATA: Final = "auditail_metadata"


def register(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that the conditions of this module call."""
    connection.create_function(_FOUND, 2, _found, deterministic=True)
    connection.create_function(_WORDS, 6, _words, deterministic=True)
    connection.create_function(_METADATA, 2, _metadata, deterministic=True)


def pattern_found(pattern: str, text: Any) -> ColumnElement[bool]:
    """Return the condition that a pattern is found in a text; it never holds for no text."""
    return func.auditail_found(pattern, text) == 1


def words_hold(asked: str, *, prefix: bool) -> ColumnElement[bool]:
    """Return the condition that an event has these words, joined by blanks, in its full text.

    Asked of the row: to ask the inverted index about one row takes it a millisecond (measured).
    """
    tool = select(col(Name.text)).where(col(Name.id) == col(Event.tool_no)).correlate(Event).scalar_subquery()
    texts = (col(Event.message), tool, col(Event.status), col(Event.payload))
    return func.auditail_words(asked, int(prefix), *texts) == 1


def metadata_holds(payload: Any, asked: str) -> ColumnElement[bool]:
    """Return the condition that metadata has what a term (its canonical text) asks for."""
    return func.auditail_metadata(asked, payload) == 1


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
