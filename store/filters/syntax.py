"""The language's expressions: frozen, typed, and in one normal form, so that equal filters are equal objects.

`all_of`, `any_of` and `complement` build them: nested conjunctions and alternatives are flat, one operand stands for
itself, and two complements cancel.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from store.filters.keys import Key

Operator = Literal["=", ">", ">=", "<", "<="]


@dataclass(frozen=True, slots=True)
class Text:
    """Exactly this text."""

    text: str


@dataclass(frozen=True, slots=True)
class Glob:
    """Texts made of these pieces with any run of characters between them; at least two pieces, some may be empty."""

    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Regex:
    """Texts in which the pattern is found."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Present:
    """Any value."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Numbers that compare so to the amount, which is in the key's own unit (see `store.filters.amounts`)."""

    operator: Operator
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Between:
    """Numbers from `low` to `high`, both included."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as it was written; what it names depends on when it is asked."""

    text: str


Value = Text | Glob | Regex | Present | Comparison | Between | Moment


@dataclass(frozen=True, slots=True)
class Term:
    """`key:value,value`: any of the values. `path` is where in the metadata to look, for the key `meta` only."""

    key: Key
    values: tuple[Value, ...]
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """Full text: these words in this order; with `prefix` the last is only how a word begins."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """The complement: what the operand does not hold for, absent values included."""

    operand: Term | Words | And | Or


@dataclass(frozen=True, slots=True)
class And:
    """All of at least two operands, none of which is a conjunction."""

    operands: tuple[Term | Words | Not | Or, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of at least two operands, none of which is an alternative."""

    operands: tuple[Term | Words | Not | And, ...]


Expression = Term | Words | Not | And | Or


def all_of(operands: Iterable[Expression]) -> Expression | None:
    """Return the conjunction; None where there are no operands: nothing is limited."""
    flat: list[Term | Words | Not | Or] = []
    for operand in operands:
        if isinstance(operand, And):
            flat.extend(operand.operands)
        else:
            flat.append(operand)
    if len(flat) > 1:
        return And(tuple(flat))
    return flat[0] if flat else None


def any_of(operands: Iterable[Expression]) -> Expression | None:
    """Return the alternative; None where there are no operands."""
    flat: list[Term | Words | Not | And] = []
    for operand in operands:
        if isinstance(operand, Or):
            flat.extend(operand.operands)
        else:
            flat.append(operand)
    if len(flat) > 1:
        return Or(tuple(flat))
    return flat[0] if flat else None


def complement(operand: Expression) -> Expression:
    """Return what the operand does not hold for."""
    return operand.operand if isinstance(operand, Not) else Not(operand)
