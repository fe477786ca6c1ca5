"""Finds what a filter lets through, in order of time: at once where that can be looked up, else window by window."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlmodel import col

from store.filters.compiler import Compiled
from store.ids import LAST_SORT_MS, OVERFLOW_MS, SEQ_BITS
from store.query.access import Access, AnySelect
from store.search.stretches import Stretches
from store.search.windows import Ask, extent, windows
from store.tables import Event

PATIENCE_S: Final = 0.06
"""How long the answer is waited for before the walk begins: so that it begins to tell within a tenth of a second."""
_RARE_AFTER_S: Final = 0.01
"""How long rows are looked at for a complement before the complement itself is looked up."""
_BACKWARDS_S: Final = 0.03
"""How long rows that several terms share are looked for backwards, which is fast where there are many of them."""
EVERY_ID: Final = (0, LAST_SORT_MS + OVERFLOW_MS + 1 << SEQ_BITS)
COUNTED: Final = (col(Event.counts) == 1,)

Told = Callable[[int, int], bool]
"""Gets the row id up to which was searched, and how many rows were found; returns whether to go on."""


@dataclass(frozen=True, slots=True)
class Walked:
    """What was found, in the order of the walk; `reached` is the row id up to which was searched.

    `complete` False: the walk was called off before it had found enough or seen all.
    """

    rows: list[tuple[Any, ...]]
    reached: int
    complete: bool


def go_on(_reached: int, _found: int) -> bool:
    """Never call a walk off."""
    return True


class Walk:
    """Walks over the events of one filter."""

    def __init__(
        self, access: Access, compiled: Compiled, columns: Sequence[Any], *, patience_s: float = PATIENCE_S
    ) -> None:
        """Read `columns`, the first of which is the row id; wait `patience_s` for an answer at once, 0: never."""
        self._access = access
        self._patience_s = patience_s
        self._compiled = compiled
        self._columns = tuple(columns)

    def find(self, within: tuple[int, int], limit: int, told: Told = go_on, *, back: bool) -> Walked:
        """Return the newest (else the oldest) so many rows with ids in [first, end)."""
        first = max(within[0], self._compiled.first_id or 0)
        end = within[1] if self._compiled.end_id is None else min(within[1], self._compiled.end_id)
        rows = self.at_once((first, end), limit, back=back) if self._patience_s else None
        if rows is None:
            return self._in_windows((first, end), limit, told, back=back)
        reached = rows[-1][0] if len(rows) == limit else first if back else end
        return Walked(rows, reached, complete=True)

    def at_once(self, within: tuple[int, int], limit: int, *, back: bool) -> list[tuple[Any, ...]] | None:
        """Return what `find` does, None where that takes longer than a moment."""
        if within[0] >= within[1]:
            return []
        compiled = self._compiled
        rarely = compiled.if_rare
        patience_s = self._patience_s if rarely is None else _RARE_AFTER_S
        rows = self._try(compiled, within, limit, patience_s, back=back)
        if rows is None and rarely is not None:
            looked_up = replace(compiled, match=rarely[0], rest=rarely[1])
            rows = self._try(looked_up, within, limit, self._patience_s, back=back)
        return rows

    def _try(
        self, compiled: Compiled, within: tuple[int, int], limit: int, limit_s: float, *, back: bool
    ) -> list[tuple[Any, ...]] | None:
        until = time.monotonic() + limit_s

        def is_over() -> bool:
            return time.monotonic() > until

        seeks = back and compiled.match is not None and "*" not in compiled.match
        if seeks and within[1] < EVERY_ID[1]:
            return Stretches(self._access, compiled, self._columns).newest(within, limit, is_over)
        several = seeks and compiled.windowed is not None and len(compiled.windowed.all_of) > 1
        direct_until = time.monotonic() + min(limit_s, _BACKWARDS_S if several else limit_s)
        order = self._access.order_column(compiled)
        statement = self._access.select(self._columns, compiled, newest_first=back)
        statement = statement.where(order >= within[0], order < within[1], *COUNTED).limit(limit)
        often = compiled.match is not None
        rows = self._access.fetch_unless(statement, lambda: time.monotonic() > direct_until, often=often)
        if rows is None and several:
            return Stretches(self._access, compiled, self._columns).newest(within, limit, is_over)
        return rows

    def _in_windows(self, within: tuple[int, int], limit: int, told: Told, *, back: bool) -> Walked:
        oldest, newest = extent(self._access)
        first, end = max(within[0], oldest), min(within[1], newest)
        way = _Way(told, [], end if back else first)

        def narrowed(found: AnySelect) -> AnySelect:
            return found.where(*COUNTED).limit(limit - len(way.rows))

        if way.is_called_off():
            return Walked([], way.reached, complete=False)
        ways = ways_of(self._access, self._columns, self._compiled, narrowed, back=back)
        for window in windows(self._access, ways, (first, end), way.is_called_off, back=back):
            way.rows += window.rows
            way.reached = window.first if back else window.end
            if len(way.rows) >= limit:
                return Walked(way.rows, way.rows[-1][0], complete=True)
            if way.is_called_off():
                break
        over = way.reached <= first if back else way.reached >= end
        return Walked(way.rows, way.reached, complete=over)


def ways_of(
    access: Access,
    columns: Sequence[Any],
    compiled: Compiled,
    narrowed: Callable[[AnySelect], AnySelect],
    *,
    back: bool,
) -> list[Ask]:
    """Return the ways to ask about a window: by what full text finds there, and by looking at all its rows.

    Where most rows pass, looking at all of them is several times faster than fetching each.
    """
    plain = replace(compiled, windowed=None)
    kinds = (compiled, plain) if compiled.windowed and compiled.windowed.all_of else (plain,)

    def way(kind: Compiled) -> Ask:
        return lambda first, end: narrowed(access.select_window(columns, kind, first, end, newest_first=back))

    return [way(kind) for kind in kinds]


@dataclass(slots=True)
class _Way:
    """How far a walk is."""

    told: Told
    rows: list[tuple[Any, ...]]
    reached: int

    def is_called_off(self) -> bool:
        return not self.told(self.reached, len(self.rows))
