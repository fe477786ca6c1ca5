"""What each character of a query is, for showing it while it is typed: incomplete and wrong texts included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

from store.filters.errors import QueryError
from store.filters.keys import NUMBER_KEYS, Key, known_keys
from store.filters.lexer import MOST_CHARACTERS, Token, end_of_pattern, end_of_quoted, takes_slashes, tokens_of

SpanKind = Literal["blank", "word", "key", "mark", "value", "quoted", "pattern", "operator", "negation", "error"]
"""`word` is full text and everything that is nothing else yet, `mark` the colon behind a key and the comma between
values, `operator` a parenthesis, star, comparison, range, OR or AND."""

_CLOSERS: Final = ("", '"', '""')
"""What closes an open quote: two are needed behind a backslash, which takes the first."""
_COMPARISON: Final = re.compile(r"[<>]=?|=")


@dataclass(frozen=True, slots=True)
class Span:
    """[start, end) of a query is one thing; never empty."""

    kind: SpanKind
    start: int
    end: int


def tolerant_tokens(query: str) -> list[Token]:
    """Return the tokens of a query, whatever it is: an open quote ends with the text.

    What is behind the most characters that a query may have belongs to no token.
    """
    query = query[:MOST_CHARACTERS]
    for closer in _CLOSERS:
        try:
            tokens = tokens_of(_room_for(query, closer) + closer)
        except QueryError:
            continue
        return [Token(one.kind, min(one.start, len(query)), min(one.end, len(query))) for one in tokens]
    return [Token("end", len(query), len(query))]


def _room_for(query: str, closer: str) -> str:
    return query[: MOST_CHARACTERS - len(closer)]


def spans_of(query: str, wrong: QueryError | None = None, *, alerts: bool = False) -> tuple[Span, ...]:
    """Return the spans of a query, which touch each other and cover all of it; `wrong`: what is wrong with it.

    `alerts`: the keys of alerts are keys, too.
    """
    kinds: list[SpanKind] = ["blank" if char.isspace() else "word" for char in query]
    for token in tolerant_tokens(query):
        if token.kind == "term":
            _mark_term(kinds, query, token.start, token.end, alerts=alerts)
        elif token.kind == "not":
            _mark(kinds, token.start, token.end, "negation")
        else:
            _mark(kinds, token.start, token.end, "operator")
    _mark(kinds, MOST_CHARACTERS, len(query), "error")
    if wrong is not None:
        _mark(kinds, wrong.start, wrong.end, "error")
    return tuple(_joined(kinds))


def _joined(kinds: list[SpanKind]) -> Iterator[Span]:
    at = 0
    for kind, run in groupby(kinds):
        end = at + sum(1 for _ in run)
        yield Span(kind, at, end)
        at = end


def _mark(kinds: list[SpanKind], start: int, end: int, kind: SpanKind) -> None:
    for at in range(start, min(end, len(kinds))):
        kinds[at] = kind


def _mark_term(kinds: list[SpanKind], query: str, start: int, end: int, *, alerts: bool) -> None:
    colon = colon_of(query, start, end)
    if colon is None:
        _mark_values(kinds, _Run(query, end, "word", ""), start)
        return
    name = query[start:colon].casefold()
    _mark(kinds, start, colon, "key" if is_key(name, alerts=alerts) else "word")
    _mark(kinds, colon, colon + 1, "mark")
    _mark_values(kinds, _Run(query, end, "value", name), colon + 1)


def colon_of(query: str, start: int, end: int) -> int | None:
    """Return where the colon of a term is, its first that stands in no quotes; None: it is full text, or a word yet."""
    at = start
    if query.startswith('"', start):
        return None
    while at < end:
        if query[at] == "\\":
            at += 2
        elif query[at] == '"':
            at = end_of_open_quoted(query, at)
        elif query[at] == ":":
            return at
        else:
            at += 1
    return None


def end_of_open_quoted(query: str, start: int) -> int:
    """Return the place behind the quote that closes the one at `start`, or behind the query where none does."""
    try:
        return end_of_quoted(query, start)
    except QueryError:
        return len(query)


def is_key(name: str, *, alerts: bool = False) -> bool:
    """Return whether a term can have this key, upper or lower case; with `alerts` also one of alerts."""
    folded = name.casefold()
    in_metadata = folded.startswith("meta.") and len(folded) > len("meta.")
    return in_metadata or (folded in known_keys(alerts=alerts) and folded != Key.META)


@dataclass(frozen=True, slots=True)
class _Run:
    """The values of a term, which end at `end`; `key` is its name as typed, in lower case, empty for full text."""

    query: str
    end: int
    kind: SpanKind
    key: str

    @property
    def compares(self) -> bool:
        return self.key in (*NUMBER_KEYS, Key.LEVEL) or self.key.startswith("meta.")

    def next(self, at: int, begun: int) -> tuple[int, SpanKind]:
        """Return where the thing at a place ends, and what it is; `begun` is where its value begins."""
        char = self.query[at]
        if char == '"':
            return min(end_of_open_quoted(self.query, at), self.end), "quoted"
        if char == "\\":
            return min(at + 2, self.end), self.kind
        if char == "*":
            return at + 1, "operator"
        return (at + 1, "word") if self.kind == "word" else self._next_of_value(char, at, begun)

    def _next_of_value(self, char: str, at: int, begun: int) -> tuple[int, SpanKind]:
        before = self.query[begun:at]
        if char == "/" and (before == "re:" or (not before and takes_slashes(self.key))):
            return min(end_of_pattern(self.query, at) or at + 1, self.end), "pattern"
        if char == ",":
            return at + 1, "mark"
        if self.compares and at == begun and (compared := _COMPARISON.match(self.query, at, self.end)) is not None:
            return compared.end(), "operator"
        if self.compares and self.query.startswith("..", at, self.end):
            return at + 2, "operator"
        return at + 1, self.kind


def _mark_values(kinds: list[SpanKind], run: _Run, start: int) -> None:
    at, begun = start, start
    while at < run.end:
        behind, found = run.next(at, begun)
        _mark(kinds, at, behind, found)
        if found == "mark":
            begun = behind
        at = behind
