"""What is wrong with a rule, and where."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice
from typing import Final, TypeAlias

Place: TypeAlias = tuple[str | int, ...]
"""The way to a value: keys and indexes, from the top of a rule."""

_LONGEST: Final = 300
"""Characters of a problem that are said: what it quotes may be as long as the file."""
_LONGEST_WORD: Final = 80
_MOST_WORDS: Final = 1_000


class RuleError(ValueError):
    """A rule cannot be used. `str()` is one line that names the file, the line, and what may have been meant."""

    def __init__(self, path: str, line: int, problem: str, suggestion: str | None = None) -> None:
        """Say what is wrong at a line (from 1) of a file; `suggestion` is the nearest word that is known."""
        super().__init__(problem)
        self.path = path
        self.line = line
        self.problem = problem if len(problem) <= _LONGEST else f"{problem[: _LONGEST - 1]}…"
        self.suggestion = suggestion

    def __str__(self) -> str:
        """Return the place and the problem, with what may be meant."""
        meant = f"; did you mean {self.suggestion}?" if self.suggestion is not None else ""
        return f"{self.path}:{self.line}: {self.problem}{meant}"


class NotUnderstoodError(ValueError):
    """A part of a rule is not understood. `place` leads to it: keys and indexes from the rule's top."""

    def __init__(self, place: Place, problem: str, suggestion: str | None = None) -> None:
        """Say what is wrong at a place within one rule."""
        super().__init__(problem)
        self.place = place
        self.problem = problem
        self.suggestion = suggestion


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return which of the known words was probably meant, None where none is near.

    Nobody means a word much longer than a name, and of very many known words only the first are looked at.
    """
    if len(word) > _LONGEST_WORD:
        return None
    found = get_close_matches(word.casefold(), list(islice(known, _MOST_WORDS)), n=1, cutoff=0.6)
    return found[0] if found else None
