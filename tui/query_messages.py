"""What a query line tells its screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from store.filters.errors import QueryError
    from store.filters.model import Filter


@dataclass
class QueryChanged(Message):
    """The text has changed, and then not for a moment.

    One of `what` and `error` is None: the text says `what`, or cannot be understood because of `error`.
    """

    text: str
    what: Filter | None
    error: QueryError | None


@dataclass
class QuerySubmitted(Message):
    """Enter was pressed on a text that can be understood."""

    what: Filter
    text: str


@dataclass
class QueryLeft(Message):
    """The line was left without a change; its text is again what it was opened with."""
