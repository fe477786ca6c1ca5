"""What a list of alerts must be, worked out in plain Python: slow, obvious, and without a line of SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from store.alerts.states import LEVELS, AlertState
from store.filters.keys import Key
from store.filters.matching import number_matches
from store.filters.model import Filter
from store.filters.syntax import And, Between, Comparison, Expression, Not, Or, Term, Value, Words, all_of
from tests.evaluator import Seen, holds, matches, moment_of

_OF_ALERTS = (Key.STATE, Key.LEVEL, Key.RULE, Key.ALERT, Key.SINCE, Key.BEFORE)


@dataclass(frozen=True, slots=True)
class Known:
    """An alert as it stands now, with all its evidence."""

    id: int
    rule: str
    rule_id: str
    level: int
    """Place among `LEVELS`."""
    state: AlertState
    last_us: int
    evidence: tuple[Seen, ...]


def listed(alerts: Sequence[Known], what: Filter) -> list[int]:
    """Return the numbers of the alerts that a filter finds, in the order of a list."""
    found = [one for one in alerts if what.expression is None or _passes(what.expression, one, utc=what.utc)]
    found.sort(key=lambda one: (one.state is AlertState.MUTED, -one.level, -one.last_us, -one.id))
    return [one.id for one in found]


def _passes(expression: Expression, alert: Known, *, utc: bool) -> bool:
    match expression:
        case Not():
            return not _passes(expression.operand, alert, utc=utc)
        case Term() if expression.key in _OF_ALERTS:
            return _is_so(expression, alert, utc=utc)
        case Or():
            return any(_passes(one, alert, utc=utc) for one in expression.operands)
        case And():
            together = all_of(one for one in expression.operands if _of_one_event(one))
            others = [one for one in expression.operands if not _of_one_event(one)]
            shown = together is None or any(holds(together, event, utc=utc) for event in alert.evidence)
            return shown and all(_passes(one, alert, utc=utc) for one in others)
        case _:
            return any(holds(expression, event, utc=utc) for event in alert.evidence)


def _of_one_event(expression: Expression) -> bool:
    if isinstance(expression, And | Or):
        return all(_of_one_event(one) for one in expression.operands)
    return isinstance(expression, Words) or (isinstance(expression, Term) and expression.key not in _OF_ALERTS)


def _is_so(term: Term, alert: Known, *, utc: bool) -> bool:
    if term.key is Key.SINCE:
        return alert.last_us >= moment_of(term, utc=utc)
    if term.key is Key.BEFORE:
        return alert.last_us < moment_of(term, utc=utc)
    return any(_asked_for(term.key, value, alert) for value in term.values)


def _asked_for(key: Key, value: Value, alert: Known) -> bool:
    if isinstance(value, Comparison | Between):
        return number_matches(value, Decimal(alert.level if key is Key.LEVEL else alert.id))
    if key is Key.RULE:
        return matches(value, alert.rule) or matches(value, alert.rule_id)
    said = {Key.STATE: alert.state.value, Key.LEVEL: LEVELS[alert.level].value, Key.ALERT: str(alert.id)}
    return matches(value, said[key])
