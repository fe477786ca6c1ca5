"""What can be asked of an event before it is stored, by another process than the one whose engine remembers.

Whether an event is what an expression says depends on nothing but the event. Only fields that the store itself fills in
or changes are not known yet: a question about them is answered as far as it goes, and asked once more later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias, assert_never

from detect.matching.matcher import Matcher, Predicate
from detect.rules.expression import AllOf, AnyOf, Expression, FieldTest, Negated, SameAsField
from detect.rules.fields import NUMBER_FIELDS
from store.notes import Noted, Notes
from store.observed import ObservedEvent

if TYPE_CHECKING:
    from store.events import NewEvent

ONCE: Final = -1
"""Stands among the numbers where something wants one event of its combination of names."""
MOST_PLANS: Final = 16_384
"""Combinations of names for which it is remembered what they concern; beyond it everything is forgotten at once."""
_OUTCOME: Final = "outcome"
"""What is known of no event before it is stored."""
_PRICED: Final = "computed_microusd"
"""What is known only of events that no price has to be found for: there is none."""
_LOOKED_UP: Final = frozenset(NUMBER_FIELDS) - {"hour", "weekday"}
"""What look-ups may change, of events that need them."""
_ADDED: Final = frozenset({"metadata.figures", "metadata.duration_kind"})
"""What they may add to the metadata."""

Open: TypeAlias = "tuple[Matcher | None, bool, bool]"
"""What is asked of a watch (None: nothing, it is for all), whether it is asked once more, whether once is enough."""


def yes(watch: int) -> int:
    """Return the number that says that a watch's expression holds."""
    return watch << 1


def ask(watch: int) -> int:
    """Return the number that says that a watch's expression is to be asked about once the event is stored."""
    return watch << 1 | 1


class _Plan:
    """What is to be asked of events of one combination of names."""

    __slots__ = ("always", "once", "questions", "run", "steps")

    def __init__(self) -> None:
        self.steps: list[tuple[Predicate | None, int]] = []
        self.once = False
        self.always: Noted = ()
        """What is said where nothing is left to ask."""
        self.questions = False
        self.run = 0


class Scouting:
    """A `store.notes.Scout` for the watches of an engine."""

    def __init__(self, by: str, watches: Iterable[tuple[Expression | None, bool]], key: Callable[[Any], Any]) -> None:
        """Ask what the watches ask, in their order; of each, whether one event of a combination is enough.

        `by` names them all together; `key` reads the names by which the combinations are told apart.
        """
        self._by: Final = by
        self._key: Final = key
        known = list(watches)
        unknown = (_changing, _priced, _settled)
        self._open: Final = tuple([_opened(one, once, each) for one, once in known] for each in unknown)
        self._plans: Final[tuple[dict[Any, _Plan], ...]] = ({}, {}, {})
        self._runs = 0

    def notes(self, events: Sequence[NewEvent], certain: Iterable[bool]) -> Notes:
        """See `Scout`. What a rule fails at is raised."""
        plans, key_of = self._plans, self._key
        self._runs = run = self._runs + 1
        places: dict[Noted, int] = {(): 0}
        of: list[int] = []
        for event, sure in zip(events, certain, strict=True):
            certainty = sure and 1 + (not _has_to_be_priced(event))
            plan = plans[certainty].get(key_of(event))
            if plan is None or plan.questions:
                seen = ObservedEvent(0, 0, event.ts_us or 0, 0, event)
                plan = plan or self._planned(seen, certainty)
                noted = tuple([number for rest, number in plan.steps if rest is None or rest(seen)])
            else:
                noted = plan.always
            if plan.once and plan.run != run:
                noted = (*noted, ONCE)
                if sure:
                    plan.run = run
            place = places.get(noted)
            if place is None:
                place = places[noted] = len(places)
            of.append(place)
        return Notes(self._by, list(places), of)

    def _planned(self, event: ObservedEvent, certainty: int) -> _Plan:
        plans = self._plans[certainty]
        if len(plans) >= MOST_PLANS:
            plans.clear()
        plan = plans[self._key(event.event)] = _Plan()
        for watch, (matcher, again, once) in enumerate(self._open[certainty]):
            rest = True if matcher is None else matcher.rest(event)
            if rest is True and once:
                plan.once = True  # asked once more, whether it holds may be seen from the names alone
            if rest is not False and (again or rest is not True or not once):
                plan.steps.append((None if rest is True else rest, ask(watch) if again else yes(watch)))
        plan.questions = any(rest is not None for rest, _ in plan.steps)
        plan.always = tuple(number for _, number in plan.steps)
        return plan


def _has_to_be_priced(event: NewEvent) -> bool:
    """Return whether an event that is stored as it is gets a computed cost (as `store.rollups.sums` sees it)."""
    return event.cost_microusd is None and bool(
        event.input_tokens or event.output_tokens or event.cache_read_tokens or event.cache_write_tokens
    )


def _opened(expression: Expression | None, once: bool, is_unknown: Callable[[str], bool]) -> Open:  # noqa: FBT001
    """Return what is asked of events of which some fields are not known yet."""
    if expression is None:
        return None, False, once
    left = _possible(expression, is_unknown, otherwise=True)
    if isinstance(left, bool):  # False: it never holds, and would be asked in vain
        return None, True, once
    return Matcher(left), left is not expression, once


def _possible(expression: Expression, is_unknown: Callable[[str], bool], *, otherwise: bool) -> Expression | bool:
    """Return what is left of an expression where tests whose answer is not known yet are answered with `otherwise`."""
    match expression:
        case FieldTest():
            fields = (expression.field, expression.check.other) if isinstance(expression.check, SameAsField) else ()
            unknown = any(is_unknown(one) for one in (*fields, expression.field))
            return otherwise if unknown else expression
        case Negated():
            inner = _possible(expression.part, is_unknown, otherwise=not otherwise)
            if isinstance(inner, bool):
                return not inner
            return expression if inner is expression.part else Negated(inner)
        case AllOf() | AnyOf():
            parts = [_possible(part, is_unknown, otherwise=otherwise) for part in expression.parts]
            if all(new is old for new, old in zip(parts, expression.parts, strict=True)):
                return expression
            deciding = isinstance(expression, AnyOf)
            if deciding in parts:
                return deciding
            left = tuple(part for part in parts if not isinstance(part, bool))
            return type(expression)(left) if left else not deciding
        case _:
            assert_never(expression)


def _settled(field: str) -> bool:
    """Return whether a field is unknown of events that are stored as they are and need no price."""
    return field == _OUTCOME


def _priced(field: str) -> bool:
    """Return whether a field is unknown of events that are stored as they are, with a price."""
    return field == _PRICED or _settled(field)


def _changing(field: str) -> bool:
    """Return whether a field is unknown of events that look-ups may change."""
    return _priced(field) or field in _LOOKED_UP or ".".join(field.split(".")[:2]) in _ADDED
