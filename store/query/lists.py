"""Pages of events in time order, arrivals, and single events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import func, select
from sqlmodel import col

from store import dialect
from store.append.calls import CALL, RESULT
from store.events import DENIAL, ERROR, EventDetail, EventSummary
from store.filters.keys import Key
from store.filters.model import Filter
from store.filters.syntax import And, Term, Text
from store.ids import first_id_at
from store.query import canonical
from store.query.access import Access
from store.query.rows import DETAIL_COLUMNS, SUMMARY_COLUMNS, detail, summaries
from store.search.pages import Pages
from store.search.walk import EVERY_ID, Walk
from store.service import Arrivals, Page
from store.tables import Event

_COUNTED = col(Event.counts) == 1
_CONTEXT: Final = (col(Event.session_id), col(Event.request_id), col(Event.trace_id), col(Event.agent_no))
"""Within one of these a short call id is unique."""
_CANDIDATES: Final = 100
"""Events with the same call id that are looked at for a call's other part."""


class Lists:
    """Answers with events."""

    def __init__(self, access: Access) -> None:
        """Read through `access`."""
        self._access = access
        self._pages = Pages(access)

    def newest(self, what: Filter, limit: int) -> Page:
        """Return the newest events by event time."""
        return self._pages.walk(what, None, limit, older=True).page

    def oldest(self, what: Filter, limit: int) -> Page:
        """Return the oldest events by event time."""
        return self._pages.walk(what, None, limit, older=False).page

    def older(self, what: Filter, before_id: int, limit: int) -> Page:
        """Return the events just before an id."""
        return self._pages.walk(what, before_id, limit, older=True).page

    def newer(self, what: Filter, after_id: int, limit: int) -> Page:
        """Return the events just after an id."""
        return self._pages.walk(what, after_id, limit, older=False).page

    def at_time(self, what: Filter, ts_us: int, limit: int) -> Page:
        """Return events around a time: half before it, half at or after it."""
        first = first_id_at(ts_us)
        before = self._pages.walk(what, first, limit // 2, older=True, look_behind=False).page
        after = self._pages.walk(what, first - 1, limit - limit // 2, older=False, look_behind=False).page
        return Page((*before.rows, *after.rows), before.has_older, after.has_newer)

    def arrivals(self, what: Filter, after_seq: int, limit: int) -> Arrivals:
        """Return what arrived after a `seq`: numbers over all of it, and its newest `limit` rows."""
        last = self._access.last_seq()
        compiled = self._access.compile(what)
        fresh = (col(Event.seq) > after_seq, col(Event.seq) <= last, _COUNTED, *compiled.rows)
        newest = select(*SUMMARY_COLUMNS).where(*fresh).order_by(col(Event.seq).desc()).limit(limit)
        rows = self._access.fetch(newest)
        rows.reverse()
        if len(rows) < limit:
            shown = summaries(self._access, rows)
            return Arrivals(shown, 0, len(rows), _with(shown, ERROR), _with(shown, DENIAL), last)
        trouble = col(Event.trouble)
        numbers = select(func.count(), dialect.total(trouble.op("&")(1)), dialect.total(trouble.op(">>")(1)))
        matched, errors, denials = self._access.fetch(numbers.where(*fresh))[0]
        return Arrivals(summaries(self._access, rows), matched - len(rows), matched, errors, denials, last)

    def next_trouble(self, what: Filter, from_id: int, trouble: int, *, forward: bool) -> int | None:
        """Return the nearest event with the `trouble` bit after (before) an id, None where there is none."""
        has = Term(Key.HAS, (Text("error" if trouble == ERROR else "denial"),))
        walk = Walk(self._access, self._access.compile(what.also(has)), (col(Event.id),))
        within = (from_id + 1, EVERY_ID[1]) if forward else (EVERY_ID[0], from_id)
        found = walk.find(within, 1, back=not forward).rows
        return found[0][0] if found else None

    def detail(self, event_row_id: int) -> EventDetail | None:
        """Return one event whole, None where it is gone or out of scope."""
        row = self._one(DETAIL_COLUMNS, event_row_id)
        return None if row is None else detail(self._access, row, self._partner(event_row_id))

    def canonical_json(self, event_row_id: int) -> str | None:
        """Return one event as canonical JSON, None where it is gone or out of scope."""
        row = self._one(canonical.COLUMNS, event_row_id)
        return None if row is None else canonical.json_bytes(self._access, row).decode()

    def _one(self, columns: tuple[Any, ...], row_id: int) -> tuple[Any, ...] | None:
        compiled = self._access.compile(Filter())
        rows = self._access.fetch(select(*columns).where(col(Event.id) == row_id, *compiled.rows))
        return rows[0] if rows else None

    def _partner(self, row_id: int) -> EventSummary | None:
        """Return the other part of a call: the next result after a call, the last call before a result."""
        asked = self._one((col(Event.call_id), col(Event.type_no), *_CONTEXT), row_id)
        if asked is None or asked[0] is None:
            return None
        call_id, type_no, *context = asked
        forward = self._access.names((type_no,))[type_no] == CALL
        other = RESULT if forward else CALL
        same_call = And((Term(Key.CALL, (Text(call_id),)), Term(Key.TYPE, (Text(other),))))
        compiled = self._access.compile(Filter(same_call))
        columns = (*_CONTEXT, *SUMMARY_COLUMNS)
        statement = self._access.select(columns, compiled, newest_first=not forward).where(_COUNTED)
        order = self._access.order_column(compiled)
        rows = self._access.fetch(statement.where(order > row_id if forward else order < row_id).limit(_CANDIDATES))
        found = _in_context(context, rows)
        return None if found is None else summaries(self._access, [found[len(_CONTEXT) :]])[0]


def _in_context(context: Sequence[Any], rows: Sequence[tuple[Any, ...]]) -> tuple[Any, ...] | None:
    """Return the first row in the same `_CONTEXT`: the first thing that both state is equal.

    Else the first that states nothing in common: a long call id is unique everywhere.
    """
    open_to_all = None
    for row in rows:
        both = [mine == its for mine, its in zip(context, row, strict=False) if mine and its]
        if both and both[0]:
            return row
        if not both and open_to_all is None:
            open_to_all = row
    return open_to_all


def _with(rows: tuple[EventSummary, ...], bit: int) -> int:
    return sum(1 for row in rows if row.trouble & bit)
