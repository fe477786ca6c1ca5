"""Tallies, histograms and facets."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any, Final

from sqlalchemy import func, select
from sqlmodel import col

from store import dialect
from store.append.minutes import TENANT_BITS
from store.events import STATUS_NAMES
from store.filters.keys import Key
from store.filters.model import Filter
from store.filters.syntax import Term, Text
from store.ids import LAST_SORT_MS, SEQ_BITS, end_id_at, first_id_at
from store.names import NO_NAME, NameKind
from store.query.access import Access
from store.service import FacetValue, Histogram, Tally
from store.tables import Event, MinuteCount

_MINUTE_US: Final = 60_000_000
_FIRST_WHOLE: Final = 1
_END_WHOLE: Final = LAST_SORT_MS * 1000 // _MINUTE_US
"""Minutes [first, end) hold only what happened in them; the two outside have all that is earlier or later, too."""
_FEW: Final = 20_000
"""Up to so many events a window is counted exactly, event by event; beyond it minutes are the finest grain."""

_NAMES: Final = {
    Key.AGENT: col(Event.agent_no),
    Key.USER: col(Event.user_no),
    Key.TENANT: col(Event.tenant_no),
    Key.HOST: col(Event.host_no),
    Key.TYPE: col(Event.type_no),
    Key.TOOL: col(Event.tool_no),
    Key.SERVER: col(Event.server_no),
    Key.MODEL: col(Event.model_no),
}
_TEXTS: Final = {
    Key.REQUEST: col(Event.request_id),
    Key.SESSION: col(Event.session_id),
    Key.TRACE: col(Event.trace_id),
    Key.CALL: col(Event.call_id),
}
_TROUBLE: Final = col(Event.trouble)
_TALLY: Final = (func.count(), dialect.total(_TROUBLE.op("&")(1)), dialect.total(_TROUBLE.op(">>")(1)))
_MINUTE_TALLY: Final = tuple(
    dialect.total(col(column)) for column in (MinuteCount.events, MinuteCount.errors, MinuteCount.denials)
)


class Numbers:
    """Answers with numbers. All count only rows with counts=1."""

    def __init__(self, access: Access) -> None:
        """Read through `access`."""
        self._access = access

    def tally(self, what: Filter, start_us: int, end_us: int) -> Tally:
        """Return the tally of a window: from minute counts where nothing is filtered, its edges from events."""
        if what:
            return self._count(what, start_us, end_us)
        first = max(-(-start_us // _MINUTE_US), _FIRST_WHOLE)
        end = min(end_us // _MINUTE_US, _END_WHOLE)
        if first >= end:
            return self._count(what, start_us, end_us)
        parts = [
            self._count(what, start_us, first * _MINUTE_US),
            self._whole_minutes(first, end),
            self._count(what, end * _MINUTE_US, end_us),
        ]
        return _sum(parts)

    def histogram(self, what: Filter, start_us: int, end_us: int, slices: int) -> Histogram:
        """Return tallies of equal slices. Unfiltered and with many events, a minute is spread evenly over them."""
        if not what:
            first, end = max(start_us // _MINUTE_US, _FIRST_WHOLE), min(-(-end_us // _MINUTE_US), _END_WHOLE)
            minutes = self._runs(first, end, _edges(start_us, end_us, slices))
            if sum(tally.events for tally in minutes.values()) > _FEW:
                tallies = _spread(minutes, start_us, end_us, slices)
                tallies[0] = _sum((tallies[0], self._count(what, start_us, _FIRST_WHOLE * _MINUTE_US)))
                tallies[-1] = _sum((tallies[-1], self._count(what, _END_WHOLE * _MINUTE_US, end_us)))
                return Histogram(start_us, end_us, tuple(tallies))
        start_ms, span_ms = start_us // 1000, max(1, (end_us - start_us) // 1000)
        number = ((col(Event.id).op(">>")(SEQ_BITS) - start_ms) * slices).op("/")(span_ms)
        counted: dict[int, Tally] = {}
        for index, *tally in self._grouped(number, what, start_us, end_us):
            place = min(max(int(index), 0), slices - 1)  # the window's edges are finer than milliseconds
            counted[place] = _sum((counted.get(place, Tally()), Tally(*tally)))
        return Histogram(start_us, end_us, tuple(counted.get(index, Tally()) for index in range(slices)))

    def facet(self, by: Key, what: Filter, start_us: int, end_us: int, limit: int) -> Sequence[FacetValue]:
        """Return a field's values with tallies, most frequent first."""
        if by is Key.STATUS:
            rows = self._grouped(col(Event.status), what, start_us, end_us, limit)
            return [FacetValue(STATUS_NAMES[int(code)], Tally(*tally)) for code, *tally in rows]
        if by in _TEXTS:
            rows = self._grouped(_TEXTS[by], what, start_us, end_us, limit)
            return [FacetValue(text, Tally(*tally)) for text, *tally in rows]
        rows = self._grouped(_NAMES[by], what, start_us, end_us, limit)
        names = self._access.names(row[0] for row in rows)
        return [FacetValue(names[number], Tally(*tally)) for number, *tally in rows]

    def related_count(self, by: Key, value: str) -> int:
        """Return how many events have this request, session, trace or call id."""
        compiled = self._access.compile(Filter(Term(by, (Text(value),))))
        statement = self._access.select((func.count(),), compiled).where(col(Event.counts) == 1).order_by(None)
        return int(self._access.fetch(statement)[0][0])

    def _count(self, what: Filter, start_us: int, end_us: int) -> Tally:
        if start_us >= end_us:
            return Tally()
        compiled, bounds = self._window(what, start_us, end_us)
        statement = self._access.select(_TALLY, compiled).where(*bounds).order_by(None)
        return Tally(*self._access.fetch(statement)[0])

    def _grouped(
        self, by: Any, what: Filter, start_us: int, end_us: int, limit: int | None = None
    ) -> list[tuple[Any, ...]]:
        compiled, bounds = self._window(what, start_us, end_us)
        statement = self._access.select((by, *_TALLY), compiled).where(*bounds).order_by(None).group_by(by)
        if limit is not None:
            statement = statement.order_by(func.count().desc(), by).limit(limit)
        return self._access.fetch(statement)

    def _window(self, what: Filter, start_us: int, end_us: int) -> tuple[Any, tuple[Any, ...]]:
        compiled = self._access.compile(what)
        order = self._access.order_column(compiled)
        bounds = (
            order >= first_id_at(start_us),
            order < end_id_at(end_us),
            col(Event.ts_us) >= start_us,
            col(Event.ts_us) < end_us,
            col(Event.counts) == 1,
        )
        return compiled, bounds

    def _runs(self, first: int, end: int, edges: Sequence[int]) -> dict[int, Tally]:
        """Return the tallies of minutes [first, end) within the scope, by the first minute of each run.

        A minute that an edge lies in is a run of its own. Empty runs may be left out.
        """
        if first >= end:
            return {}
        cut = {minute for edge_us in edges for minute in (edge_us // _MINUTE_US, edge_us // _MINUTE_US + 1)}
        runs = list(pairwise(sorted({first, end, *(minute for minute in cut if first < minute < end)})))
        found, low, high = dialect.ranges([(low << TENANT_BITS, high << TENANT_BITS) for low, high in runs])
        sums = [select(one).where(*self._between(low, high)).scalar_subquery() for one in _MINUTE_TALLY]
        rows = self._access.fetch(select(low, *sums).select_from(found))
        return {number >> TENANT_BITS: Tally(*tally) for number, *tally in rows if any(tally)}

    def _whole_minutes(self, first: int, end: int) -> Tally:
        """Return the tally of minutes [first, end), within the scope."""
        between = self._between(first << TENANT_BITS, end << TENANT_BITS)
        return Tally(*self._access.fetch(select(*_MINUTE_TALLY).where(*between))[0])

    def _between(self, low: Any, high: Any) -> list[Any]:
        key = col(MinuteCount.id)
        conditions: list[Any] = [key >= low, key < high]
        tenants = self.scope_tenants()
        if tenants is not None:
            conditions.append(key.op("&")((1 << TENANT_BITS) - 1).in_(tenants))
        return conditions

    def scope_tenants(self) -> list[int] | None:
        """Return the numbers of the tenants in scope, None where there is no limit."""
        tenants = self._access.scope.tenants
        if tenants is None:
            return None
        return self._access.lookups().find_names(NameKind.TENANT, [Text(tenant) for tenant in tenants]) or [
            -1 - NO_NAME
        ]


def _sum(parts: Sequence[Tally]) -> Tally:
    return Tally(sum(p.events for p in parts), sum(p.errors for p in parts), sum(p.denials for p in parts))


def _edges(start_us: int, end_us: int, slices: int) -> list[int]:
    return [start_us + (end_us - start_us) * index // slices for index in range(slices + 1)]


def _spread(minutes: dict[int, Tally], start_us: int, end_us: int, slices: int) -> list[Tally]:
    """Return slice tallies from the cumulative counts at the slices' edges, so that nothing is lost to rounding.

    `minutes` are whole ones, or runs of them that no edge lies in, by the first.
    """
    edges = _edges(start_us, end_us, slices)
    whole = sorted(minutes)
    columns = [
        _at_edges(whole, [minutes[minute].events for minute in whole], edges),
        _at_edges(whole, [minutes[minute].errors for minute in whole], edges),
        _at_edges(whole, [minutes[minute].denials for minute in whole], edges),
    ]
    return [Tally(*tally) for tally in zip(*([b - a for a, b in pairwise(sums)] for sums in columns), strict=True)]


def _at_edges(whole: Sequence[int], counts: Sequence[int], edges: Sequence[int]) -> list[int]:
    """Return how much lies before each edge; `counts` belong to the minutes `whole`, which are sorted."""
    sums = list(accumulate(counts, initial=0))
    before: list[int] = []
    for edge_us in edges:
        minute, into_us = divmod(edge_us, _MINUTE_US)
        index = bisect_left(whole, minute)
        cut = index < len(whole) and whole[index] == minute
        before.append(sums[index] + (counts[index] * into_us // _MINUTE_US if cut else 0))
    return before
