"""The filters of the Alerts tab: what it begins with, and what is asked beside the one on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from store.alerts.states import LIVE, AlertState
from store.filters.clause import Clause, literal
from store.filters.keys import ALERT_KEYS, Key
from store.filters.model import Filter
from store.filters.syntax import And, Not, Or, Term

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.filters.syntax import Expression

TO_BE_LOOKED_AT: Final = Filter.of(Clause(Key.STATE, tuple(LIVE)))
"""What the tab begins with: alerts in which something is still to be done."""
_MUTED: Final = Clause(Key.STATE, (AlertState.MUTED,)).expression


def muted(what: Filter) -> Filter:
    """Return the filter of the muted alerts that pass all of a filter but what it says of states."""
    kept = (one for one in what.operands if Key.STATE not in _keys(one))
    return what.with_operands((*kept, _MUTED))


def of_events(what: Filter) -> Filter:
    """Return what a filter of alerts asks of events; what it says of alerts themselves is left out."""
    return what.with_operands(one for one in what.operands if not _keys(one) & set(ALERT_KEYS))


def evidence_of(alert_id: int) -> Filter:
    """Return the filter of the events that are kept as an alert's evidence."""
    return Filter.parsed(f"alert:{alert_id}")


def with_rule(what: Filter, rule: str, *, without: bool = False) -> Filter:
    """Return a filter narrowed to the alerts of a rule, or to all others."""
    return what.with_clause(Clause(Key.RULE, (literal(rule),), negated=without))


def all_of_rule(rule: str) -> Filter:
    """Return the filter of all alerts of a rule, however they stand."""
    return with_rule(Filter(), rule)


def _keys(expression: Expression) -> set[Key]:
    match expression:
        case And() | Or():
            return _all(expression.operands)
        case Not():
            return _keys(expression.operand)
        case Term():
            return {expression.key}
        case _:
            return set()


def _all(operands: Iterable[Expression]) -> set[Key]:
    return {key for one in operands for key in _keys(one)}
