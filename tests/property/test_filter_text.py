"""The text of a filter: what is printed means what was parsed, and no text is more than a wrong query."""

from __future__ import annotations

from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from store.filters.clause import Clause, literal, value_of
from store.filters.errors import QueryError
from store.filters.keys import FACET_KEYS, Key
from store.filters.lexer import tokens_of
from store.filters.parser import parse
from store.filters.printer import canonical
from store.filters.syntax import Expression, Text
from tests.expressions import expressions, expressions_on_alerts, texts
from tests.property.examples import examples

ALPHABET: Final = 'abc:/"*()-\\,>=. ORNT\u202e\x1b\x00é'
queries = st.text(max_size=40) | st.text(alphabet=ALPHABET, max_size=30) | st.binary(max_size=40).map(
    lambda raw: raw.decode("utf-8", "surrogateescape")
)  # fmt: skip


def understood(query: str) -> tuple[Expression | None, QueryError | None]:
    """Return what a query says, or what is wrong with it."""
    try:
        return parse(query), None
    except QueryError as error:
        return None, error


@given(expressions)
def test_what_is_printed_is_read_as_the_same(expression: Expression) -> None:
    assert parse(canonical(expression)) == expression


@given(expressions_on_alerts)
def test_what_is_printed_of_alerts_is_read_as_the_same(expression: Expression) -> None:
    assert parse(canonical(expression), alerts=True) == expression


@settings(max_examples=examples(300))
@given(queries)
def test_any_text_is_a_query_or_wrong_at_a_place(query: str) -> None:
    found, error = understood(query)
    if error is None:
        assert parse(canonical(found)) == found
        return
    assert 0 <= error.start < error.end <= len(query) + 1
    assert str(error)
    first, second = error.pointed_at().split("\n")
    assert first.isprintable()
    assert second.strip(" ").strip("^") == ""


@given(queries)
def test_every_token_has_its_place_in_the_query(query: str) -> None:
    try:
        found = tokens_of(query)
    except QueryError:
        return
    assert found[-1].kind == "end"
    ends = [0, *(token.end for token in found)]
    assert all(end <= token.start <= token.end for end, token in zip(ends, found, strict=False))


@given(st.sampled_from(FACET_KEYS), st.lists(st.none() | texts, min_size=1, max_size=3), st.booleans())
def test_a_clause_says_in_the_language_what_it_means(key: Key, values: list[str | None], negated: bool) -> None:
    clause = Clause(key, tuple(dict.fromkeys(values)), negated)
    back = Clause.of(clause.expression)
    assert back is not None
    assert back.expression == clause.expression


@given(texts)
def test_a_text_taken_literally_asks_for_itself(text: str) -> None:
    assert value_of(literal(text)) == Text(text)
