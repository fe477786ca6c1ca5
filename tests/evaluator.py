"""The filter language in plain Python, over an event as it was handed to the store: slow, and without SQL or shortcuts.

It shares with the store only how a text is cut into words and how a time is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from store.events import NewEvent
from store.filters.keys import ALERT_KEYS, HAS_VALUES, Key
from store.filters.syntax import (
    And,
    Between,
    Comparison,
    Expression,
    Glob,
    Moment,
    Not,
    Or,
    Present,
    Regex,
    Term,
    Text,
    Value,
    Words,
)
from store.filters.time_text import read_time
from store.tokens import words

COLUMN: Final = {
    Key.AGENT: "agent_id",
    Key.USER: "user_id",
    Key.TENANT: "tenant_id",
    Key.HOST: "host",
    Key.TYPE: "event_type",
    Key.TOOL: "tool",
    Key.SERVER: "server",
    Key.MODEL: "model",
    Key.STATUS: "status",
    Key.REQUEST: "request_id",
    Key.SESSION: "session_id",
    Key.TRACE: "trace_id",
    Key.CALL: "call_id",
}
NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""Relative times are meant from here."""
_ERRORS: Final = ("failure", "timeout")
_ERROR_TYPES: Final = ("agent.error", "auth.failed")


@dataclass(frozen=True, slots=True)
class Seen:
    """An event, and what the store alone knows of it. `event_id` is the one that it shows."""

    event: NewEvent
    event_id: str
    path: str
    format: str
    outcome: bool
    alerts: frozenset[int] = frozenset()
    """The alerts that it is kept evidence of."""
    computed_microusd: int | None = None
    """What the store's list of prices says its tokens cost; None: nothing."""

    @property
    def cost_microusd(self) -> int | None:
        """What it cost: as reported, else as computed."""
        reported = self.event.cost_microusd
        return self.computed_microusd if reported is None else reported


def holds(expression: Expression, seen: Seen, *, utc: bool) -> bool:
    """Return whether an event passes an expression."""
    match expression:
        case And():
            return all(holds(one, seen, utc=utc) for one in expression.operands)
        case Or():
            return any(holds(one, seen, utc=utc) for one in expression.operands)
        case Not():
            return not holds(expression.operand, seen, utc=utc)
        case Words():
            return _has_words(expression, seen.event)
        case Term(key=Key.SINCE):
            return (seen.event.ts_us or 0) >= moment_of(expression, utc=utc)
        case Term(key=Key.BEFORE):
            return (seen.event.ts_us or 0) < moment_of(expression, utc=utc)
        case Term():
            return any(_passes(expression, value, seen) for value in expression.values)


def moment_of(term: Term, *, utc: bool) -> int:
    """Return the time that a term names."""
    (value,) = term.values
    assert isinstance(value, Moment)
    return read_time(value.text, now=NOW, utc=utc)


def _passes(term: Term, value: Value, seen: Seen) -> bool:
    event, key = seen.event, term.key
    if key in COLUMN:
        return _text_passes(value, getattr(event, COLUMN[key]))
    if key is Key.MS:
        return _number_passes(value, event.duration_us)
    if key is Key.COST:
        return _number_passes(value, seen.cost_microusd)
    if key is Key.TOKENS:
        return _number_passes(value, _tokens(event))
    if key is Key.SOURCE:
        return _text_passes(value, seen.path) or _text_passes(value, seen.format)
    if key is Key.ID:
        only_exact = isinstance(value, (Text, Present))
        return _text_passes(value, seen.event_id if only_exact else event.event_id)
    if key is Key.ALERT:
        return any(_number_passes(value, number) for number in seen.alerts)
    if key in ALERT_KEYS:
        return False
    if key is Key.HAS:
        return any(_has(name, seen) for name in HAS_VALUES if matches(value, name))
    return any(_metadata_passes(value, found) for found in _at(event.metadata, list(term.path)))


