"""The newest rows that full text finds before a place, asked for forwards in a stretch before it that grows.

Full text skips what lies before a place forwards only. Backwards it can go through all that a common term has, row by
row: a page in the middle of ten million events, or rows that a common and a rare term share, would take the longer the
further away they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlmodel import col

from store import dialect
from store.filters.compiler import Compiled
from store.query.access import Access, AnySelect
from store.tables import Event

EVENTS: Final = 2_000
"""Events of the first stretch: looking through them takes a millisecond."""
_GROWTH: Final = (1.5, 64.0)
_MARGIN: Final = 1.3
"""A stretch that is a little too long costs less than another one."""


class Stretches:
    """Finds events by the full text of one filter, which has to have some, in stretches."""

    def __init__(self, access: Access, compiled: Compiled, columns: Sequence[Any], *, events: int = EVENTS) -> None:
        """Read `columns`; the first stretch holds `events` events, whether they pass or not."""
        self._access = access
        self._compiled = compiled
        self._columns = tuple(columns)
        self._events = events

    def newest(self, within: tuple[int, int], limit: int, stop: Callable[[], bool]) -> list[tuple[Any, ...]] | None:
        """Return the newest `limit` rows with ids in [first, end), newest first; None where `stop` became true.

        Raises:
            StoreError: the store cannot be read.
        """
        rows: list[tuple[Any, ...]] = []
        cut, end = self._first(within)
        while cut < end:
            statement = self._found_between(cut, end).limit(limit - len(rows))
            found = self._access.fetch_unless(statement, stop, often=True)
            if found is None:
                return None
            rows += found
            if len(rows) >= limit:
                break
            growth = _MARGIN * (limit - len(rows)) / max(len(found), 1)
            size = (end - cut) * min(max(growth, _GROWTH[0]), _GROWTH[1])
            cut, end = max(within[0], cut - int(size)), cut
        return rows

    def _first(self, within: tuple[int, int]) -> tuple[int, int]:
        """Return the row ids, half open, of the first stretch; equal ones where there are no events."""
        row_id = col(Event.id)
        some = select(row_id).where(row_id >= within[0], row_id < within[1])
        newest = some.order_by(row_id.desc()).limit(self._events).subquery()
        asked = select(func.count(), func.min(newest.c.id), func.max(newest.c.id)).select_from(newest)
        found, lowest, highest = self._access.fetch(asked)[0]
        if not found:
            return within[0], within[0]
        return (lowest if found == self._events else within[0]), highest + 1

    def _found_between(self, first: int, end: int) -> AnySelect:
        row_id = col(Event.id)
        found = dialect.found_in_window(self._compiled.match or "", first, end)
        statement: AnySelect = Select(*self._columns)
        statement = statement.select_from(Event).where(row_id.in_(found), *self._compiled.rest)
        return statement.where(col(Event.counts) == 1).order_by(row_id.desc())
