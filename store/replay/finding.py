"""Finds which events are to be handed on: window by window in order of time, kept as numbers of their arrival."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement
from sqlmodel import col

from store import dialect
from store.filters.compiler import Compiled
from store.query.access import Access, AnySelect
from store.replay.model import ReplayQuestion
from store.replay.progress import Pacing
from store.search.walk import ways_of
from store.search.windows import windows
from store.tables import Event

_SEQS: Final = (dialect.joined(col(Event.seq)),)


class Finding:
    """Looks for the events of one question."""

    def __init__(self, access: Access, pacing: Pacing) -> None:
        """Read through `access`, and tell `pacing` how far it is."""
        self._access: Final = access
        self._pacing: Final = pacing

    def seqs(self, question: ReplayQuestion) -> Sequence[int] | None:
        """Return in order of arrival what any alternative lets through; None: it was called off."""
        found: array[int] = array("q")
        for number in range(len(question.alternatives)):
            if not self._add(question, number, found):
                return None
        in_order = sorted(found)
        if len(question.alternatives) > 1:  # what several let through is one
            in_order = list(dict.fromkeys(in_order))
        self._pacing.found = len(in_order)
        return in_order

    def _add(self, question: ReplayQuestion, number: int, found: array[int]) -> bool:
        """Add what one alternative lets through; return whether that was done."""
        pacing, passes = self._pacing, len(question.alternatives)
        compiled = self._access.compile(question.alternatives[number])
        first = max(pacing.within[0], compiled.first_id or 0)
        end = pacing.within[1] if compiled.end_id is None else min(pacing.within[1], compiled.end_id)
        bounds = times_of(question)

        def narrowed(select: AnySelect) -> AnySelect:
            return select.where(*bounds).order_by(None)

        ways = ways_of(self._access, _SEQS, compiled, narrowed, back=False)
        if compiled.match is not None and compiled.windowed is not None and len(compiled.windowed.all_of) > 1:
            # What several terms share full text finds the fastest itself, where there is enough of it.
            ways.append(lambda first, end: narrowed(self._shared(compiled, first, end)))
        if pacing.is_called_off():
            return False
        reached = first
        for window in windows(self._access, ways, (first, end), pacing.is_called_off, back=False):
            found.extend(map(int, dialect.read_joined(window.rows[0][0])))
            reached = window.end
            pacing.found = len(found)
            pacing.reached(reached, number, passes)
            if pacing.is_called_off():
                return False
        if reached < end:
            return False
        pacing.reached(pacing.within[1], number, passes)
        return True

    def _shared(self, compiled: Compiled, first: int, end: int) -> AnySelect:
        order = self._access.order_column(compiled)
        return self._access.select(_SEQS, compiled).where(order >= first, order < end)


def times_of(question: ReplayQuestion) -> list[ColumnElement[bool]]:
    """Return the conditions that a row's stated time lies within the question's."""
    conditions: list[ColumnElement[bool]] = []
    if question.since_us is not None:
        conditions.append(col(Event.ts_us) >= question.since_us)
    if question.until_us is not None:
        conditions.append(col(Event.ts_us) < question.until_us)
    return conditions
