"""Conditions: names of searches under `and`, `or`, `not`, parentheses, `1 of` and `all of`."""

from __future__ import annotations

import re
from typing import Final

from detect.rules.expression import Expression, Negated, all_of, any_of
from detect.rules.problem import NotUnderstoodError, Place, nearest

MAX_WORDS: Final = 200
_WORD: Final = re.compile(r"\s*(\(|\)|[^\s()]+)")
_WORDS: Final = ("and", "or", "not", "of")


def condition(text: object, searches: dict[str, Expression], place: Place) -> Expression:
    """Return what a condition says of the searches that it names.

    Raises:
        NotUnderstoodError: it is no condition, or names a search that is not there.
    """
    if not isinstance(text, str) or not text.strip():
        raise NotUnderstoodError(place, "a condition is one line of text, as in: selection and not filter")
    if "|" in text:
        raise NotUnderstoodError(place, "conditions with | are no longer part of Sigma: write a correlation")
    return _Reader(text, searches, place).read()


class _Reader:
    """Reads one condition from left to right."""

    def __init__(self, text: str, searches: dict[str, Expression], place: Place) -> None:
        self._words: Final = _WORD.findall(text)
        if len(self._words) > MAX_WORDS:
            raise NotUnderstoodError(place, f"the condition has more than {MAX_WORDS} words")
        self._at = 0
        self._searches: Final = searches
        self._place: Final = place

    def read(self) -> Expression:
        found = self._either()
        if self._at < len(self._words):
            word = self._words[self._at]
            problem = f"{word} cannot follow here: join searches with and, or, not"
            raise self._wrong(problem, nearest(word, _WORDS) if word != ")" else None)
        return found

    def _wrong(self, problem: str, suggestion: str | None = None) -> NotUnderstoodError:
        return NotUnderstoodError(self._place, f"in the condition: {problem}", suggestion)

    def _next(self) -> str:
        if self._at == len(self._words):
            raise self._wrong("something is missing at its end")
        self._at += 1
        return self._words[self._at - 1]

    def _takes(self, word: str) -> bool:
        taken = self._at < len(self._words) and self._words[self._at].lower() == word
        self._at += taken
        return taken

    def _either(self) -> Expression:
        parts = [self._both()]
        while self._takes("or"):
            parts.append(self._both())
        return any_of(parts)

    def _both(self) -> Expression:
        parts = [self._one()]
        while self._takes("and"):
            parts.append(self._one())
        return all_of(parts)

    def _one(self) -> Expression:
        if self._takes("not"):
            return Negated(self._one())
        word = self._next()
        if word == "(":
            inner = self._either()
            if self._next() != ")":
                raise self._wrong("a parenthesis is not closed")
            return inner
        if word.lower() in ("1", "any", "all") and self._takes("of"):
            return self._several(self._next(), every=word.lower() == "all")
        return self._named(word)

    def _named(self, name: str) -> Expression:
        if name not in self._searches:
            raise self._wrong(f"no search is called {name}", nearest(name, self._searches))
        return self._searches[name]

    def _several(self, pattern: str, *, every: bool) -> Expression:
        """Return all searches that a pattern names; those that begin with `_` only where it does, too."""
        wanted = "*" if pattern.lower() == "them" else pattern
        hidden = pattern.startswith("_")
        found = [one for name, one in self._searches.items() if _is_like(name, wanted) and hidden >= (name[0] == "_")]
        if not found:
            raise self._wrong(f"no search is called like {pattern}", nearest(pattern.strip("*"), self._searches))
        return all_of(found) if every else any_of(found)


def _is_like(name: str, pattern: str) -> bool:
    """Return whether a name is like a pattern in which `*` is any run of characters, in time that cannot explode."""
    first, *rest = pattern.split("*")
    if not rest:
        return name == pattern
    *inner, last = rest
    if len(name) < len(first) + len(last) or not (name.startswith(first) and name.endswith(last)):
        return False
    at, end = len(first), len(name) - len(last)
    for part in inner:
        found = name.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