def _text_passes(value: Value, text: str | None) -> bool:
    return text is not None and matches(value, text)


def matches(value: Value, text: str) -> bool:
    """Return whether a text is what a value of a term asks for."""
    match value:
        case Text():
            return text == value.text
        case Present():
            return True
        case Glob(pieces):
            return glob_matches(list("*".join(piece.replace("*", "\0") for piece in pieces)), list(text))
        case Regex(pattern):
            return re.search(re.sub(r"\$$", r"\\Z", pattern), text) is not None
        case _:
            return False


def glob_matches(glob: list[str], text: list[str]) -> bool:
    """Return whether a text matches a glob, in which NUL stands for a star that is meant."""
    if not glob:
        return not text
    if glob[0] == "*":
        return any(glob_matches(glob[1:], text[cut:]) for cut in range(len(text) + 1))
    return bool(text) and text[0] == glob[0].replace("\0", "*") and glob_matches(glob[1:], text[1:])


def _number_passes(value: Value, number: float | Decimal | None) -> bool:
    if number is None:
        return False
    exact = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    match value:
        case Present():
            return True
        case Between(low, high):
            return exact.is_finite() and low <= exact <= high
        case Comparison(operator, amount):
            found = {
                "=": exact == amount,
                ">": exact > amount,
                ">=": exact >= amount,
                "<": exact < amount,
                "<=": exact <= amount,
            }
            return exact.is_finite() and found[operator]
        case _:
            return False


def _tokens(event: NewEvent) -> int | None:
    kinds = (event.input_tokens, event.output_tokens, event.cache_read_tokens, event.cache_write_tokens)
    stated = [kind for kind in kinds if kind is not None]
    return sum(stated) if stated else None


def is_error(event: NewEvent) -> bool:
    """Return whether an event is an error, by the definition in words."""
    return event.status in _ERRORS or event.event_type in _ERROR_TYPES


def is_denial(event: NewEvent) -> bool:
    """Return whether an event is a denial, by the definition in words."""
    return event.status == "denied" or event.event_type == "permission.denied"


def _has(name: str, seen: Seen) -> bool:
    event = seen.event
    known = {
        "error": is_error(event),
        "denial": is_denial(event),
        "cost": seen.cost_microusd is not None,
        "outcome": seen.outcome,
        "conflict": event.event_type == "system.id_conflict",
        "alert": bool(seen.alerts),
    }
    return known.get(name, False)


def _at(found: Any, path: list[str]) -> Iterator[Any]:
    """Yield what stands at a path; a list stands for each of its elements."""
    if isinstance(found, list):
        for element in found:  # pyright: ignore[reportUnknownVariableType]
            yield from _at(element, path)
    elif not path:
        yield found
    elif isinstance(found, dict):
        for name, below in found.items():  # pyright: ignore[reportUnknownVariableType]
            if name == path[0]:
                yield from _at(below, path[1:])


def _metadata_passes(value: Value, found: Any) -> bool:
    if found is None:
        return False
    if isinstance(value, Present):
        return True
    if isinstance(value, (Comparison, Between)):
        return type(found) in (int, float) and _number_passes(value, found)
    if isinstance(found, dict):
        return False
    return matches(value, found if isinstance(found, str) else json.dumps(found))


def _strings(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for below in found.values():  # pyright: ignore[reportUnknownVariableType]
            yield from _strings(below)
    elif isinstance(found, list):
        for below in found:  # pyright: ignore[reportUnknownVariableType]
            yield from _strings(below)


def _has_words(asked: Words, event: NewEvent) -> bool:
    texts = [text for text in (event.message, event.tool, event.status) if text]
    there = words(" ".join([*texts, *_strings(event.metadata)]))
    wanted = words(asked.text)
    for start in range(len(there) - len(wanted) + 1):
        part = there[start : start + len(wanted)]
        if part == wanted or (asked.prefix and part[:-1] == wanted[:-1] and part[-1].startswith(wanted[-1])):
            return True
    return False
