"""Sums taken from events, one by one: for the edges of a window, and for what the rollups do not know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, literal_column, select
from sqlmodel import col

from store import dialect
from store.analytics.figures_of import SETTLED, figures_of_events
from store.analytics.model import Dimension
from store.analytics.placing import bucket_in, place_among
from store.analytics.planning import Piece
from store.analytics.sums import Sums
from store.filters.compiler import Compiled
from store.filters.conditions import NAMES
from store.filters.keys import Key
from store.ids import end_id_at, first_id_at
from store.query.access import Access, AnySelect
from store.rollups.ids import HOUR_US
from store.rollups.tables import Price
from store.search.walk import ways_of
from store.search.windows import Ask, extent, windows
from store.tables import Event

_PIECE: Final = ("stretch", "first_id", "end_id", "start_us", "end_us")
_AT_ONCE_US: Final = 2 * HOUR_US
"""Odd pieces of so much time together are asked for at once: the two edges of a window."""
_TS: Final = col(Event.ts_us)
_TIMED: Final = (*SETTLED, col(Event.duration_us).is_not(None))

Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is added up of events: of which, told apart by what, and whether with durations."""

    compiled: Compiled
    by: Sequence[Dimension]
    durations: bool


class FromEvents:
    """Adds up events of one question. Both ways end early where `stop` becomes true."""

    def __init__(self, access: Access, wanted: Wanted, into: Sums) -> None:
        """Read through `access`."""
        self._access = access
        self._compiled = wanted.compiled
        self._durations = wanted.durations
        self._into = into
        self._names = [NAMES[Key(one.value)][1] for one in wanted.by]
        self._figures = figures_of_events(access)
        self._calls = [bucket_in("event.duration_us"), func.count()]

    def add_odd(self, pieces: Sequence[Piece], stop: Stop) -> Iterator[int]:
        """Add pieces (at least one) that lie apart, newest first; yield from which row id on everything was added."""

        def figures(first: int, end: int) -> AnySelect:
            return _with_prices(self._in_pieces(_cut(pieces, first, end), self._figures))

        def calls(first: int, end: int) -> AnySelect:
            return self._in_pieces(_cut(pieces, first, end), self._calls, apart=1).where(*_TIMED)

        ids = _ids_of(pieces)
        if sum(one.end - one.first for one in pieces) > _AT_ONCE_US:
            yield from self._walk([figures], calls, ids, stop)
        else:
            rows = self._access.fetch_unless(figures(*ids), stop)
            if rows is not None and self._add(rows, calls(*ids), stop):
                yield ids[0]

    def add_all(self, pieces: Sequence[Piece], stop: Stop) -> Iterator[int]:
        """Add pieces that lie one beside the other, as `add_odd` does, in whatever way finds events the fastest."""
        stretch = place_among("event.ts_us", [one.first for one in pieces[1:]], pieces[0].stretch)
        alone = len(pieces) == 1 and not self._names
        groups: list[Any] = [stretch, *self._names]
        within = (_TS.between(pieces[0].first, pieces[-1].end - 1),)

        def narrowed(found: AnySelect) -> AnySelect:
            found = _with_prices(found).where(*within).order_by(None)
            return found if alone else _grouped(found, len(groups))

        def calls(first: int, end: int) -> AnySelect:
            columns = [*groups, *self._calls]
            found = self._access.select_window(columns, self._compiled, first, end, newest_first=True)
            return _grouped(found.where(*within, *_TIMED).order_by(None), len(groups) + 1)

        ways = ways_of(self._access, [*groups, *self._figures], self._compiled, narrowed, back=True)
        yield from self._walk(ways, calls, _ids_of(pieces), stop)

    def _walk(
        self, ways: Sequence[Ask], calls: Callable[[int, int], AnySelect], ids: tuple[int, int], stop: Stop
    ) -> Iterator[int]:
        oldest, newest = extent(self._access)
        within = (max(ids[0], oldest), min(ids[1], newest))
        for window in windows(self._access, ways, within, stop, back=True):
            if not self._add(window.rows, calls(window.first, window.end), stop):
                return
            yield ids[0] if window.first <= within[0] else window.first
        if within[0] >= within[1]:
            yield ids[0]

    def _add(self, rows: Sequence[Sequence[Any]], calls: AnySelect, stop: Stop) -> bool:
        """Add rows of figures, and what `calls` finds where durations are asked for; return whether that was done."""
        timed = self._access.fetch_unless(calls, stop) if self._durations else []
        if timed is not None:
            self._into.add(rows)
            self._into.add_durations(timed)
        return timed is not None

    def _in_pieces(self, pieces: Sequence[tuple[int, ...]], columns: Sequence[Any], apart: int = 0) -> AnySelect:
        """Return columns over the events of pieces, told apart by stretch, names and the first `apart` columns."""
        piece = dialect.listed("piece", _PIECE, pieces)
        groups: list[Any] = [piece.c.stretch, *self._names]
        row = col(Event.id)
        found: AnySelect = select(*groups, *columns).select_from(piece)
        found = found.join_from(piece, Event, (row >= piece.c.first_id) & (row < piece.c.end_id))
        found = found.where(piece.c.start_us <= _TS, piece.c.end_us > _TS, *self._compiled.rows)
        return _grouped(found, len(groups) + apart)


def _with_prices(found: AnySelect) -> AnySelect:
    return found.outerjoin(Price, col(Price.id) == col(Event.id))


def _grouped(found: AnySelect, columns: int) -> AnySelect:
    """Return a statement whose rows are grouped by its first columns."""
    places: list[Any] = [literal_column(str(number)) for number in range(1, columns + 1)]
    return found.group_by(*places)


def _ids_of(pieces: Sequence[Piece]) -> tuple[int, int]:
    """Return between which row ids, half open, the events of pieces in order of time lie."""
    return first_id_at(pieces[0].first), end_id_at(pieces[-1].end)


def _cut(pieces: Sequence[Piece], first: int, end: int) -> list[tuple[int, ...]]:
    """Return stretch, row ids and times of what lies of pieces within the row ids [first, end)."""
    spans = ((one, first_id_at(one.first), end_id_at(one.end)) for one in pieces)
    return [(one.stretch, max(low, first), min(high, end), one.first, one.end) for one, low, high in spans
            if low < end and high > first]  # fmt: skip
