"""What is being typed at the cursor of a query: a key, or a value of a key, and which part of the text that is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from store.filters.errors import QueryError
from store.filters.keys import ALERT_KEYS, Key
from store.filters.lexer import end_of_pattern, takes_slashes
from store.filters.model import Filter
from store.filters.pieces import unescaped
from store.filters.spans import colon_of, end_of_open_quoted, is_key, tolerant_tokens
from store.filters.walking import has_key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.filters.lexer import Token


@dataclass(frozen=True, slots=True)
class Site:
    """What may be completed.

    `typed` is what stands before the cursor, without quotes and escapes; the part to replace is [start, end) of the
    text. `key` and `path` say whose value it is; `path` is only for `meta`. `rest` is what else must hold.
    """

    what: Literal["key", "value"]
    typed: str
    start: int
    end: int
    key: Key | None = None
    path: tuple[str, ...] = ()
    rest: str = ""
    alerts: bool = False
    """Whether the query is about alerts, and so has their keys, too."""


def site_at(text: str, cursor: int, *, alerts: bool = False) -> Site:
    """Return what is being typed at a cursor; between two terms that is a new key. Never raises."""
    return replace(_site_at(text, cursor, alerts=alerts), alerts=alerts)


def _site_at(text: str, cursor: int, *, alerts: bool) -> Site:
    tokens = tolerant_tokens(text)
    term = next((one for one in tokens if one.kind == "term" and one.start < cursor <= one.end), None)
    if term is None:
        return Site("key", "", cursor, cursor, rest=_rest(text, tokens, cursor, cursor))
    rest = _rest(text, tokens, term.start, term.end)
    colon = colon_of(text, term.start, term.end)
    if colon is None or cursor <= colon:
        end = term.end if colon is None else colon + 1
        return Site("key", text[term.start : cursor], term.start, end, rest=rest)
    if not is_key(text[term.start : colon], alerts=alerts):
        return Site("value", "", cursor, cursor, rest=rest)
    return _value_site(text, term, colon, cursor, rest)


def _value_site(text: str, term: Token, colon: int, cursor: int, rest: str) -> Site:
    name = text[term.start : colon]
    start, end = _piece(text, colon + 1, term.end, cursor, slashes=takes_slashes(name))
    typed = _opened(text[start:cursor])
    folded = name.casefold()
    if folded.startswith("meta."):
        return Site("value", typed, start, end, Key.META, _path(name.partition(".")[2]), rest)
    return Site("value", typed, start, end, Key(folded), rest=rest)


def _path(written: str) -> tuple[str, ...]:
    """Return the names of a metadata path; a name with a point in it is quoted."""
    names, at = [""], 0
    while at < len(written):
        if written[at] == '"':
            behind = end_of_open_quoted(written, at)
            names[-1] += _opened(written[at:behind])
            at = behind
        elif written[at] == ".":
            names.append("")
            at += 1
        else:
            names[-1] += written[at]
            at += 1
    return tuple(names)


def _piece(text: str, start: int, end: int, cursor: int, *, slashes: bool) -> tuple[int, int]:
    """Return the value in which the cursor is; one whose quote is open ends at the cursor, to spare what follows."""
    begun = at = start
    while at < end:
        char = text[at]
        if char == "," and at >= cursor:
            break
        if char == ",":
            begun = at = at + 1
        elif char == '"':
            at = end_of_open_quoted(text, at)
            if at > len(text) - 1 and _is_open(text, begun, at):
                return begun, cursor
        elif char == "/" and (text[begun:at] == "re:" or (slashes and at == begun)):
            at = end_of_pattern(text, at) or at + 1
        else:
            at += 2 if char == "\\" else 1
    return begun, min(at, end)


def _is_open(text: str, start: int, end: int) -> bool:
    """Return whether the last quote in [start, end) is not closed."""
    quotes = 0
    at = start
    while at < end:
        if text[at] == "\\":
            at += 1
        elif text[at] == '"':
            quotes += 1
        at += 1
    return quotes % 2 == 1


def _opened(written: str) -> str:
    """Return what was written up to the cursor, without quotes and escapes."""
    return unescaped(written.replace('\\"', "\0").replace('"', "").replace("\0", '\\"'))


def _rest(text: str, tokens: Sequence[Token], start: int, end: int) -> str:
    """Return what must hold beside the operand in which [start, end) is; empty where that cannot be said."""
    operands = _operands(tokens)
    if operands is None:
        return ""
    for first, last in operands:
        if first <= start and end <= last:
            return f"{text[:first]} {text[last:]}".strip()
    return f"{text[:start]} {text[end:]}".strip()


def _operands(tokens: Sequence[Token]) -> list[tuple[int, int]] | None:
    """Return the places of what must hold together, each with its complements; None where there are alternatives."""
    found: list[tuple[int, int]] = []
    depth, begun = 0, -1
    for token in tokens:
        if depth == 0 and token.kind == "or":
            return None
        if begun < 0 and token.kind in ("not", "(", "term"):
            begun = token.start
        depth += (token.kind == "(") - (token.kind == ")")
        if (token.kind in ("term", ")") and depth <= 0) or token.kind == "end":
            if begun >= 0:
                found.append((begun, token.end))
            begun, depth = -1, max(depth, 0)
    return found


def filter_beside(site: Site, *, utc: bool) -> Filter:
    """Return what must hold beside the operand that is typed; everything passes where that is not yet right.

    What is about alerts is left out: it is events that have the values which are offered.
    """
    try:
        found = Filter.parsed(site.rest, utc=utc, alerts=site.alerts)
    except QueryError:
        return Filter(utc=utc)
    return found.with_operands(one for one in found.operands if not has_key_of(one, ALERT_KEYS))
