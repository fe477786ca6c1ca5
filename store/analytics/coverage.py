"""Which cube of the rollups knows all that a question is about: its dimensions and the terms of its filter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, false, not_, or_
from sqlmodel import col

from store import dialect
from store.analytics.model import Dimension
from store.filters.conditions import Lookups
from store.filters.keys import TIME_KEYS, Key
from store.filters.model import Filter
from store.filters.syntax import And, Expression, Not, Or, Present, Term, Text, all_of
from store.name_kind import NameKind
from store.names import NO_NAME
from store.rollups.ids import DIMENSIONS, Cube
from store.rollups.tables import RollupKey
from store.scope import Scope

COLUMNS: Final[Mapping[Key, tuple[NameKind, Any]]] = {
    Key.AGENT: (NameKind.AGENT, col(RollupKey.agent_no)),
    Key.USER: (NameKind.USER, col(RollupKey.user_no)),
    Key.TENANT: (NameKind.TENANT, col(RollupKey.tenant_no)),
    Key.TYPE: (NameKind.TYPE, col(RollupKey.type_no)),
    Key.TOOL: (NameKind.TOOL, col(RollupKey.tool_no)),
    Key.SERVER: (NameKind.SERVER, col(RollupKey.server_no)),
    Key.MODEL: (NameKind.MODEL, col(RollupKey.model_no)),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter, its times apart from the rest. `since_us` and `before_us`: what it says of the window, None: nothing.

    `names`: the rest, None where nothing is left. `keys`: the keys of names in it; None: it asks for more than names.
    """

    names: Expression | None
    keys: frozenset[Key] | None
    since_us: int | None
    before_us: int | None


def asked_of(what: Filter, moment: Callable[[Term], int]) -> Asked:
    """Return a filter taken apart; `moment` tells which time a term names, in UTC microseconds."""
    times = [one for one in what.operands if isinstance(one, Term) and one.key in TIME_KEYS]
    rest = all_of(one for one in what.operands if not (isinstance(one, Term) and one.key in TIME_KEYS))
    since = [moment(one) for one in times if one.key is Key.SINCE]
    before = [moment(one) for one in times if one.key is Key.BEFORE]
    keys = frozenset[Key]() if rest is None else keys_of(rest)
    return Asked(rest, keys, max(since, default=None), min(before, default=None))


def keys_of(expression: Expression) -> frozenset[Key] | None:
    """Return the keys of the names that an expression asks for; None where it asks for anything else."""
    if isinstance(expression, Term):
        return frozenset({expression.key}) if expression.key in COLUMNS else None
    if isinstance(expression, Not):
        return keys_of(expression.operand)
    if isinstance(expression, And | Or):
        found = [keys_of(one) for one in expression.operands]
        known = [one for one in found if one is not None]
        return frozenset[Key]().union(*known) if len(known) == len(found) else None
    return None


def cubes_with(dimensions: Iterable[Dimension], keys: frozenset[Key]) -> list[Cube]:
    """Return the cubes that have all of these dimensions and keys; there may be none."""
    wanted = {*(one.value for one in dimensions), *(one.value for one in keys)}
    return [cube for cube in Cube if wanted <= {*DIMENSIONS[cube]}]


def key_conditions(expression: Expression | None, scope: Scope, lookups: Lookups) -> list[ColumnElement[bool]]:
    """Return what a combination of names must fulfil to pass the filter and lie within the scope."""
    conditions: list[ColumnElement[bool]] = []
    if scope.tenants is not None:
        conditions.append(_names(Term(Key.TENANT, tuple(Text(one) for one in scope.tenants)), lookups))
    if expression is not None:
        conditions.append(_condition(expression, lookups))
    return conditions


def columns_of(dimensions: Sequence[Dimension]) -> list[Any]:
    """Return the columns of `rollup_key` that hold the numbers of these names."""
    return [COLUMNS[Key(one.value)][1] for one in dimensions]


def _condition(expression: Expression, lookups: Lookups) -> ColumnElement[bool]:
    match expression:
        case Term():
            return _names(expression, lookups)
        case Not():
            return not_(_condition(expression.operand, lookups))
        case And():
            return and_(*(_condition(one, lookups) for one in expression.operands))
        case Or():
            return or_(*(_condition(one, lookups) for one in expression.operands))
        case _:
            raise ValueError("the rollups know names only")


def _names(term: Term, lookups: Lookups) -> ColumnElement[bool]:
    kind, column = COLUMNS[term.key]
    if Present() in term.values:
        return column != NO_NAME
    numbers = lookups.find_names(kind, term.values)
    return dialect.is_among(column, numbers) if numbers else false()
