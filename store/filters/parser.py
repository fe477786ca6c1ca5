"""From the text of a query to its expression."""

from __future__ import annotations

from typing import Final

from store.filters.errors import QueryError
from store.filters.lexer import Token, tokens_of
from store.filters.syntax import Expression, Term, Text, all_of, any_of, complement
from store.filters.terms import read_term

_DEEPEST: Final = 64
"""Parentheses and complements within each other."""
_MOST_PARTS: Final = 400
"""Terms, and values that are compared one by one: what a database can take in one statement. Plain values are free."""


def parse(query: str, *, alerts: bool = False) -> Expression | None:
    """Return the expression of a query; None where it is empty or only blanks: nothing is limited.

    With `alerts` the keys of alerts are known, too.

    Raises:
        QueryError: it cannot be understood; the error says where and why.
    """
    return _Parser(query, alerts=alerts).parse()


class _Parser:
    """Recursive descent: alternatives of conjunctions of terms."""

    def __init__(self, query: str, *, alerts: bool) -> None:
        self._query = query
        self._alerts = alerts
        self._tokens = tokens_of(query)
        self._at = 0
        self._parts = 0

    def parse(self) -> Expression | None:
        if self._next().kind == "end":
            return None
        found = self._alternatives(0)
        if self._next().kind == ")":
            raise self._wrong(self._next(), "this parenthesis closes nothing")
        return found

    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _alternatives(self, depth: int) -> Expression:
        operands = [self._conjunction(depth)]
        while self._next().kind == "or":
            operator = self._take()
            if self._next().kind in ("end", ")", "or", "and"):
                raise self._wrong(operator, 'something must stand on both sides of OR (write "OR" for the word)')
            operands.append(self._conjunction(depth))
        found = any_of(operands)
        assert found is not None
        return found

    def _conjunction(self, depth: int) -> Expression:
        if self._next().kind in ("or", "and"):
            word = self._query[self._next().start : self._next().end]
            raise self._wrong(self._next(), f'something must stand before {word} (write "{word}" for the word)')
        operands: list[Expression] = []
        while self._next().kind not in ("end", ")", "or"):
            if self._next().kind == "and":
                operator = self._take()
                if self._next().kind in ("end", ")", "or", "and"):
                    raise self._wrong(operator, 'something must stand on both sides of AND (write "AND" for the word)')
                continue
            operands.append(self._operand(depth))
        found = all_of(operands)
        if found is None:
            raise self._wrong(self._next(), "something must stand between the parentheses")
        return found

    def _operand(self, depth: int) -> Expression:
        token = self._take()
        if depth >= _DEEPEST:
            raise self._wrong(token, f"parentheses and complements go at most {_DEEPEST} deep")
        if token.kind == "not":
            if self._next().kind not in ("term", "(", "not"):
                raise self._wrong(token, 'something must follow (write "NOT" for the word)')
            return complement(self._operand(depth + 1))
        if token.kind == "(":
            found = self._alternatives(depth + 1)
            if self._next().kind != ")":
                raise self._wrong(token, "this parenthesis is not closed")
            self._take()
            return found
        return self._term(token)

    def _term(self, token: Token) -> Expression:
        term = read_term(self._query, token.start, token.end, alerts=self._alerts)
        values = term.values if isinstance(term, Term) else ()
        self._parts += 1 + sum(1 for value in values if not isinstance(value, Text))
        if self._parts > _MOST_PARTS:
            raise self._wrong(
                token, f"a query has at most {_MOST_PARTS} terms and patterns: drop what stands from here on"
            )
        return term

    def _wrong(self, token: Token, problem: str) -> QueryError:
        return QueryError(self._query, token.start, token.end, problem)
