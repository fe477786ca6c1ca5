"""Which alerts a filter finds, as conditions on their rows.

`state:`, `level:`, `rule:` and `alert:` are about the alert itself, `since:` and `before:` about when it was last seen.
Whatever else is asked must hold of an event of its kept evidence: what is asked together, of one and the same event. A
complement is what is left of all alerts: `-tool:x` finds those with no such event.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import col

from store.alerts.standing_now import stands_as
from store.alerts.states import LEVELS, STATES
from store.alerts.tables import Alert, AlertEvidence
from store.filters.comparing import compared
from store.filters.compiler import compile_filter
from store.filters.conditions import NAMES, Lookups
from store.filters.evidence import numbered
from store.filters.keys import ALERT_KEYS, TIME_KEYS, Key
from store.filters.matching import text_matches
from store.filters.syntax import And, Between, Comparison, Expression, Not, Or, Present, Term, Value, Words, all_of
from store.filters.walking import leaves_of
from store.names import NO_NAME
from store.scope import EVERYTHING
from store.tables import Event

_OF_ALERTS: Final = frozenset({*ALERT_KEYS, *TIME_KEYS, Key.ALERT})
_AGREED: Final = {Key.AGENT: col(Alert.agent_no), Key.USER: col(Alert.user_no), Key.TENANT: col(Alert.tenant_no)}
"""What an alert says of all its evidence at once; 0 where that has none, or differs."""


class AlertLookups(Lookups, Protocol):
    """What is asked of the store to find alerts."""

    @property
    def now_us(self) -> int:
        """When it is asked, in UTC microseconds."""
        ...

    def find_rules(self, values: Sequence[Value]) -> list[int]:
        """Return the numbers of the rules whose name or id any of the values asks for."""
        ...


def alert_conditions(expression: Expression | None, lookups: AlertLookups) -> list[ColumnElement[bool]]:
    """Return what an alert must fulfil to pass a filter, and to be one of those that are listed and may be seen."""
    conditions: list[ColumnElement[bool]] = [col(Alert.merged_into).is_(None)]
    tenants = lookups.alert_tenants()
    if tenants is not None:
        conditions.append(col(Alert.tenant_no).in_(tenants))
    if expression is not None:
        conditions.append(_condition(expression, lookups))
    return conditions


def asks_events(expression: Expression | None) -> bool:
    """Return whether a filter asks anything of events, which takes longer than what alerts know of themselves."""
    leaves = () if expression is None else leaves_of(expression)
    return any(not isinstance(one, Term) or one.key not in _OF_ALERTS for one in leaves)


def _condition(expression: Expression, lookups: AlertLookups) -> ColumnElement[bool]:
    if _is_about_one_event(expression):
        return _shown_by(expression, lookups)
    match expression:
        case Not():
            return ~_condition(expression.operand, lookups)
        case And():
            of_event = all_of(one for one in expression.operands if _is_about_one_event(one))
            others = [_condition(one, lookups) for one in expression.operands if not _is_about_one_event(one)]
            return and_(*others, *([] if of_event is None else [_shown_by(of_event, lookups)]))
        case Or():
            return or_(*(_condition(one, lookups) for one in expression.operands))
        case Term():
            return _of_alert(expression, lookups)
        case Words():
            return _shown_by(expression, lookups)


def _is_about_one_event(expression: Expression) -> bool:
    match expression:
        case Not():
            return False
        case And() | Or():
            return all(_is_about_one_event(one) for one in expression.operands)
        case Term():
            return expression.key not in _OF_ALERTS
        case Words():
            return True


def _of_alert(term: Term, lookups: AlertLookups) -> ColumnElement[bool]:
    values = term.values
    match term.key:
        case Key.STATE:
            states = [state for state in STATES if any(text_matches(one, state) for one in values)]
            return stands_as(states, lookups.now_us)
        case Key.LEVEL:
            level = col(Alert.level)
            named = [place for place, one in enumerate(LEVELS) if any(text_matches(value, one) for value in values)]
            ranges = (compared(level, one) for one in values if isinstance(one, Comparison | Between))
            return or_(level.in_(named), *ranges)
        case Key.RULE:
            return col(Alert.rule_no).in_(lookups.find_rules(values))
        case Key.SINCE:
            return col(Alert.last_us) >= lookups.moment(term)
        case Key.BEFORE:
            return col(Alert.last_us) < lookups.moment(term)
        case _:
            return numbered(col(Alert.id), values, lookups)


def _shown_by(expression: Expression, lookups: AlertLookups) -> ColumnElement[bool]:
    """Return that an event of the kept evidence passes; where all agree in what is asked, without looking at it."""
    rows = compile_filter(expression, EVERYTHING, lookups).rows
    evidence = exists().where(
        col(AlertEvidence.alert_id) == col(Alert.id), col(AlertEvidence.event_row) == col(Event.id), *rows
    )
    operands = expression.operands if isinstance(expression, And) else (expression,)
    agreed = [_agreed(one, lookups) for one in operands if isinstance(one, Term) and one.key in _AGREED]
    open_ = and_(*(or_(known, unknown) for known, unknown in agreed), evidence)
    if not agreed or len(agreed) < len(operands):
        return open_
    return or_(and_(*(known for known, _ in agreed)), open_)


def _agreed(term: Term, lookups: AlertLookups) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return that what all evidence agrees in is what a term asks for, and that it agrees in nothing."""
    column = _AGREED[term.key]
    if Present() in term.values:
        return column != NO_NAME, column == NO_NAME
    numbers = lookups.find_names(NAMES[term.key][0], term.values)
    return column.in_(numbers), column == NO_NAME
