"""Conditions that SQL cannot ask of a row: a pattern in a text, words in its texts, and values deep in its metadata.

They call `store.search_functions`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from store.tables import Event, Name


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
