"""The one compiler from a filter to SQL. Values are bound or numbers of ours; no input reaches SQL or FTS syntax."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement

from store.filters.conditions import NAMES, Lookups, names_complement, term_part, words_part
from store.filters.keys import TIME_KEYS, Key
from store.filters.parts import Part, all_part, and_matches, any_part, complement_part
from store.filters.syntax import And, Expression, Not, Or, Term, Text, Words
from store.ids import end_id_at, first_id_at
from store.scope import Scope

Conditions = tuple[ColumnElement[bool], ...]


@dataclass(frozen=True, slots=True)
class Windowed:
    """A filter for walking through windows of row ids: see `store.filters.parts`.

    An answer satisfies all queries of `all_of` and none of `none_of`, and `rest` on its row.
    """

    all_of: tuple[str, ...]
    none_of: tuple[str, ...]
    rest: Conditions


@dataclass(frozen=True, slots=True)
class Compiled:
    """A filter as SQL.

    `match` is a full-text query that every answer satisfies, None where nothing can be looked up; `rest` is what must
    be checked on the rows besides it; `rows` is the whole filter as conditions on rows, for walks in another order.
    `first_id` and `end_id` bound the row id, half open.
    """

    match: str | None
    rest: Conditions
    rows: Conditions
    first_id: int | None
    end_id: int | None
    if_rare: tuple[str, Conditions] | None = None
    """`match` and `rest` with complements looked up that few rows may pass; None: there are none."""
    windowed: Windowed | None = None
    """None: nothing but `rows` is known for windows."""


def compile_filter(expression: Expression | None, scope: Scope, lookups: Lookups) -> Compiled:
    """Return an expression, narrowed to the scope, as SQL."""
    operands: list[Expression] = []
    if scope.tenants is not None:
        operands.append(Term(Key.TENANT, tuple(Text(tenant) for tenant in scope.tenants)))
    if expression is not None:
        operands.extend(expression.operands if isinstance(expression, And) else (expression,))
    parts = [_part(operand, lookups) for operand in operands]
    first, end = _bounds(operands, lookups)
    match, rest = _found_by(parts, rare=False)
    rarely, rest_of_rare = _found_by(parts, rare=True)
    return Compiled(
        match,
        rest,
        tuple(part.condition for part in parts),
        first,
        end,
        if_rare=(rarely, rest_of_rare) if rarely is not None and rarely != match else None,
        windowed=_windowed(parts),
    )


def _found_by(parts: Sequence[Part], *, rare: bool) -> tuple[str | None, Conditions]:
    """Return the query that finds the rows of all parts, and what must be checked on what it finds."""
    terms = [query for part in parts if (query := part.match or (part.if_rare if rare else None)) is not None]
    match = and_matches(terms, [part.excluded for part in parts if part.excluded is not None])
    done = [
        part.exact or (rare and part.if_rare is not None) or (part.excluded is not None and match is not None)
        for part in parts
    ]
    return match, tuple(part.condition for part, is_done in zip(parts, done, strict=True) if not is_done)


def _windowed(parts: Sequence[Part]) -> Windowed:
    walked = [query for part in parts for query in (*part.walked, *([part.if_rare] if part.if_rare else []))]
    left_out = tuple(part.left_out for part in parts if part.left_out is not None)
    done = [part.walked_exactly or part.if_rare is not None or part.left_out is not None for part in parts]
    rest = tuple(part.condition for part, is_done in zip(parts, done, strict=True) if not is_done)
    return Windowed(tuple(dict.fromkeys(walked)), left_out, rest)


def _bounds(operands: Sequence[Expression], lookups: Lookups) -> tuple[int | None, int | None]:
    """Return the row ids between which the times of a conjunction lie."""
    times = [one for one in operands if isinstance(one, Term) and one.key in TIME_KEYS]
    since = [lookups.moment(one) for one in times if one.key is Key.SINCE]
    before = [lookups.moment(one) for one in times if one.key is Key.BEFORE]
    return (first_id_at(max(since)) if since else None, end_id_at(min(before)) if before else None)


def _part(expression: Expression, lookups: Lookups) -> Part:
    match expression:
        case Words():
            return words_part(expression, lookups)
        case Term():
            return term_part(expression, lookups)
        case And():
            return all_part([_part(operand, lookups) for operand in expression.operands])
        case Or():
            return any_part([_part(operand, lookups) for operand in expression.operands])
        case Not():
            return _not(expression, lookups)


def _not(expression: Not, lookups: Lookups) -> Part:
    operand = expression.operand
    if isinstance(operand, Term) and operand.key is Key.STATUS:
        return term_part(operand, lookups, negated=True)
    if isinstance(operand, Term) and operand.key in NAMES:
        return names_complement(operand, lookups)
    return complement_part(_part(operand, lookups), words=isinstance(operand, Words))
