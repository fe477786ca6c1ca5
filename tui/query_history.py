"""The queries that were run, to be brought back with the arrow keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MOST: Final = 200
"""Queries that are remembered."""


class QueryHistory:
    """Remembers queries, oldest first, and walks through them. May be shared by several query lines."""

    def __init__(self, known: Iterable[str] = (), remember: Callable[[str], None] | None = None) -> None:
        """Begin with what is known; `remember` is told every query that is added."""
        newest_first = dict.fromkeys(text for text in reversed([*known]) if text.strip())
        self._queries = [*reversed(newest_first)][-MOST:]
        self._remember = remember

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._queries)

    def __getitem__(self, index: int) -> str:
        """Return one, 0 being the oldest."""
        return self._queries[index]

    def add(self, text: str) -> None:
        """Remember a query as the newest; the same one from before moves there, an empty one is nothing."""
        text = text.strip()
        if not text or (self._queries and self._queries[-1] == text):
            return
        self._queries = [*(one for one in self._queries if one != text), text][-MOST:]
        if self._remember is not None:
            self._remember(text)


class HistoryWalk:
    """Where one line is in the history. The text that was being typed is the newest entry of all."""

    def __init__(self, history: QueryHistory) -> None:
        """Start behind the newest."""
        self._history = history
        self.restart()

    def restart(self) -> None:
        """Go behind the newest, as typing does."""
        self._at = len(self._history)
        self._draft = ""

    def step(self, step: int, text: str) -> str | None:
        """Return the entry before (-1) or behind (1) the one where `text` stands; None: there is none."""
        if self._at >= len(self._history):
            self._draft, self._at = text, len(self._history)
        at = self._at + step
        if not 0 <= at <= len(self._history):
            return None
        self._at = at
        return self._draft if at == len(self._history) else self._history[at]
