"""Which made-up events pass a filter, without a store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from store.events import DENIAL, ERROR, EventSummary
from store.filters.keys import Key
from store.filters.matching import text_matches
from store.filters.syntax import And, Expression, Moment, Not, Or, Term, Text, Value, Words
from store.filters.time_text import read_time
from store.service import Tally
from tests.pilot.fake_amounts import cost_of, is_outcome, tokens_of
from tests.pilot.made_up_events import FROZEN_US

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.filters.model import Filter

_VALUE: Final = {
    Key.AGENT: "agent_id",
    Key.USER: "user_id",
    Key.TENANT: "tenant_id",
    Key.TYPE: "event_type",
    Key.TOOL: "tool",
    Key.SERVER: "server",
    Key.MODEL: "model",
    Key.STATUS: "status",
}


def value_of(event: EventSummary, by: Key) -> str | None:
    """Return what an event has in a field; fields that a summary lacks count as empty."""
    name = _VALUE.get(by)
    return None if name is None else getattr(event, name)


def holds(expression: Expression, event: EventSummary) -> bool:
    """Return whether an event passes an expression; words are looked for in its message."""
    match expression:
        case And():
            return all(holds(one, event) for one in expression.operands)
        case Or():
            return any(holds(one, event) for one in expression.operands)
        case Not():
            return not holds(expression.operand, event)
        case Words():
            return expression.text.casefold() in (event.message or "").casefold()
        case Term(key=Key.SINCE):
            return event.ts_us >= moment_of(expression)
        case Term(key=Key.BEFORE):
            return event.ts_us < moment_of(expression)
        case Term(key=Key.ALERT):
            return event.alerted
        case Term(key=Key.HAS | Key.MS | Key.TOKENS):
            return _has_amount(expression, event)
        case Term():
            value = value_of(event, expression.key)
            return value is not None and any(text_matches(asked, value) for asked in expression.values)


def _has_amount(term: Term, event: EventSummary) -> bool:
    """Return whether an event has what `has:` asks for, or any duration or tokens at all."""
    if term.key is Key.HAS:
        return any(_has(value, event) for value in term.values)
    return event.duration_us is not None if term.key is Key.MS else tokens_of(event) > 0


def _has(value: Value, event: EventSummary) -> bool:
    match value:
        case Text("outcome"):
            return is_outcome(event)
        case Text("cost"):
            return cost_of(event) is not None
        case Text("alert"):
            return event.alerted
        case Text("error"):
            return bool(event.trouble & ERROR)
        case _:
            return bool(event.trouble & DENIAL)


def moment_of(term: Term) -> int:
    """Return the time that a term names, as of the frozen clock."""
    (value,) = term.values
    assert isinstance(value, Moment)
    return read_time(value.text, now=datetime.fromtimestamp(FROZEN_US / 1_000_000, tz=UTC), utc=True)


def passes(what: Filter, event: EventSummary) -> bool:
    """Return whether an event passes a filter."""
    return what.expression is None or holds(what.expression, event)


def tally_of(events: Iterable[EventSummary]) -> Tally:
    """Return the tally of some events."""
    total = errors = denials = 0
    for event in events:
        total += 1
        errors += bool(event.trouble & ERROR)
        denials += bool(event.trouble & DENIAL)
    return Tally(total, errors, denials)
