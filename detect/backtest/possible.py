"""Whether an expression can hold where only some of its tests are answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from detect.rules.expression import AllOf, AnyOf, Expression, FieldTest, Negated


def field_tests(expression: Expression) -> Iterator[FieldTest]:
    """Yield the tests of an expression, as often as they stand in it."""
    match expression:
        case FieldTest():
            yield expression
        case AllOf() | AnyOf():
            for part in expression.parts:
                yield from field_tests(part)
        case Negated():
            yield from field_tests(expression.part)
        case _:
            assert_never(expression)


def outcome(expression: Expression, answers: Mapping[FieldTest, bool]) -> bool | None:
    """Return whether an expression holds; None: it depends on tests that are not answered."""
    match expression:
        case FieldTest():
            return answers.get(expression)
        case Negated():
            inner = outcome(expression.part, answers)
            return None if inner is None else not inner
        case AllOf() | AnyOf():
            deciding = isinstance(expression, AnyOf)
            parts = [outcome(part, answers) for part in expression.parts]
            if deciding in parts:
                return deciding
            return None if None in parts else not deciding
        case _:
            assert_never(expression)
