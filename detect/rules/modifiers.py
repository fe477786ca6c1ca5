"""A field with its modifiers, as in `message|contains|all`, and the values beside it: one test."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_network
from typing import Any, Final

from detect.rules.expression import (
    AddressWithin,
    Check,
    Expression,
    FieldTest,
    IsPresent,
    NumberCompares,
    NumberIs,
    Operator,
    SameAsField,
    TextIs,
    TextLike,
    TextMatches,
    TruthIs,
    all_of,
    any_of,
)
from detect.rules.fields import FIELDS, METADATA, NUMBER_FIELDS, is_field
from detect.rules.problem import NotUnderstoodError, Place, nearest
from detect.rules.wildcards import between_runs, literal_text, parsed
from store.events import STATUS_CODES
from store.filters.patterns import pattern_problem

_WAYS: Final = ("contains", "startswith", "endswith")
_COMPARISONS: Final[dict[str, Operator]] = {"gt": "gt", "gte": "gte", "lt": "lt", "lte": "lte"}
_LONERS: Final = ("re", "cidr", "exists", "fieldref", *_COMPARISONS)
"""What says by itself what the value means; at most one of these and of the ways."""
MODIFIERS: Final = (*_WAYS, *_LONERS, "all", "cased", "i", "m", "s")
_FLAGS: Final = ("i", "m", "s")
"""Flags of `re`: case does not matter, `^` and `$` at every line, `.` also for line ends."""
_ELSEWHERE: Final = {"utf16", "utf16le", "utf16be", "wide", "base64", "base64offset", "windash", "expand", "neq"}
_MOST_PATTERNS: Final = 500
"""Under one `re`: each takes a moment to make ready, each time that rules are read."""
_STATUSES: Final = tuple(name for name in STATUS_CODES if name is not None)


def field_test(key: str, values: Any, place: Place) -> Expression:
    """Return the test that a line of a detection says.

    Raises:
        NotUnderstoodError: field, modifiers or values are not understood.
    """
    field, *modifiers = key.split("|")
    _check_field(field, place)
    _check_modifiers(modifiers, place)
    if not isinstance(values, list):
        return FieldTest(field, _check(field, modifiers, values, place))
    if not values:
        raise NotUnderstoodError(place, f"{key} has no values: an empty list matches nothing")
    if "re" in modifiers and len(values) > _MOST_PATTERNS:  # pyright: ignore[reportUnknownArgumentType]
        raise NotUnderstoodError(place, f"{key} has more than {_MOST_PATTERNS} patterns: join them with |")
    tests: list[Expression] = [
        FieldTest(field, _check(field, modifiers, value, (*place, index)))
        for index, value in enumerate(values)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    ]
    return all_of(tests) if "all" in modifiers else any_of(_joined(field, tests))


def _joined(field: str, tests: list[Expression]) -> list[Expression]:
    """Put plain texts into one set: one look instead of many."""
    texts: dict[bool, set[str]] = {}
    others: list[Expression] = []
    for test in tests:
        if isinstance(test, FieldTest) and isinstance(test.check, TextIs):
            texts.setdefault(test.check.cased, set()).update(test.check.texts)
        else:
            others.append(test)
    return [*(FieldTest(field, TextIs(frozenset(some), cased)) for cased, some in texts.items()), *others]


def _check_field(field: str, place: Place) -> None:
    if not is_field(field):
        what = "an empty field" if not field else f"unknown field {field}"
        hint = None if field.startswith("metadata") else nearest(field, FIELDS)
        known = "" if hint else f" (what has no field of its own is {METADATA}NAME)"
        raise NotUnderstoodError(place, f"{what}{known}", hint)


def _check_modifiers(modifiers: list[str], place: Place) -> None:
    for modifier in modifiers:
        if modifier in _ELSEWHERE:
            raise NotUnderstoodError(place, f"the modifier {modifier} of Sigma is not supported here")
        if modifier not in MODIFIERS:
            raise NotUnderstoodError(place, f"unknown modifier {modifier}", nearest(modifier, MODIFIERS))
    meanings = [modifier for modifier in modifiers if modifier in (*_WAYS, *_LONERS)]
    if len(meanings) > 1:
        raise NotUnderstoodError(place, f"{' and '.join(meanings)} cannot be combined: keep one of them")
    if "re" not in modifiers and (flags := [flag for flag in modifiers if flag in _FLAGS]):
        raise NotUnderstoodError(place, f"the modifier {flags[0]} only goes with re")
    if "cased" in modifiers and set(modifiers) & set(_LONERS):
        raise NotUnderstoodError(place, "cased goes with texts only (regular expressions mind the case anyway)")


def _check(field: str, modifiers: list[str], value: Any, place: Place) -> Check:
    if isinstance(value, (dict, list)):
        raise NotUnderstoodError(place, "a value must be text, a number, true, false or null")
    meaning = next((modifier for modifier in modifiers if modifier in _LONERS), None)
    if meaning is not None:
        return _loner(field, meaning, modifiers, value, place)
    if value is None:
        return _null(modifiers, place)
    if isinstance(value, bool):
        return _truth(field, modifiers, value=value, place=place)
    if isinstance(value, int | float) and not set(modifiers) & set(_WAYS):
        return NumberIs(value)
    return _text(field, modifiers, str(value), place)


def _null(modifiers: list[str], place: Place) -> Check:
    if set(modifiers) & set(_WAYS):
        raise NotUnderstoodError(place, "null cannot be part of a text: write the field alone")
    return IsPresent(present=False)


def _truth(field: str, modifiers: list[str], *, value: bool, place: Place) -> Check:
    if modifiers or not field.startswith(METADATA):
        raise NotUnderstoodError(place, f"{field} is never true or false: put a word such as yes or on in quotes")
    return TruthIs(value)


def _text(field: str, modifiers: list[str], value: str, place: Place) -> Check:
    if field in NUMBER_FIELDS:
        raise NotUnderstoodError(place, f"{field} is a number: compare it with gt, gte, lt or lte")
    cased = "cased" in modifiers
    parts = parsed(value if cased else value.lower())
    if set(modifiers) & set(_WAYS):
        ends = not {"contains", "endswith"}.isdisjoint(modifiers), not {"contains", "startswith"}.isdisjoint(modifiers)
        return TextLike(between_runs(parts, before=ends[0], after=ends[1]), cased)
    literal = literal_text(parts)
    if literal is None:
        return TextLike(parts, cased)
    if field == "status" and literal not in _STATUSES:
        raise NotUnderstoodError(place, f"no status is {value}", nearest(value, _STATUSES))
    return TextIs(frozenset({literal}), cased)


def _loner(field: str, meaning: str, modifiers: list[str], value: Any, place: Place) -> Check:
    if meaning in _COMPARISONS:
        return _comparison(field, _COMPARISONS[meaning], value, place)
    readers: dict[str, Callable[[], Check]] = {
        "re": lambda: _regex(modifiers, value, place),
        "cidr": lambda: _network(value, place),
        "exists": lambda: _exists(value, place),
        "fieldref": lambda: _fieldref(value, place),
    }
    return readers[meaning]()


def _comparison(field: str, operator: Operator, value: Any, place: Place) -> Check:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotUnderstoodError(place, f"{operator} compares with a number")
    if field not in NUMBER_FIELDS and not field.startswith(METADATA):
        raise NotUnderstoodError(place, f"{field} is text: {operator} compares numbers")
    return NumberCompares(operator, value)


def _regex(modifiers: list[str], value: Any, place: Place) -> Check:
    flags = "".join(flag for flag in _FLAGS if flag in modifiers)
    pattern = f"(?{flags})" * bool(flags) + str(value)
    if problem := pattern_problem(pattern):
        raise NotUnderstoodError(place, f"{problem} (the syntax is RE2: no look-ahead, no back-references)")
    return TextMatches(pattern)


def _network(value: Any, place: Place) -> Check:
    try:
        return AddressWithin(ip_network(str(value)))
    except ValueError:
        raise NotUnderstoodError(place, f"{value} is no network: write it as in 10.0.0.0/8") from None


def _exists(value: Any, place: Place) -> Check:
    if not isinstance(value, bool):
        raise NotUnderstoodError(place, "exists takes true or false")
    return IsPresent(value)


def _fieldref(value: Any, place: Place) -> Check:
    _check_field(str(value), place)
    return SameAsField(str(value))
