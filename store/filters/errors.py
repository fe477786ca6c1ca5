"""What is wrong with a query, and where."""

from __future__ import annotations

import unicodedata


class QueryError(ValueError):
    """A query that cannot be understood.

    `start` and `end` are places in `query`, half open; `end` may lie one behind its end. `suggestion` is what may
    stand there instead, None where nothing is near.
    """

    def __init__(self, query: str, start: int, end: int, problem: str, suggestion: str | None = None) -> None:
        """Say what is wrong at a place."""
        super().__init__(problem)
        self.query = query
        self.start = start
        self.end = max(end, start + 1)
        self.problem = problem
        self.suggestion = suggestion

    def __str__(self) -> str:
        """Return the problem in one line, with what may be meant."""
        meant = f"; did you mean {self.suggestion}?" if self.suggestion is not None else ""
        return f"{self.problem}{meant}"

    def pointed_at(self) -> str:
        """Return the query in one line, and under it signs at the place that is wrong."""
        shown = "".join(char if char.isprintable() else "\N{MIDDLE DOT}" for char in self.query)
        before, wrong = _cells(shown[: self.start]), max(_cells(shown[self.start : self.end]), 1)
        return f"  {shown}\n  {' ' * before}{'^' * wrong}"


def _cells(text: str) -> int:
    """Return how many cells of a terminal a printable text takes."""
    wide = sum(1 for char in text if unicodedata.east_asian_width(char) in "WF")
    return len(text) + wide - sum(1 for char in text if unicodedata.combining(char))
