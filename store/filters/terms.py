"""One term: its key, and its values as the key takes them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from store.alerts.states import LEVELS
from store.filters.amounts import EXPECTED, read_amount
from store.filters.errors import QueryError
from store.filters.keys import (
    ALERT_KEYS,
    CLOSED,
    NUMBER_KEYS,
    TIME_KEYS,
    Key,
    known_keys,
    nearest,
    nearest_key,
)
from store.filters.lexer import end_of_quoted, takes_slashes
from store.filters.patterns import pattern_problem
from store.filters.pieces import Piece, pieces_of, unescaped, words_of
from store.filters.syntax import Between, Comparison, Glob, Moment, Operator, Present, Regex, Term, Text, Value, Words
from store.filters.time_text import ACCEPTED, is_time
from store.tokens import words

_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_OPERATORS: Final[tuple[Operator, ...]] = (">=", "<=", ">", "<", "=")


def read_term(query: str, start: int, end: int, *, alerts: bool = False) -> Term | Words:
    """Return what the term at [start, end) of a query says; with `alerts` it may have a key of alerts.

    Raises:
        QueryError: it says nothing that can be understood.
    """
    colon = _colon(query, start, end)
    if colon is None:
        return _words(query, start, end)
    name = query[start:colon]
    key, path = _key(query, start, colon, name, alerts=alerts)
    if colon + 1 == end:
        raise QueryError(query, colon, end, f"a value must follow {name}:")
    pieces = pieces_of(query, colon + 1, end, slashes=takes_slashes(name))
    if key in TIME_KEYS and len(pieces) > 1:
        raise QueryError(query, pieces[1].start, end, f"{key}: takes one time")
    return Term(key, tuple(dict.fromkeys(_value(query, key, piece) for piece in pieces)), path)


def _colon(query: str, start: int, end: int) -> int | None:
    """Return where the first colon is that stands in no quotes; None where the term is full text."""
    at = start
    if query[start] == '"':
        return None
    while at < end:
        if query[at] == "\\":
            at += 2
        elif query[at] == '"':
            at = end_of_quoted(query, at)
        elif query[at] == ":":
            return at
        else:
            at += 1
    return None


def _key(query: str, start: int, colon: int, name: str, *, alerts: bool) -> tuple[Key, tuple[str, ...]]:
    folded = name.casefold()
    if folded.startswith("meta."):
        path = _path(query, start + len("meta."), colon)
        if not all(path):
            raise QueryError(query, start, colon, "a name must stand between the points of meta.<path>")
        return Key.META, path
    if folded == Key.META:
        raise QueryError(query, start, colon, "say where in the metadata to look", "meta.<path>")
    if folded in ALERT_KEYS and not alerts:
        raise QueryError(query, start, colon, f"{folded}: is known on the Alerts tab only, where alerts are listed")
    if folded in known_keys(alerts=alerts):
        return Key(folded), ()
    if _KEY.fullmatch(name):
        near = nearest_key(name, alerts=alerts)
        raise QueryError(
            query,
            start,
            colon,
            f"there is no key {name}: (quote the word to search for it)",
            near and (near if near.endswith(">") else f"{near}:"),
        )
    raise QueryError(query, start, colon, "this is no key: quote the word to search for it")


def _path(query: str, start: int, end: int) -> tuple[str, ...]:
    """Return the names of a path; a name with a point or a colon in it is quoted."""
    names: list[str] = [""]
    at = start
    while at < end:
        if query[at] == '"':
            behind = end_of_quoted(query, at)
            names[-1] += unescaped(query[at + 1 : behind - 1])
            at = behind
        elif query[at] == ".":
            names.append("")
            at += 1
        else:
            at += query[at] == "\\"
            names[-1] += query[at : at + 1]
            at += 1
    return tuple(names)


def _value(query: str, key: Key, piece: Piece) -> Value:
    if piece.is_empty:
        raise QueryError(query, piece.start, piece.end, 'a value is missing here (write "" for an empty one)')
    if key in TIME_KEYS:
        return _time(query, piece)
    if piece.pieces == ("", "") and not piece.quoted:
        return Present()
    if key in NUMBER_KEYS:
        return _number(query, key, piece)
    if key is Key.LEVEL:
        return _level(query, piece)
    if key in CLOSED:
        return _closed(query, key, piece)
    if piece.pattern:
        problem = pattern_problem(piece.pieces[0])
        if problem is not None:
            raise QueryError(query, piece.start, piece.end, problem)
        return Regex(piece.pieces[0])
    if key is Key.META and not piece.quoted and (found := _amount_of(key, piece.raw, equal=False)) is not None:
        return found
    return Text(piece.pieces[0]) if len(piece.pieces) == 1 else Glob(piece.pieces)


def _time(query: str, piece: Piece) -> Moment:
    text = piece.text.strip()
    if not is_time(text):
        raise QueryError(query, piece.start, piece.end, f"this is no time: write {ACCEPTED}")
    return Moment(text)


def _number(query: str, key: Key, piece: Piece) -> Value:
    found = _amount_of(key, piece.raw, equal=True) if not piece.quoted else None
    if found is None:
        raise QueryError(query, piece.start, piece.end, f"{key}: takes {EXPECTED[key]}, >, >=, <, <= or a..b")
    return found


def _amount_of(key: Key, text: str, *, equal: bool) -> Comparison | Between | None:
    """Return the comparison that a text states; with `equal` a number alone states one too."""
    low, dots, high = text.partition("..")
    if dots:
        return _range(read_amount(key, low), read_amount(key, high), open_low=not low, open_high=not high)
    stated: Operator | None = next((one for one in _OPERATORS if text.startswith(one)), None)
    if stated is None and not equal:
        return None
    amount = read_amount(key, text.removeprefix(stated or ""))
    operator: Operator = stated or "="
    return None if amount is None else Comparison(operator, amount)


def _range(
    low: Decimal | None, high: Decimal | None, *, open_low: bool, open_high: bool
) -> Comparison | Between | None:
    if low is not None and high is not None:
        return Between(low, high)
    if low is not None and open_high:
        return Comparison(">=", low)
    if high is not None and open_low:
        return Comparison("<=", high)
    return None


def _level(query: str, piece: Piece) -> Value:
    """Return a level, or which levels compare so."""
    found = None if piece.quoted else _amount_of(Key.LEVEL, piece.raw, equal=False)
    if found is None:
        word = piece.raw.lstrip("<>=") if not piece.quoted else piece.raw
        if word != piece.raw:
            raise _not_of(query, Key.LEVEL, piece.end - len(word), piece.end, word)
        return _closed(query, Key.LEVEL, piece)
    equal = isinstance(found, Comparison) and found.operator == "="
    return Text(LEVELS[int(found.amount)].value) if isinstance(found, Comparison) and equal else found


def _closed(query: str, key: Key, piece: Piece) -> Value:
    if len(piece.pieces) != 1:
        return Glob(piece.pieces)
    word = piece.pieces[0].casefold()
    if word not in CLOSED[key]:
        raise _not_of(query, key, piece.start, piece.end, word)
    return Text(word)


def _not_of(query: str, key: Key, start: int, end: int, word: str) -> QueryError:
    """Return that a word is no value of a closed key."""
    known = CLOSED[key]
    problem = f"{key}: takes {', '.join(known[:-1])} or {known[-1]}"
    return QueryError(query, start, end, problem, nearest(word, known))


def _words(query: str, start: int, end: int) -> Words:
    piece = words_of(query, start, end)
    text, *behind = piece.pieces
    prefix = behind == [""]
    if behind and not prefix:
        raise QueryError(query, start, end, "in full text a * may only stand at the end of a word")
    if not words(text):
        raise QueryError(query, start, end, "there is no letter or digit here to search for")
    if prefix and not words(text[-1:]):
        raise QueryError(query, start, end, "a letter or digit must stand before the *")
    return Words(text, prefix)
