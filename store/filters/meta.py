"""What stands at a place in an event's metadata, and whether it is what a term asks for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any

from store.filters.matching import number_matches, text_matches
from store.filters.parser import parse
from store.filters.syntax import Between, Comparison, Present, Term, Value
from store.tokens import words


def metadata_matches(payload: str | None, asked: str) -> bool:
    """Return whether metadata (JSON text, None: there is none) has what a term, in its canonical text, asks for."""
    if payload is None:
        return False
    term = _term(asked)
    # Without escapes a name stands in the text as it is, and most metadata has other names: no need to read it.
    if term.path[0] not in payload and "\\" not in payload:
        return False
    return holds(term, json.loads(payload))


@lru_cache(maxsize=64)
def _term(asked: str) -> Term:
    term = parse(asked)
    assert isinstance(term, Term)
    return term


def holds(term: Term, metadata: Any) -> bool:
    """Return whether any value at the term's path is what it asks for. A list stands for each of its elements."""
    return any(_asked_for(value, found) for found in _at(metadata, term.path) for value in term.values)


def _at(found: Any, path: tuple[str, ...]) -> Iterator[Any]:
    if isinstance(found, list):
        for element in found:  # pyright: ignore[reportUnknownVariableType]
            yield from _at(element, path)
    elif not path:
        yield found
    elif isinstance(found, dict) and path[0] in found:
        yield from _at(found[path[0]], path[1:])


def _asked_for(value: Value, found: Any) -> bool:
    if found is None:
        return False
    if isinstance(value, Present):
        return True
    if isinstance(value, (Comparison, Between)):
        return isinstance(found, (int, float)) and not isinstance(found, bool) and _compares(value, found)
    text = found if isinstance(found, str) else None if isinstance(found, dict) else json.dumps(found)
    return text is not None and text_matches(value, text)


def _compares(value: Comparison | Between, found: float) -> bool:
    number = Decimal(repr(found)) if isinstance(found, float) else Decimal(found)
    return number.is_finite() and number_matches(value, number)


def may_be_looked_up(text: str) -> bool:
    """Return whether a metadata value equal to this text can only be a text that full text has the words of.

    Numbers and truth values are not in the full text, so a text that may stand for one is looked for in the rows.
    """
    if not words(text):
        return False
    try:
        json.loads(text)
    except ValueError:
        return True
    return False
