"""When names were first and last seen, and what was used for the first time: out of the rollups' combinations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlmodel import col

from store.analytics.coverage import columns_of, key_conditions, keys_of
from store.analytics.model import Dimension, Seen
from store.filters.keys import Key
from store.filters.model import Filter
from store.filters.syntax import Expression, Term, Text, all_of
from store.query.access import Access
from store.rollups.ids import DIMENSIONS, Cube
from store.rollups.tables import RollupKey

_SMALLEST_FIRST: Final = (Cube.MODEL, Cube.TYPE, Cube.TOOL, Cube.USER)
"""As they mostly are."""
_FIRST: Final = func.min(col(RollupKey.first_us))
_LAST: Final = func.max(col(RollupKey.last_us))


class Seeing:
    """Answers when something was seen."""

    def __init__(self, access: Access) -> None:
        """Read through `access`."""
        self._access = access

    def seen(self, by: Dimension, what: Filter) -> Mapping[str | None, Seen]:
        """See `AnalyticsQuestions`."""
        cubes = [cube for cube in _SMALLEST_FIRST if by.value in DIMENSIONS[cube]]
        cube = max(cubes, key=lambda one: len(_known(one, what)))
        (column,) = columns_of([by])
        rows = self._fetch([column, _FIRST, _LAST], [column], cube, all_of(_known(cube, what)))
        names = self._access.names(number for number, _, _ in rows)
        return {names[number]: Seen(first, last) for number, first, last in rows if first is not None}

    def first_uses(self, agent: str, since_us: int) -> Sequence[tuple[str, str | None, int]]:
        """See `AnalyticsQuestions`."""
        pair = columns_of([Dimension.TOOL, Dimension.SERVER])
        rows = self._fetch([*pair, _FIRST], pair, Cube.TOOL, Term(Key.AGENT, (Text(agent),)))
        new = sorted((first, *pair) for *pair, first in rows if first is not None and first >= since_us)
        names = self._access.names(number for _, *pair in new for number in pair)
        return [(text, names[server], first) for first, tool, server in new if (text := names[tool]) is not None]

    def _fetch(
        self, columns: Sequence[Any], groups: Sequence[Any], cube: Cube, what: Expression | None
    ) -> list[tuple[Any, ...]]:
        statement: Select[*tuple[Any, ...]] = select(*columns)
        conditions = key_conditions(what, self._access.scope, self._access.lookups())
        return self._access.fetch(statement.where(col(RollupKey.cube) == int(cube), *conditions).group_by(*groups))


def _known(cube: Cube, what: Filter) -> list[Expression]:
    """Return the operands of a filter that a cube knows."""
    known = {*DIMENSIONS[cube]}
    return [one for one in what.operands if (keys := keys_of(one)) is not None and {key.value for key in keys} <= known]
