"""A filter, narrowed to a window of time."""

from __future__ import annotations

from store.filters.keys import Key
from store.filters.model import Filter
from store.filters.syntax import Moment, Term
from store.filters.time_text import moment_text


def within(what: Filter, start_us: int, end_us: int) -> Filter:
    """Return what passes in [start_us, end_us) of UTC microseconds.

    Raises:
        OverflowError: the window begins or ends in no year from 1 to 9999.
    """
    return what.also(since(start_us)).also(Term(Key.BEFORE, (Moment(moment_text(end_us)),)))


def since(start_us: int) -> Term:
    """Return the term that what happened at a time or later passes.

    Raises:
        OverflowError: it lies in no year from 1 to 9999.
    """
    return Term(Key.SINCE, (Moment(moment_text(start_us)),))
