"""The values of a term as they were written: cut at commas, quotes opened, stars and escapes told apart."""

from __future__ import annotations

from dataclasses import dataclass

from store.filters.lexer import end_of_pattern, end_of_quoted
from store.filters.patterns import from_between_slashes


@dataclass(frozen=True, slots=True)
class Piece:
    """One value, [start, end) in the query.

    `pieces` are its texts between stars: one where it has no star. `raw` is as written. `quoted`: it is one quoted
    text, which is always meant literally.
    """

    start: int
    end: int
    raw: str
    pieces: tuple[str, ...]
    quoted: bool
    pattern: bool = False
    """Whether it is a pattern, which then is the only piece."""

    @property
    def text(self) -> str:
        """The value with its stars, where nothing is a pattern."""
        return "*".join(self.pieces)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return not self.raw


def pieces_of(query: str, start: int, end: int, *, slashes: bool) -> list[Piece]:
    """Return the values that stand in [start, end) of a query, at least one; `slashes`: the key takes `/…/`."""
    found: list[Piece] = []
    at = start
    while True:
        piece = _piece(query, at, end, slashes=slashes)
        found.append(piece)
        if piece.end >= end:
            return found
        at = piece.end + 1


def words_of(query: str, start: int, end: int) -> Piece:
    """Return what stands in [start, end) of a query as one value, in which a comma is a character like others."""
    return _read(query, start, end, stop="")


def _piece(query: str, start: int, end: int, *, slashes: bool) -> Piece:
    marked = query.startswith("re:/", start)
    slash = start + len("re:") if marked else start
    if (marked or slashes) and query.startswith("/", slash):
        closed = end_of_pattern(query, slash)
        if closed is not None and closed <= end:
            pattern = from_between_slashes(query[slash + 1 : closed - 1])
            return Piece(start, closed, query[start:closed], (pattern,), quoted=False, pattern=True)
    return _read(query, start, end, stop=",")


def _read(query: str, start: int, end: int, *, stop: str) -> Piece:
    at = start
    texts = [""]
    quotes = bare = 0
    while at < end and query[at] != stop:
        if query[at] == '"':
            behind = end_of_quoted(query, at)
            texts[-1] += unescaped(query[at + 1 : behind - 1])
            quotes += 1
            at = behind
            continue
        bare += 1
        if query[at] == "*":
            texts.append("")
        else:
            at += query[at] == "\\" and at + 1 < end
            texts[-1] += query[at]
        at += 1
    return Piece(start, at, query[start:at], _without_gaps(texts), quoted=quotes == 1 and not bare)


def _without_gaps(texts: list[str]) -> tuple[str, ...]:
    """Return the texts between stars; several stars in a row are one."""
    last = len(texts) - 1
    return tuple(text for place, text in enumerate(texts) if text or place in (0, last))


def unescaped(text: str) -> str:
    """Return what was written within quotes, each backslash taking the next character as it is."""
    parts: list[str] = []
    at = 0
    while at < len(text):
        at += text[at] == "\\" and at + 1 < len(text)
        parts.append(text[at])
        at += 1
    return "".join(parts)
