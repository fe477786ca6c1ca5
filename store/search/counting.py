"""Counts, facets and the histogram of a filter: newest first, in parts, all of them from one pass over the rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import func, select
from sqlmodel import col

from store import dialect
from store.events import STATUS_NAMES
from store.filters.conditions import IDS, NAMES
from store.filters.keys import TIME_KEYS, Key
from store.filters.model import Filter
from store.filters.syntax import Term
from store.ids import SEQ_BITS, end_id_at, first_id_at, time_of_id
from store.query.access import Access, AnySelect
from store.query.numbers import Numbers
from store.search.packing import Field, Packing, Tallies
from store.search.walk import ways_of
from store.search.windows import extent, windows
from store.searching import Counted, CountQuestion
from store.service import FacetValue, Histogram, Tally
from store.tables import Event, Name

_BETWEEN_S: Final = 0.1
"""At least so long between two answers that are not the last."""
_PATIENCE_S: Final = 0.04
"""All at once is not waited for any longer than this: then it is told that nothing was counted yet."""
_STATUS_BITS: Final = 3
_SLICE: Final = "slice"

Told = Callable[[Counted], bool]


class Counting:
    """Answers with numbers."""

    def __init__(self, access: Access, numbers: Numbers, patience_s: float) -> None:
        """Read through `access`; `numbers` knows what is counted by the minute. Wait so long for all of it at once."""
        self._access = access
        self._patience_s = patience_s
        self._numbers = numbers

    def count(self, question: CountQuestion, watch: Told) -> Counted:
        """See `SearchQuestions`."""
        asked = self._without_times(question)
        run = _Run(self._access, asked, self._known(asked) if not asked.what else None)
        if run.is_known or asked.start_us >= asked.end_us:
            return run.counted(None, complete=True)
        return run.count(watch, self._patience_s)

    def _without_times(self, question: CountQuestion) -> CountQuestion:
        """Return the question whose window is as narrow as a filter of nothing but times makes it."""
        operands = question.what.operands
        times = [one for one in operands if isinstance(one, Term) and one.key in TIME_KEYS]
        if not times or len(times) < len(operands) or question.slices:
            return question
        lookups = self._access.lookups(utc=question.what.utc)
        since = [lookups.moment(one) for one in times if one.key is Key.SINCE]
        before = [lookups.moment(one) for one in times if one.key is Key.BEFORE]
        start_us, end_us = max((question.start_us, *since)), min((question.end_us, *before))
        return replace(question, what=Filter(), start_us=start_us, end_us=max(start_us, end_us))

    def _known(self, question: CountQuestion) -> tuple[Tally, Histogram | None]:
        """Return what the counts by minute tell of everything."""
        window = (question.start_us, question.end_us)
        wanted = question.slices and window[0] < window[1]
        drawn = self._numbers.histogram(question.what, *window, question.slices) if wanted else None
        return self._numbers.tally(question.what, *window), drawn


@dataclass(slots=True)
class _Sums:
    whole: list[int] = field(default_factory=lambda: [0, 0, 0])
    numbers: dict[str, Tallies] = field(default_factory=dict[str, Tallies])
    texts: dict[Key, dict[str | None, list[int]]] = field(default_factory=dict[Key, dict[str | None, list[int]]])


class _Telling:
    """Tells now and then how far it is, and remembers that all was called off."""

    def __init__(self, go_on: Callable[[], bool]) -> None:
        """`go_on` tells, and returns whether to go on."""
        self._go_on = go_on
        self._is_off = False
        self._told_at: float | None = None

    def is_called_off(self) -> bool:
        """Tell, unless that was done just now; return whether to stop."""
        now = time.monotonic()
        if self._told_at is None or now - self._told_at > _BETWEEN_S:
            self._is_off = self._is_off or not self._go_on()
            self._told_at = now
        return self._is_off


class _Run:
    """One question while it is answered."""

    def __init__(self, access: Access, question: CountQuestion, known: tuple[Tally, Histogram | None] | None) -> None:
        self._access = access
        self._question = question
        self._known = known
        self._texts = [key for key in question.facets if key in IDS]
        fields = self._fields()
        self._packing = Packing(fields)
        self._sums = _Sums(
            numbers={one.name: {} for one in fields},
            texts={key: {} for key in self._texts},
        )
        self._compiled = access.compile(question.what)
        self._reached = 0

    @property
    def is_known(self) -> bool:
        """Whether there is nothing to count."""
        return self._known is not None and not self._question.facets

    def _fields(self) -> list[Field]:
        greatest = self._access.fetch(select(func.max(col(Name.id))))[0][0] or 0
        bits = int(greatest).bit_length() + 1
        question = self._question
        named = [Field(key, NAMES[key][1], bits) for key in question.facets if key in NAMES]
        status = [Field(key, col(Event.status), _STATUS_BITS) for key in question.facets if key is Key.STATUS]
        slices = question.slices if self._known is None and question.start_us < question.end_us else 0
        return [*named, *status, *([Field(_SLICE, self._slice(), slices.bit_length())] if slices else [])]

    def _slice(self) -> Any:
        question = self._question
        start_ms = question.start_us // 1000
        span_ms = max(1, (question.end_us - question.start_us) // 1000)
        # Times are exact to the millisecond here, so that one before the window's first is in its first slice.
        number = ((col(Event.id).op(">>")(SEQ_BITS) - start_ms) * question.slices).op("/")(span_ms)
        return dialect.clamped(number, 0, question.slices - 1)

    def count(self, watch: Told, patience_s: float) -> Counted:
        """Count everything, or until called off."""
        first, end = self._bounds()
        if first >= end:
            return self.counted(None, complete=True)
        if self._known is not None and not watch(self.counted(end, complete=False)):
            return self.counted(end, complete=False)
        if patience_s and self._at_once(first, end, min(patience_s, _PATIENCE_S)):
            return self.counted(None, complete=True)
        oldest, newest = extent(self._access)
        within = (max(first, oldest), min(end, newest))
        self._reached = within[1]
        told = _Telling(lambda: watch(self.counted(self._reached, complete=False)))
        # The rows' order does not matter, so full text need not give them newest first.
        ways = ways_of(self._access, self._packing.columns, self._compiled, self._narrowed, back=False)
        if not told.is_called_off():
            for window in windows(self._access, ways, within, told.is_called_off, back=True):
                if not self._add(window.rows, window.first, window.end, told.is_called_off):
                    break
                self._reached = window.first
                if told.is_called_off():
                    break
        over = self._reached <= within[0]
        return self.counted(None if over else self._reached, complete=over)

    def _bounds(self) -> tuple[int, int]:
        compiled = self._compiled
        first, end = first_id_at(self._question.start_us), end_id_at(self._question.end_us)
        return (
            max(first, compiled.first_id or 0),
            end if compiled.end_id is None else min(end, compiled.end_id),
        )

    def _at_once(self, first: int, end: int, patience_s: float) -> bool:
        """Count everything in one go; return whether that was possible in a moment."""
        order = self._access.order_column(self._compiled)
        statement = self._access.select(self._packing.columns, self._compiled).where(order >= first, order < end)
        until = time.monotonic() + patience_s

        def is_over() -> bool:
            return time.monotonic() > until

        rows = self._access.fetch_unless(
            statement.where(*self._conditions()).order_by(None), is_over, often=self._compiled.match is not None
        )
        return rows is not None and self._add(rows, first, end, is_over)

    def _conditions(self) -> tuple[Any, ...]:
        question = self._question
        return (col(Event.counts) == 1, col(Event.ts_us) >= question.start_us, col(Event.ts_us) < question.end_us)

    def _narrowed(self, found: AnySelect) -> AnySelect:
        return found.where(*self._conditions()).order_by(None)

    def _add(self, rows: Sequence[Sequence[Any]], first: int, end: int, stop: Callable[[], bool]) -> bool:
        """Add what a window has, unless `stop` becomes true meanwhile; return whether that was done."""
        sums = self._sums
        texts: dict[Key, list[tuple[Any, ...]]] = {}
        trouble = col(Event.trouble)
        for key in self._texts:
            by = IDS[key][1]
            columns = (by, func.count(), dialect.total(trouble.op("&")(1)), dialect.total(trouble.op(">>")(1)))
            window = self._access.select_window(columns, self._compiled, first, end, newest_first=False)
            found = self._access.fetch_unless(self._narrowed(window).group_by(by), stop)
            if found is None:
                return False
            texts[key] = found
        for place, number in enumerate(self._packing.count(rows[0], sums.numbers)):
            sums.whole[place] += number
        for key, found in texts.items():
            for text, *tally in found:
                into = sums.texts[key].setdefault(text, [0, 0, 0])
                for place, number in enumerate(tally):
                    into[place] += number
        return True

    def counted(self, reached: int | None, *, complete: bool) -> Counted:
        """Return what was counted so far."""
        question = self._question
        known, drawn = self._known or (Tally(*self._sums.whole), None)
        if question.slices and drawn is None:
            slices = self._sums.numbers.get(_SLICE, {})
            tallies = (Tally(*slices.get(number, (0, 0, 0))) for number in range(question.slices))
            drawn = Histogram(question.start_us, question.end_us, tuple(tallies))
        return Counted(
            tally=known,
            facets={key: self._facet(key) for key in question.facets},
            histogram=drawn if question.slices else None,
            reached_us=None if reached is None else time_of_id(reached),
            complete=complete,
        )

    def _facet(self, key: Key) -> tuple[FacetValue, ...]:
        most = self._question.values
        if key in self._sums.texts:
            found = self._sums.texts[key]
            best = sorted(found, key=lambda text: (-found[text][0], text is not None, text or ""))[:most]
            return tuple(FacetValue(text, Tally(*found[text])) for text in best)
        tallies = self._sums.numbers[key]
        numbers = sorted(tallies, key=lambda number: (-tallies[number][0], number))[:most]
        if key is Key.STATUS:
            return tuple(FacetValue(STATUS_NAMES[number], Tally(*tallies[number])) for number in numbers)
        names = self._access.names(numbers)
        return tuple(FacetValue(names[number], Tally(*tallies[number])) for number in numbers)
