"""Checks as functions of a value: each is made once for a rule, and called for many events."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any, TypeAlias, assert_never, cast

from detect.matching.patterns import any_of_patterns
from detect.rules.expression import (
    AddressWithin,
    Check,
    IsPresent,
    NumberCompares,
    NumberIs,
    SameAsField,
    TextIs,
    TextLike,
    TextMatches,
    TruthIs,
)
from detect.rules.wildcards import Wild, as_regex

Holds: TypeAlias = Callable[[Any], bool]
"""Whether a single value (no list, not None) passes."""


def holds_for(check: Check) -> Holds:
    """Return the function of a check of one value."""
    match check:
        case TextIs():
            return _text_is(check)
        case TextLike():
            return _text_like(check)
        case TextMatches():
            return _found(check.pattern)
        case NumberIs():
            return _number_is(check.number)
        case NumberCompares():
            return _compares(check)
        case TruthIs():
            return lambda value: value is check.truth
        case AddressWithin():
            return _within(check.network)
        case IsPresent() | SameAsField():
            raise TypeError("this check is about the event, not about one value")
        case _:
            assert_never(check)


def any_item(holds: Holds) -> Holds:
    """Return a check that takes any value: absent never passes, of a list one item suffices."""

    def passes(value: Any) -> bool:
        if isinstance(value, list):
            return any(item is not None and holds(item) for item in cast("list[Any]", value))
        return value is not None and holds(value)

    return passes


def text_of(value: Any) -> str | None:
    """Return a text as it is, and a number as it is written; an object or a truth value is no text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return str(value)


def _text_is(check: TextIs) -> Holds:
    texts = check.texts
    if check.cased:
        return lambda value: text_of(value) in texts

    def holds(value: Any) -> bool:
        text = text_of(value)
        # Mostly the text stands there as it is meant: lowering it first would make a new text each time.
        return text is not None and (text in texts or text.lower() in texts)

    return holds


def _text_like(check: TextLike) -> Holds:
    test = _shape(check)
    if check.cased:
        return lambda value: (text := text_of(value)) is not None and test(text)
    return lambda value: (text := text_of(value)) is not None and test(text.lower())


def _shape(check: TextLike) -> Callable[[str], bool]:
    """Return the quickest way to compare: most have runs at the ends only."""
    match check.parts:
        case (str(text), Wild.RUN):
            return lambda value: value.startswith(text)
        case (Wild.RUN, str(text)):
            return lambda value: value.endswith(text)
        case (Wild.RUN, str(text), Wild.RUN):
            return lambda value: text in value
        case parts if all(part is Wild.RUN for part in parts):
            return lambda value: bool(parts) or not value
        case (str(text),):
            return lambda value: value == text
        case parts:
            return _found(as_regex(parts))


def _found(pattern: str) -> Callable[[Any], bool]:
    match = any_of_patterns((pattern,))

    def found(value: Any) -> bool:
        text = text_of(value)
        return text is not None and bool(match(text.encode("utf-8", "replace")))

    return found


def _number_is(number: float) -> Holds:
    written = str(number)

    def holds(value: Any) -> bool:
        if isinstance(value, bool):
            return False
        return value == number if isinstance(value, int | float) else value == written

    return holds


def _compares(check: NumberCompares) -> Holds:
    number = check.number
    compare: dict[str, Callable[[float], bool]] = {
        "gt": lambda value: value > number,
        "gte": lambda value: value >= number,
        "lt": lambda value: value < number,
        "lte": lambda value: value <= number,
    }
    holds = compare[check.operator]
    return lambda value: isinstance(value, int | float) and not isinstance(value, bool) and holds(value)


def _within(network: IPv4Network | IPv6Network) -> Holds:
    def holds(value: Any) -> bool:
        try:
            return isinstance(value, str) and ip_address(value) in network
        except ValueError:
            return False

    return holds
