"""Reads events in order of their arrival, a few thousand with each statement, so that no writer has to wait."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, literal_column, select
from sqlmodel import col

from store import dialect
from store.filters.model import Filter
from store.query.access import Access, AnySelect
from store.replay.decoding import COLUMNS, name_numbers, observed
from store.replay.finding import times_of
from store.replay.model import ReplayQuestion, Take
from store.replay.progress import Pacing
from store.tables import Event

_BATCH: Final = 2_000
"""Events that are read and handed on together: some tens of milliseconds."""
_SEQ: Final = col(Event.seq)
_ROW: Final[list[Any]] = [literal_column(column) for column in COLUMNS]


class Arrivals:
    """Hands on the events of one question."""

    def __init__(self, access: Access, pacing: Pacing, take: Take) -> None:
        """Read through `access`, tell `pacing` how far it is, and give events to `take`."""
        self._access: Final = access
        self._pacing: Final = pacing
        self._take: Final = take
        self._scope: Final = access.compile(Filter()).rows

    def these(self, seqs: Sequence[int]) -> bool:
        """Hand on the events of these places, which are in order; return whether that was done."""
        for start in range(0, len(seqs), _BATCH):
            if not self._hand_on([dialect.is_among(_SEQ, seqs[start : start + _BATCH])]):
                return False
        return True

    def all_of(self, question: ReplayQuestion) -> bool:
        """Hand on all events of the question's time; return whether that was done."""
        bounds = self._bounds(question)
        if bounds is None:
            return not self._pacing.is_called_off()
        first, last = bounds
        times = times_of(question)
        self._pacing.found = last - first + 1
        for start in range(first, last + 1, _BATCH):
            some = _SEQ.between(start, min(start + _BATCH - 1, last))
            if not self._hand_on([some, *times], looked=min(start + _BATCH - 1, last) - first + 1):
                return False
        self._pacing.found = self._pacing.replayed
        return True

    def _bounds(self, question: ReplayQuestion) -> tuple[int, int] | None:
        """Return the first and last place of arrival of what was stated within the time; None: nothing was."""
        first, end = self._pacing.within
        whole = question.since_us is None and question.until_us is None
        times = [] if whole else [col(Event.id) >= first, col(Event.id) < end, *times_of(question)]
        found: AnySelect = select(func.min(_SEQ), func.max(_SEQ)).where(*times)
        rows = self._access.fetch_unless(found, self._pacing.is_called_off)
        return None if not rows or rows[0][0] is None else (rows[0][0], rows[0][1])

    def _hand_on(self, conditions: Sequence[ColumnElement[bool]], looked: int | None = None) -> bool:
        """Read and hand on what fulfils these; return whether that was done. `looked`: at so many of what was found."""
        pacing = self._pacing
        statement: AnySelect = Select(*_ROW)
        statement = statement.select_from(Event).where(*conditions, *self._scope).order_by(_SEQ)
        rows = self._access.fetch_unless(statement, pacing.is_called_off)
        if rows is None:
            return False
        names = self._access.names(name_numbers(rows))
        self._take([observed(row, names) for row in rows])
        pacing.replayed += len(rows)
        if looked is not None:
            pacing.looked_through(looked)
        return not pacing.is_called_off()
