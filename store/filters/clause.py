"""The simple form that pickers, clicks and flags speak: one key, some values, kept or left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

from store.filters.keys import CLAUSE_KEYS, Key
from store.filters.syntax import Expression, Glob, Not, Or, Present, Term, Text, Value, any_of, complement

_STAR: Final = re.compile(r"(\\\*|\*)")


@dataclass(frozen=True, slots=True)
class Clause:
    """One `key:value,value`.

    `values` is never empty; None among them stands for "no value at all", and `*` in a text for any run of characters
    (see `literal`). `negated` is the complement: `-agent:x` keeps events without an agent.
    """

    key: Key
    values: tuple[str | None, ...]
    negated: bool = False

    @property
    def expression(self) -> Expression:
        """The clause in the language: no value at all is `-key:*` there."""
        texts = tuple(dict.fromkeys(value_of(value) for value in self.values if value is not None))
        kept: list[Expression] = [Term(self.key, texts)] if texts else []
        if None in self.values:
            kept.append(Not(Term(self.key, (Present(),))))
        found = any_of(kept)
        if found is None:
            raise ValueError("a clause has at least one value")
        return complement(found) if self.negated else found

    @classmethod
    def of(cls, expression: Expression) -> Self | None:
        """Return the clause that says what an expression does, None where it takes more than one."""
        negated = isinstance(expression, Not)
        found = _kept(expression.operand if isinstance(expression, Not) else expression)
        if found is None:
            return None
        key, values = found
        if values == ("*",):  # no value at all, seen from the other side
            return cls(key, (None,), negated=not negated)
        return cls(key, values, negated)


def _kept(expression: Expression) -> tuple[Key, tuple[str | None, ...]] | None:
    if isinstance(expression, Term):
        values = [_text_of(value) for value in expression.values]
        texts = tuple(value for value in values if value is not None)
        known = expression.key in CLAUSE_KEYS and len(texts) == len(values)
        return (expression.key, texts) if known else None
    if not isinstance(expression, Or) or len(expression.operands) != 2:  # noqa: PLR2004 (values, and none at all)
        return None
    kept, without = expression.operands
    found = _kept(kept)
    if found is None or without != Not(Term(found[0], (Present(),))):
        return None
    return found[0], (*found[1], None)


def literal(text: str) -> str:
    """Return a text as a value that matches only itself."""
    return text.replace("*", r"\*")


def value_of(text: str) -> Value:
    r"""Return a value as people give it to a flag: `*` is any run of characters, `\*` a star, all else itself."""
    pieces = [""]
    for part in _STAR.split(text):
        if part == "*":
            pieces.append("")
        else:
            pieces[-1] += "*" if part == r"\*" else part
    if len(pieces) == 1:
        return Text(pieces[0])
    last = len(pieces) - 1
    kept = tuple(piece for place, piece in enumerate(pieces) if piece or place in (0, last))
    return Present() if kept == ("", "") else Glob(kept)


def _text_of(value: Value) -> str | None:
    match value:
        case Text(text):
            return literal(text)
        case Glob(pieces):
            return "*".join(map(literal, pieces))
        case Present():
            return "*"
        case _:
            return None
