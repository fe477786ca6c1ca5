"""Which events are behind a number of the Agents tab, said as a filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from store.analytics.meaning import MEANINGS
from store.filters.clause import Clause, literal
from store.filters.keys import TIME_KEYS, Key
from store.filters.model import Filter
from store.filters.syntax import Term
from tui.search_window import narrowed

if TYPE_CHECKING:
    from store.analytics.model import Dimension
    from tui.agents_rows import AgentRow
    from tui.agents_window import AgentsWindow

_TIMED: Final = f"{MEANINGS['outcomes']} ms:*"
"""The settled calls that have a duration."""
_MEANING: Final = {
    "calls": MEANINGS["calls"],
    "change": MEANINGS["calls"],
    "errors": MEANINGS["failures"],
    "denied": MEANINGS["denials"],
    "p50": _TIMED,
    "p95": _TIMED,
    "p99": _TIMED,
    "input": MEANINGS["tokens"],
    "cache read": MEANINGS["tokens"],
    "cache write": MEANINGS["tokens"],
    "output": MEANINGS["tokens"],
    "tokens": MEANINGS["tokens"],
    "cost": MEANINGS["cost"],
}
"""Query by column; of the others it is all events."""
_BEFORE: Final = frozenset({"change", "event change"})
"""Columns whose number is about the window before."""


def behind(what: Filter, window: AgentsWindow, by: Dimension | None, row: AgentRow, column: str | None) -> Filter:
    """Return the filter of the events behind a number.

    `what` is the present filter; `by` None: the row is all of them together; `column` None: everything of the row.
    Behind a change are the events of the window before, behind "last seen" all there ever were, behind a cost that is
    not known those that have tokens.
    """
    found = what if by is None else of_value(what, by, row.value)
    meaning = _MEANING.get(column or "", "")
    if column == "cost" and not (row.figures.reported or row.figures.priced):
        meaning = MEANINGS["tokens"]
    for operand in Filter.parsed(meaning).operands:
        if operand not in found.operands:
            found = found.also(operand)
    if column == "last":
        return found.with_operands(
            one for one in found.operands if not (isinstance(one, Term) and one.key in TIME_KEYS)
        )
    if column in _BEFORE:
        return narrowed(found, window.before_us, window.start_us)
    return narrowed(found, window.start_us, window.end_us)


def of_value(what: Filter, by: Dimension, value: str | None) -> Filter:
    """Return a filter narrowed to one value of a dimension; None: to events without any."""
    return what.with_clause(Clause(Key(by.value), (None if value is None else literal(value),)))
