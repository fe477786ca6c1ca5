"""A filter as it is kept: what it names by the time and place of asking, it names for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from store.filters.model import Filter
from store.filters.syntax import And, Moment, Not, Or, Term, all_of, any_of, complement
from store.filters.time_text import moment_text, read_time

if TYPE_CHECKING:
    from store.filters.syntax import Expression, Value

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def pinned(what: Filter, now_us: int) -> Filter:
    """Return a filter that finds, whenever and wherever it is asked, what `what` finds at `now_us` (UTC).

    `since:-24h` becomes the moment 24 hours ago, and a local time becomes one in UTC.
    """
    if what.expression is None:
        return Filter(utc=True)
    now = _EPOCH + timedelta(microseconds=now_us)
    return Filter(_pinned(what.expression, now, utc=what.utc), utc=True)


def _pinned(expression: Expression, now: datetime, *, utc: bool) -> Expression:
    match expression:
        case Term():
            values = tuple(_value(value, now, utc=utc) for value in expression.values)
            return Term(expression.key, values, expression.path)
        case Not():
            return complement(_pinned(expression.operand, now, utc=utc))
        case And():
            return all_of(_pinned(operand, now, utc=utc) for operand in expression.operands) or expression
        case Or():
            return any_of(_pinned(operand, now, utc=utc) for operand in expression.operands) or expression
        case _:
            return expression


def _value(value: Value, now: datetime, *, utc: bool) -> Value:
    return Moment(moment_text(read_time(value.text, now=now, utc=utc))) if isinstance(value, Moment) else value
