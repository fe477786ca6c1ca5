"""What an expression is made of."""

from __future__ import annotations

from collections.abc import Iterator

from store.filters.syntax import And, Expression, Not, Or, Term, Words


def leaves_of(expression: Expression) -> Iterator[Term | Words]:
    """Yield the terms and words of an expression from left to right."""
    match expression:
        case Not():
            yield from leaves_of(expression.operand)
        case And() | Or():
            for operand in expression.operands:
                yield from leaves_of(operand)
        case _:
            yield expression


def has_key_of(expression: Expression, keys: tuple[str, ...]) -> bool:
    """Return whether any term of an expression has one of these keys."""
    return any(isinstance(one, Term) and one.key in keys for one in leaves_of(expression))
