"""Cuts a query into parentheses, operators and terms, each with its place; what a term means is the parser's affair.

A term is read as one run: an optional key up to the first colon, then pieces that are bare, "quoted" or /patterns/.
Blanks, quotes and closing parentheses end bare text; a backslash takes the next character as it is; parentheses that
open inside a bare text belong to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from store.filters.errors import QueryError
from store.filters.keys import SLASH_REGEX_KEYS

MOST_CHARACTERS: Final = 20_000
"""Of a query; nobody types more, and a machine that does is told so."""

Kind = Literal["(", ")", "not", "or", "and", "term", "end"]
_WORDS: Final[dict[str, Kind]] = {"OR": "or", "NOT": "not", "AND": "and"}


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a query, [start, end) in it."""

    kind: Kind
    start: int
    end: int


def tokens_of(query: str) -> list[Token]:
    """Return the tokens of a query, the last of kind `end`.

    Raises:
        QueryError: a quote or a pattern is not closed, or the query is too long.
    """
    if len(query) > MOST_CHARACTERS:
        raise QueryError(query, MOST_CHARACTERS, len(query), f"a query has at most {MOST_CHARACTERS:,} characters")
    found: list[Token] = []
    at = 0
    while at < len(query):
        char = query[at]
        if char.isspace():
            at += 1
        elif char in "()":
            found.append(Token("(" if char == "(" else ")", at, at + 1))
            at += 1
        elif char == "-" and at + 1 < len(query) and not query[at + 1].isspace() and query[at + 1] != ")":
            found.append(Token("not", at, at + 1))
            at += 1
        else:
            end = _end_of_term(query, at)
            found.append(Token(_WORDS.get(query[at:end], "term"), at, end))
            at = end
    found.append(Token("end", len(query), len(query)))
    return found


def _end_of_term(query: str, start: int) -> int:
    """Return where the term that begins at `start` ends."""
    at, depth = start, 0
    value: int | None = None
    slashes = False
    while at < len(query):
        char = query[at]
        if char == '"':
            at = end_of_quoted(query, at)
            continue
        if char == "\\":
            at += 2
            continue
        if char.isspace() or (char == ")" and depth == 0):
            break
        if char == "/" and value is not None and query[value:at] in (("", "re:") if slashes else ("re:",)):
            closed = end_of_pattern(query, at)
            if closed is not None:
                at = closed
                continue
        if char == ":" and value is None:
            value, slashes = at + 1, takes_slashes(query[start:at])
        elif char == "," and value is not None:
            value = at + 1
        depth += (char == "(") - (char == ")")
        at += 1
    return min(at, len(query))


def takes_slashes(name: str) -> bool:
    """Return whether a value between slashes is a pattern for the key of this name, without `re:` before it."""
    return name.casefold() in SLASH_REGEX_KEYS


def end_of_quoted(query: str, start: int) -> int:
    """Return the place behind the quote that closes the one at `start`.

    Raises:
        QueryError: none does.
    """
    at = start + 1
    while at < len(query):
        if query[at] == "\\":
            at += 2
        elif query[at] == '"':
            return at + 1
        else:
            at += 1
    raise QueryError(query, start, len(query), 'this quote is not closed: add a "')


def end_of_pattern(query: str, start: int) -> int | None:
    """Return the place behind the slash that closes the one at `start`, None where it is an ordinary slash.

    A closing slash is followed by a blank, a comma, a closing parenthesis or the end of the query.
    """
    at = start + 1
    while at < len(query):
        if query[at] == "\\":
            at += 2
        elif query[at] == "/" and (at + 1 == len(query) or query[at + 1] in ",)" or query[at + 1].isspace()):
            return at + 1
        else:
            at += 1
    return None
