"""Looks at a little of many events, in order of time, to find those that are worth reading whole.

Rows lie in order of time: read in it, and only the columns that are asked for, they cost a fraction of what the same
rows cost whole and in order of arrival.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Final

from store.filters.model import Filter
from store.filters.syntax import any_of
from store.query.access import Access
from store.replay.finding import times_of
from store.replay.model import Choosing, ReplayQuestion
from store.replay.progress import Pacing
from store.replay.some_fields import SomeFields

_BATCH: Final = 3_000
"""Events that are read and looked at together: some tens of milliseconds."""


class Looking:
    """Shows the events of one question to who chooses among them."""

    def __init__(self, access: Access, pacing: Pacing, choosing: Choosing) -> None:
        """Read through `access`, and tell `pacing` how far it is."""
        self._access: Final = access
        self._pacing: Final = pacing
        self._choosing: Final = choosing
        self._fields: Final = SomeFields(choosing.fields)

    def seqs(self, question: ReplayQuestion) -> Sequence[int] | None:
        """Return in order of arrival what was chosen; None: it was called off."""
        if not self._show_all(question):
            return None
        found: array[int] = array("q")
        for some in self._choosing.chosen():
            found.extend(some)
            if self._pacing.is_called_off():
                return None
        in_order = sorted(set(found))
        self._pacing.found = len(in_order)
        return in_order

    def _show_all(self, question: ReplayQuestion) -> bool:
        """Show what any alternative lets through, in one walk; return whether that was done."""
        pacing = self._pacing
        passed = [what.expression for what in question.alternatives]
        whole = None if None in passed or not passed else any_of(one for one in passed if one is not None)
        compiled = self._access.compile(Filter(whole))
        first = max(pacing.within[0], compiled.first_id or 0)
        end = pacing.within[1] if compiled.end_id is None else min(pacing.within[1], compiled.end_id)
        bounds = times_of(question)
        while first < end:
            statement = self._access.select_window(self._fields.columns, compiled, first, end, newest_first=False)
            # Rows are taken from the cursor many at a time: one by one costs more than reading them.
            some = statement.where(*bounds).limit(_BATCH).execution_options(yield_per=_BATCH)
            rows = self._access.fetch_unless(some, pacing.is_called_off)
            if rows is None:
                return False
            names = self._access.names(self._fields.name_numbers(rows))
            self._choosing.look(self._fields.observed(rows, names))
            first = rows[-1][0] + 1 if len(rows) == _BATCH else end
            pacing.reached(first, 0, 1)
            if pacing.is_called_off():
                return False
        return True
