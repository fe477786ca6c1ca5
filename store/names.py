"""Interned texts: the kinds, the writer's cache and the reader's cache."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final

from store.name_kind import NameKind

NO_NAME: Final = 0
_CACHE_LIMIT: Final = 100_000
"""Names held in memory for one kind; beyond it the cache starts anew, so that hostile names cannot fill memory."""


class WriterNames(dict[str | None, int]):
    """Text to number for one kind; a text that is not known is looked up, else stored. Use inside a transaction."""

    def __init__(self, connection: sqlite3.Connection, kind: NameKind) -> None:
        """Start with only the number of no value."""
        super().__init__()
        self._connection = connection
        self._kind = kind
        self.forget()

    def forget(self) -> None:
        """Drop what is cached: another writer, or a rollback, may have made it wrong."""
        self.clear()
        self[None] = NO_NAME

    def __missing__(self, text: str | None) -> int:
        """Return the number of a text that is not cached."""
        if len(self) > _CACHE_LIMIT:
            self.forget()
        row = self._connection.execute(
            "SELECT id FROM name WHERE kind = ? AND text = ?",
            (self._kind, text),
        ).fetchone()
        number = row[0] if row else self._store(text)
        self[text] = number
        return number

    def _store(self, text: str | None) -> int:
        self._connection.execute("UPDATE counter SET value = value + 1 WHERE name = 'name'")
        number = int(self._connection.execute("SELECT value FROM counter WHERE name = 'name'").fetchone()[0])
        self._connection.execute("INSERT INTO name (id, kind, text) VALUES (?, ?, ?)", (number, self._kind, text))
        return number


class ReaderNames:
    """Number to text. Names never change, so what was read once stays right."""

    def __init__(self) -> None:
        """Start empty."""
        self.texts: dict[int, str | None] = {NO_NAME: None}
        """Everything known; only ever added to, so that it may be read while another thread learns more."""

    def trim(self) -> None:
        """Start a new `texts` where there are too many; who still reads the old one keeps it."""
        if len(self.texts) > _CACHE_LIMIT:
            self.texts = {NO_NAME: None}

    def missing(self, numbers: Iterable[int]) -> list[int]:
        """Return which of the numbers are not known yet."""
        known = self.texts
        return [number for number in set(numbers) if number not in known]

    def learn(self, pairs: Iterable[tuple[int, str]]) -> None:
        """Remember numbers and their texts."""
        self.texts.update(pairs)
