"""The facets of a result as rows: for each key its most frequent values under the present filter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from store.filters.clause import Clause, literal
from store.filters.keys import Key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from store.filters.model import Filter
    from store.service import FacetValue

FACETS: Final = (Key.AGENT, Key.STATUS, Key.TOOL, Key.USER, Key.TYPE, Key.TENANT, Key.SERVER, Key.MODEL)
"""The keys that are shown, in this order."""
UNFOLDED: Final = frozenset({Key.AGENT, Key.STATUS, Key.TOOL, Key.USER, Key.TYPE, Key.TENANT})
"""Those that are counted without being asked for."""
FEW: Final = 5
"""Values that a group shows to begin with."""
MOST: Final = 100
"""Values that are counted of each key."""


class Fold(IntEnum):
    """How much of a group is shown."""

    HEADING = 0
    FEW = 1
    ALL = 2


@dataclass(frozen=True, slots=True)
class GroupRow:
    """The heading of a key; `values` is how many there are (None: not counted), `surely` False: there may be more."""

    key: Key
    values: int | None
    surely: bool
    fold: Fold


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One value. `events` None: not counted yet; `most` is the largest of its group.

    Of a value that is left out they are those that the filter would let through if it did not leave it out.
    """

    key: Key
    value: str | None
    events: int | None
    most: int
    kept: bool = False
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class MoreRow:
    """How many values of a key are not shown."""

    key: Key
    hidden: int


FacetRow = GroupRow | ValueRow | MoreRow


def clauses_of(what: Filter, key: Key) -> list[Clause]:
    """Return what a filter says about a key in the simple form."""
    clauses = [Clause.of(operand) for operand in what.operands]
    return [clause for clause in clauses if clause is not None and clause.key is key]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A value that a filter leaves out, as its clause has it; `instead` passes just what that keeps out."""

    key: Key
    value: str | None
    instead: Filter


def left_out(what: Filter, keys: Collection[Key]) -> Iterator[LeftOut]:
    """Yield every value of these keys that a filter leaves out."""
    operands = what.operands
    for at, operand in enumerate(operands):
        clause = Clause.of(operand)
        if clause is None or not clause.negated or clause.key not in keys:
            continue
        for value in clause.values:
            kept = Clause(clause.key, (value,)).expression
            yield LeftOut(clause.key, value, what.with_operands([*operands[:at], kept, *operands[at + 1 :]]))


Hidden = Mapping[tuple[Key, str | None], int]
"""How many events each value that is left out, as its clause has it, keeps out."""


def facet_rows(
    counted: Mapping[Key, Sequence[FacetValue]],
    what: Filter,
    folds: Mapping[Key, Fold],
    hidden: Hidden = MappingProxyType({}),
    *,
    complete: bool,
) -> Iterator[FacetRow]:
    """Yield every group with its values; a key that was not counted has a heading only."""
    for key in FACETS:
        values = counted.get(key)
        fold = folds.get(key, Fold.FEW if key in UNFOLDED else Fold.HEADING)
        surely = complete and values is not None and len(values) < MOST
        yield GroupRow(key, None if values is None else len(values), surely, fold)
        if fold is not Fold.HEADING:
            yield from _values(key, values or (), what, fold, hidden)


def _values(key: Key, values: Sequence[FacetValue], what: Filter, fold: Fold, hidden: Hidden) -> Iterator[FacetRow]:
    clauses = clauses_of(what, key)
    kept = {_plain(value) for clause in clauses if not clause.negated for value in clause.values}
    out = {_plain(value): hidden.get((key, value)) for clause in clauses if clause.negated for value in clause.values}
    most = max((one.tally.events for one in values), default=0)
    shown = values if fold is Fold.ALL else values[:FEW]
    for one in shown:
        yield ValueRow(key, one.value, one.tally.events, most, kept=one.value in kept)
    found = {one.value for one in values}
    for value in sorted(kept - found, key=str):
        yield ValueRow(key, value, 0, most, kept=True)
    for value in sorted(out, key=str):
        yield ValueRow(key, value, out[value], most, left_out=True)
    if len(values) > len(shown):
        yield MoreRow(key, len(values) - len(shown))


def _plain(value: str | None) -> str | None:
    return None if value is None else value.replace(r"\*", "*")


def toggled(what: Filter, row: ValueRow, *, negated: bool) -> Filter:
    """Return the filter after a value was chosen.

    One that the filter has already is taken out of it again; others join what is kept (left out) of their key.
    """
    kept = None if row.value is None else literal(row.value)
    clauses = clauses_of(what, row.key)
    for clause in clauses:
        if clause.negated is (row.left_out or (negated and not row.kept)) and kept in clause.values:
            return _without(what, clause, kept)
    same = next((clause for clause in clauses if clause.negated is negated), None)
    values = (*(same.values if same is not None else ()), kept)
    return what.with_clause(Clause(row.key, tuple(dict.fromkeys(values)), negated=negated))


def _without(what: Filter, clause: Clause, value: str | None) -> Filter:
    operands = list(what.operands)
    at = next(index for index, one in enumerate(operands) if Clause.of(one) == clause)
    rest = tuple(one for one in clause.values if one != value)
    operands[at : at + 1] = [Clause(clause.key, rest, clause.negated).expression] if rest else []
    return what.with_operands(operands)
