"""Which events a rule can match at all, as filters that the store answers quickly.

What a rule says of an event's names is tried on every name that the store has, type by type: names for which the
expression cannot hold, whatever else the event says, are ruled out. So no match is ever lost; what passes is looked at
by the engine itself. A rule that says nothing of names rules nothing out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeAlias

from detect.backtest.possible import field_tests, outcome
from detect.matching.checks import any_item, holds_for
from detect.rules.expression import Expression, FieldTest, IsPresent, SameAsField
from detect.rules.model import Rule
from store.events import STATUS_NAMES
from store.filters.keys import Key
from store.filters.model import Filter
from store.filters.syntax import Expression as Query
from store.filters.syntax import Not, Present, Term, Text, all_of, any_of

Names: TypeAlias = Callable[[Key, int], Sequence[str] | None]
"""Returns all names that the store has of a key, None where there are more than so many."""

MOST_NAMES: Final = 5_000
"""A field with more different values is not used to rule events out."""
KEYS: Final = {
    "event_type": Key.TYPE,
    "status": Key.STATUS,
    "tool": Key.TOOL,
    "server": Key.SERVER,
    "model": Key.MODEL,
    "agent_id": Key.AGENT,
    "user_id": Key.USER,
    "tenant_id": Key.TENANT,
    "host": Key.HOST,
}
"""The fields that can be looked up, and the keys of the filter language for them."""

Kind: TypeAlias = tuple[dict[FieldTest, bool], list[str | None]]
"""Values of a field for which all tests of it have the same answers."""


def sieve_of(rules: Iterable[Rule], names: Names) -> tuple[Filter, ...]:
    """Return filters of which one at least lets every match of these rules through; none: nothing is ruled out.

    Correlations add nothing themselves: what they refer to belongs among the rules.
    """
    alternatives: list[Query] = []
    for rule in rules:
        if rule.options.query is not None:
            found = [rule.options.query.expression]
        elif rule.expression is not None:
            found = _alternatives(rule.expression, names)
        elif rule.correlation is not None:
            continue
        else:
            return ()
        for query in found:
            if query is None:
                return ()
            if query not in alternatives:
                alternatives.append(query)
    return tuple(Filter(query) for query in alternatives) or (_nothing(),)


def _nothing() -> Filter:
    """Return the filter that lets nothing through: of a rule that no names in the store can fulfil."""
    return Filter(Term(Key.TYPE, (Text(""),)))


def _alternatives(expression: Expression, names: Names) -> list[Query | None]:
    """Return what can be said of the names of matches: one of these holds; None: nothing can be said."""
    fields = {field: kinds for field in KEYS if (kinds := _kinds(field, expression, names)) is not None}
    types = fields.pop("event_type", None)
    if types is None:
        limits = _limits(expression, {}, fields)
        return [] if limits is None else [all_of(limits)]
    found: dict[Query | None, list[str | None]] = {}
    for answers, values in types:
        limits = _limits(expression, answers, fields)
        if limits is not None:
            found.setdefault(all_of(limits), []).extend(values)
    every = [value for _, values in types for value in values]
    return [
        all_of(one for one in (_among(Key.TYPE, values, every), limit) if one is not None)
        for limit, values in found.items()
    ]


def _kinds(field: str, expression: Expression, names: Names) -> list[Kind] | None:
    """Return all values of a field by what the tests of it say; None: it is not asked for, or has too many values."""
    tests = [test for test in dict.fromkeys(field_tests(expression)) if test.field == field and _by_value(test)]
    if not tests:
        return None
    known = STATUS_NAMES[1:] if field == "status" else names(KEYS[field], MOST_NAMES)
    if known is None:
        return None
    checks = [_holds(test) for test in tests]
    kinds: dict[tuple[bool, ...], list[str | None]] = {}
    for value in (None, *known):
        kinds.setdefault(tuple(holds(value) for holds in checks), []).append(value)
    return [(dict(zip(tests, answers, strict=True)), values) for answers, values in kinds.items()]


def _by_value(test: FieldTest) -> bool:
    return not isinstance(test.check, SameAsField)


def _holds(test: FieldTest) -> Callable[[str | None], bool]:
    if isinstance(test.check, IsPresent):
        present = test.check.present
        return lambda value: (value is not None) is present
    return any_item(holds_for(test.check))


def _limits(
    expression: Expression, answers: dict[FieldTest, bool], fields: dict[str, list[Kind]]
) -> list[Query] | None:
    """Return what each field must be where some tests have these answers; None: it cannot hold then."""
    if outcome(expression, answers) is False:
        return None
    limits: list[Query] = []
    for field, kinds in fields.items():
        every = [value for _, values in kinds for value in values]
        kept = [value for more, values in kinds if outcome(expression, answers | more) is not False for value in values]
        if not kept:
            return None
        if (limit := _among(KEYS[field], kept, every)) is not None:
            limits.append(limit)
    return limits


def _among(key: Key, kept: Sequence[str | None], every: Sequence[str | None]) -> Query | None:
    """Return that a field is one of some values; None: they are all there are."""
    left_out = set(every) - set(kept)
    if not left_out:
        return None
    texts = tuple(Text(value) for value in kept if value is not None)
    named: list[Query] = [Term(key, texts)] if texts else []
    if None in kept:
        if len(left_out) <= len(kept):
            return Not(Term(key, tuple(Text(value) for value in sorted(one for one in left_out if one is not None))))
        named.append(Not(Term(key, (Present(),))))
    return any_of(named)
