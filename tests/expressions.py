"""Random expressions of the filter language, for tests that print, parse and compile them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from hypothesis import strategies as st

from store.alerts.states import LEVELS
from store.filters.amounts import normal
from store.filters.keys import CLOSED, EVENT_KEYS, NUMBER_KEYS, TIME_KEYS, Key
from store.filters.syntax import (
    Between,
    Comparison,
    Expression,
    Glob,
    Moment,
    Present,
    Regex,
    Term,
    Text,
    Value,
    Words,
    all_of,
    any_of,
    complement,
)
from store.tokens import words

SPECIAL: Final = (
    "a*b", "a b", '"', "\\", "/x/", "re:/x/", "..", ">5", "OR", "AND", "-x", "a:b", "*", "(", "x)", ",", " ", "/",
)  # fmt: skip
"""Texts that mean something else when they are not quoted."""
PATTERNS: Final = ("x", "^a/b$", "a|b", r"\\", "(a+)+$", " x", "a,b", "a b")
TIMES: Final = ("-24h", "yesterday 9:30", "2026-01-27T00:00:00Z", "10:30")

texts = st.text(max_size=8) | st.sampled_from(SPECIAL)


def _glob(pieces: list[str]) -> Glob:
    last = len(pieces) - 1
    return Glob(tuple(text for place, text in enumerate(pieces) if text or place in (0, last)))


globs = st.lists(texts, min_size=2, max_size=4).map(_glob).filter(lambda glob: glob.pieces != ("", ""))


def numbers(key: Key) -> st.SearchStrategy[Value]:
    """Return comparisons and ranges in a key's own unit."""
    whole = st.integers(0, 10**10).map(Decimal)
    amounts = whole if key is not Key.META else st.decimals(min_value=0, max_value=10**9, places=2).map(normal)
    operators = st.sampled_from((">", ">=", "<", "<=", "="))
    return st.builds(Comparison, operators, amounts) | st.builds(Between, amounts, amounts)


def values(key: Key) -> st.SearchStrategy[Value]:
    """Return values that a key takes."""
    if key is Key.LEVEL:
        return _levels
    if key in CLOSED:
        return st.sampled_from(CLOSED[key]).map(Text) | globs | st.just(Present())
    if key in NUMBER_KEYS:
        return numbers(key) | st.just(Present())
    plain: st.SearchStrategy[Value] = (
        texts.map(Text) | globs | st.just(Present()) | st.sampled_from(PATTERNS).map(Regex)
    )
    return plain | numbers(key) if key is Key.META else plain


_places = st.integers(0, len(LEVELS) - 1).map(Decimal)
_levels: st.SearchStrategy[Value] = (
    st.sampled_from(CLOSED[Key.LEVEL]).map(Text)
    | globs
    | st.just(Present())
    | st.builds(Comparison, st.sampled_from((">", ">=", "<", "<=")), _places)
    | st.builds(Between, _places, _places)
)


@st.composite
def terms(draw: st.DrawFn, keys: Sequence[Key] = EVENT_KEYS) -> Term:
    """Return a term of any of some keys."""
    key = draw(st.sampled_from(keys))
    if key in TIME_KEYS:
        return Term(key, (Moment(draw(st.sampled_from(TIMES))),))
    path = tuple(draw(st.lists(texts.filter(bool), min_size=1, max_size=3))) if key is Key.META else ()
    found = draw(st.lists(values(key), min_size=1, max_size=3))
    return Term(key, tuple(dict.fromkeys(found)), path)


full_text = st.builds(Words, texts.filter(words)) | texts.filter(lambda text: bool(words(text[-1:]))).map(
    lambda text: Words(text, prefix=True)
)


def _either(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(parts, min_size=2, max_size=3)
    joined = several.map(all_of) | several.map(any_of)
    return joined.filter(lambda found: found is not None).map(_there) | parts.map(complement)


def _there(found: Expression | None) -> Expression:
    assert found is not None
    return found


leaves: st.SearchStrategy[Expression] = terms() | full_text
expressions: st.SearchStrategy[Expression] = st.recursive(leaves, _either, max_leaves=8)
"""Any expression about events in its normal form."""
expressions_on_alerts: st.SearchStrategy[Expression] = st.recursive(
    terms(tuple(Key)) | full_text, _either, max_leaves=8
)
"""Any expression about alerts in its normal form."""
