"""Sums of whole hours and days, out of the rollups: one statement, however many stretches they belong to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from store import dialect
from store.analytics.coverage import columns_of
from store.analytics.model import MEASURES, Dimension
from store.analytics.planning import Plan
from store.analytics.sums import Sums
from store.query.access import Access, AnySelect
from store.rollups.ids import BUCKET_BITS, BUCKET_MASK, KEY_BITS, KEY_MASK, Cube, Level, first_id
from store.rollups.tables import Rollup, RollupDuration, RollupKey

_PIECE: Final = ("stretch", "first_id", "end_id")
_STRETCH_SHIFT: Final = KEY_BITS + BUCKET_BITS
_OF_PERIOD: Final = (1 << _STRETCH_SHIFT) - 1
"""What of a row's id tells combination and bucket."""

Stop = Callable[[], bool]


class FromRollups:
    """Reads one cube. `keys` is what its combinations of names must fulfil; none: all of them are wanted."""

    def __init__(
        self, access: Access, cube: Cube, by: Sequence[Dimension], keys: Sequence[ColumnElement[bool]]
    ) -> None:
        """Read through `access`."""
        self._access = access
        self._cube = cube
        self._by = columns_of(by)
        self._keys = keys

    def add(self, planned: Plan, into: Sums, stop: Stop, *, durations: bool) -> bool:
        """Add the days and hours of a plan; return whether that was done before `stop` became true."""
        pieces = [
            (piece.stretch, first_id(level, self._cube, piece.first), first_id(level, self._cube, piece.end))
            for level, some in ((Level.DAY, planned.days), (Level.HOUR, planned.hours))
            for piece in some
        ]
        if not pieces:
            return True
        names = [getattr(Rollup, one) for one in MEASURES]
        rows = self._access.fetch_unless(self._statement(pieces, col(Rollup.id), names, by_bucket=False), stop)
        if rows is None:
            return False
        into.add(rows)
        if not durations:
            return True
        calls = self._statement(pieces, col(RollupDuration.id), [RollupDuration.calls], by_bucket=True)
        rows = self._access.fetch_unless(calls, stop)
        if rows is not None:
            into.add_durations(rows)
        return rows is not None

    def _statement(
        self, pieces: Sequence[tuple[int, int, int]], number: Any, sums: Sequence[Any], *, by_bucket: bool
    ) -> AnySelect:
        """Return sums by stretch, names and bucket, of the rows with these ids.

        They are added up by combination first: sorting by one number, and looking up each combination once, takes half
        as long as sorting rows with names.
        """
        piece = dialect.listed("piece", _PIECE, pieces)
        place = number.op("&")(_OF_PERIOD).self_group().op("|")(piece.c.stretch.op("<<")(_STRETCH_SHIFT))
        found: AnySelect = select(place.label("place"), *(dialect.total(col(one)).label(one.key) for one in sums))
        found = found.select_from(piece)
        found = found.join_from(piece, number.table, (number >= piece.c.first_id) & (number < piece.c.end_id))
        if self._keys:
            wanted = select(col(RollupKey.id)).where(col(RollupKey.cube) == int(self._cube), *self._keys)
            found = found.where(_key_of(number).in_(wanted))
        added = found.group_by(place).subquery("added")
        groups: list[Any] = [added.c.place.op(">>")(_STRETCH_SHIFT), *self._by]
        if by_bucket:
            groups.append(added.c.place.op("&")(BUCKET_MASK))
        totals: list[Any] = [dialect.total(column) for name, column in added.c.items() if name != "place"]
        statement: AnySelect = select(*groups, *totals)
        return statement.join_from(added, RollupKey, col(RollupKey.id) == _key_of(added.c.place)).group_by(*groups)


def _key_of(number: Any) -> Any:
    """Return which combination a row's id, or a place, belongs to."""
    return number.op(">>")(BUCKET_BITS).self_group().op("&")(KEY_MASK)
