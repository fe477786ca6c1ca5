"""A rule's expression in two parts: what the names of an event decide, and what is left to ask of each event.

Events have few different combinations of type, status, tool and the like, and most of those rule most rules out. So
the part of an expression that looks at names is decided once for each combination and remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeAlias, assert_never

from detect.matching.checks import any_item, holds_for, text_of
from detect.matching.patterns import any_of_patterns
from detect.matching.rare import has_one_of, rare_in
from detect.rules.expression import (
    AllOf,
    AnyOf,
    Expression,
    FieldTest,
    IsPresent,
    Negated,
    SameAsField,
    TextMatches,
)
from detect.rules.fields import FEW_FIELDS, METADATA, getter

if TYPE_CHECKING:
    from store.observed import ObservedEvent

Predicate: TypeAlias = "Callable[[ObservedEvent], bool]"
Rest: TypeAlias = "Predicate | bool"
"""What is left of an expression: an answer, or what is still to be asked."""

MOST_COMBINATIONS: Final = 4_096
"""Remembered for one rule; beyond it everything is forgotten at once, so that hostile names cannot fill memory."""


class Matcher:
    """Answers for one expression; two matchers of the same expression agree."""

    def __init__(self, expression: Expression) -> None:
        """Prepare the tests."""
        used = {field for test in _tests(expression) for field in _fields(test)}
        self.names: Final = tuple(name for name in FEW_FIELDS if name in used)
        """The names that it looks at."""
        self._node: Final = _node(expression)
        self._key: Final = names_of(self.names)
        self._known: dict[Any, Rest] = {}

    def rest(self, event: ObservedEvent) -> Rest:
        """Return what is left to ask of events with the names of this one."""
        key = self._key(event)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MOST_COMBINATIONS:
                self._known.clear()
            found = self._known[key] = self._node.rest(event)
        return found

    def matches(self, event: ObservedEvent) -> bool:
        """Return whether an event is what the expression says."""
        rest = self.rest(event)
        return rest if isinstance(rest, bool) else rest(event)


def names_of(names: tuple[str, ...]) -> Callable[[ObservedEvent], Any]:
    """Return what reads the combination of these names of an event, as something that can be looked up."""
    if not names:
        return _nothing
    return attrgetter(*(f"event.{name}" for name in names))


def _nothing(_event: ObservedEvent) -> None:
    return None


def _tests(expression: Expression) -> Iterator[FieldTest]:
    match expression:
        case FieldTest():
            yield expression
        case AllOf() | AnyOf():
            for part in expression.parts:
                yield from _tests(part)
        case Negated():
            yield from _tests(expression.part)
        case _:
            assert_never(expression)


def _fields(test: FieldTest) -> tuple[str, ...]:
    return (test.field, test.check.other) if isinstance(test.check, SameAsField) else (test.field,)


def _cost(test: FieldTest) -> int:
    """Return a rank: metadata must be decoded, and patterns are slow; that a field is there is seen at once."""
    cost = 4 * test.field.startswith(METADATA)
    if isinstance(test.check, IsPresent):
        return cost
    return cost + (2 if isinstance(test.check, TextMatches) else 1)


class _Leaf:
    """A test of one field."""

    def __init__(self, test: FieldTest) -> None:
        fields = _fields(test)
        self._by_name: Final = all(field in FEW_FIELDS for field in fields)
        self.cost: Final = _cost(test)
        self._holds: Final = _predicate(test)

    def rest(self, event: ObservedEvent) -> Rest:
        return self._holds(event) if self._by_name else self._holds


class _Not:
    def __init__(self, part: _Node) -> None:
        self._part: Final = part
        self.cost: Final = part.cost

    def rest(self, event: ObservedEvent) -> Rest:
        inner = self._part.rest(event)
        if isinstance(inner, bool):
            return not inner
        return lambda event: not inner(event)


class _Several:
    """Parts of which all must hold, or one; the cheap ones are asked first."""

    def __init__(self, parts: list[_Node], *, every: bool) -> None:
        self._parts: Final = sorted(parts, key=lambda part: part.cost)
        self._every: Final = every
        self.cost: Final = max(part.cost for part in parts)

    def rest(self, event: ObservedEvent) -> Rest:
        left: list[Predicate] = []
        for part in self._parts:
            rest = part.rest(event)
            if not isinstance(rest, bool):
                left.append(rest)
            elif rest is not self._every:
                return rest
        if not left:
            return self._every
        if not self._every:
            left = _merged(left)
        if len(left) == 1:
            return left[0]
        return _every(tuple(left)) if self._every else _some(tuple(left))


_Node: TypeAlias = _Leaf | _Not | _Several


class _Found:
    """Patterns looked for in one field; of several such tests that are alternatives one is made."""

    def __init__(self, field: str, patterns: tuple[str, ...]) -> None:
        self.field: Final = field
        self.patterns: Final = patterns
        self._read: Final = getter(field)
        self._in: Final = _texts_with(patterns)
        self._holds: Final = any_item(self._in_text)

    def _in_text(self, value: Any) -> bool:
        text = text_of(value)
        return text is not None and self._in(text)

    def __call__(self, event: ObservedEvent) -> bool:
        value = self._read(event)
        if isinstance(value, str):
            return self._in(value)
        return value is not None and self._holds(value)


@lru_cache(maxsize=1_024)
def _texts_with(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """Return what answers whether one of the patterns is found; those that need a rare character wait for one."""
    rare = {pattern: spans for pattern in patterns if (spans := rare_in(pattern)) is not None}
    plain = tuple(pattern for pattern in patterns if pattern not in rare)
    if not rare:
        return _matching(plain)
    has_rare = has_one_of(span for spans in rare.values() for span in spans)
    whole, without = _matching(patterns), _matching(plain) if plain else None
    if without is None:
        return lambda text: has_rare(text) and whole(text)
    return lambda text: whole(text) if has_rare(text) else without(text)


def _matching(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    match = any_of_patterns(patterns)
    return lambda text: bool(match(text.encode("utf-8", "replace")))


def _merged(parts: list[Predicate]) -> list[Predicate]:
    """Put the patterns of each field into one test."""
    patterns: dict[str, list[str]] = {}
    for part in parts:
        if isinstance(part, _Found):
            patterns.setdefault(part.field, []).extend(part.patterns)
    if not patterns:
        return parts
    others = [part for part in parts if not isinstance(part, _Found)]
    return [*others, *(_Found(field, tuple(some)) for field, some in patterns.items())]


def _every(parts: tuple[Predicate, ...]) -> Predicate:
    def holds(event: ObservedEvent) -> bool:
        for part in parts:  # noqa: SIM110, twice as fast as all()
            if not part(event):
                return False
        return True

    return holds


def _some(parts: tuple[Predicate, ...]) -> Predicate:
    def holds(event: ObservedEvent) -> bool:
        for part in parts:  # noqa: SIM110, twice as fast as any()
            if part(event):
                return True
        return False

    return holds


def _node(expression: Expression) -> _Node:
    match expression:
        case FieldTest():
            return _Leaf(expression)
        case AllOf():
            return _Several([_node(part) for part in expression.parts], every=True)
        case AnyOf():
            return _Several([_node(part) for part in expression.parts], every=False)
        case Negated():
            return _Not(_node(expression.part))
        case _:
            assert_never(expression)


def _predicate(test: FieldTest) -> Predicate:
    read = getter(test.field)
    check = test.check
    if isinstance(check, IsPresent):
        if check.present:
            return lambda event: read(event) is not None
        return lambda event: read(event) is None
    if isinstance(check, SameAsField):
        other = getter(check.other)
        return lambda event: _same(read(event), other(event))
    if isinstance(check, TextMatches):
        return _Found(test.field, (check.pattern,))
    if not test.field.startswith(METADATA):
        plain = holds_for(check)
        return lambda event: (value := read(event)) is not None and plain(value)
    holds = any_item(holds_for(check))
    return lambda event: holds(read(event))


def _same(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return False
    return one == other or (text_of(one) is not None and text_of(one) == text_of(other))
