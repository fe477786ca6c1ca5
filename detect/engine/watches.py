"""Which event concerns which rule: one look at its names rules most of them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from detect.matching.matcher import Matcher, Predicate
from detect.rules.fields import FEW_FIELDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from detect.rules.expression import Expression
    from store.observed import ObservedEvent

Take: TypeAlias = "Callable[[ObservedEvent], None]"
Step: TypeAlias = "tuple[Predicate | None, Take]"
"""What is still to be asked (None: nothing), and what takes the event then."""

MOST_PLANS: Final = 16_384
"""Combinations of names for which it is remembered what they concern; beyond it everything is forgotten at once."""


class Wants(Enum):
    """Which rows a watch is for."""

    COUNTED = "counted"
    ALL = "all"
    """Also those that are no new occurrence."""
    ONE = "one"
    """One of those that agree in their names is as good as all of a run."""


class _Plan:
    """What is to be done with events of one combination of names."""

    __slots__ = ("counted", "once", "run", "uncounted")

    def __init__(self) -> None:
        self.counted: list[Step] = []
        self.uncounted: list[Step] = []
        """Also for rows that are no new occurrence."""
        self.once: list[Take] = []
        """What wants one event of the combination in a run, and no more."""
        self.run = 0
        """The last run in which it had one."""


class Watches:
    """What is to be done with an event."""

    def __init__(self) -> None:
        """Begin without any."""
        self._watches: list[tuple[Matcher | None, Take, Wants]] = []
        self._by_rows: list[tuple[str, Take]] = []
        self._plans: dict[Any, _Plan] = {}
        self._names: set[str] = set()
        self._key: Callable[[Any], Any] = _names_read(())
        self._runs = 0

    def add(
        self,
        expression: Expression | None,
        take: Take,
        *,
        wants: Wants = Wants.COUNTED,
        names: tuple[str, ...] = (),
    ) -> None:
        """Hand on what an expression says (None: everything). `names`: those by which it tells events apart."""
        matcher = None if expression is None else Matcher(expression)
        self._watches.append((matcher, take, wants))
        self._names.update(names, () if matcher is None else matcher.names)
        self._key = _names_read(tuple(name for name in FEW_FIELDS if name in self._names))
        self._plans.clear()

    def add_rows(self, rule_id: str, take: Take) -> None:
        """Hand on the rows that somebody else finds for this rule."""
        self._by_rows.append((rule_id, take))

    def run(self, events: Iterable[ObservedEvent], rows: Mapping[str, Collection[int]]) -> None:
        """Hand each event on to what it concerns, in their order."""
        plans, key_of = self._plans, self._key
        self._runs = run = self._runs + 1
        by_rows = [(found, take) for rule_id, take in self._by_rows if (found := rows.get(rule_id))]
        for event in events:
            one = event.event
            counted = one.counts
            plan = plans.get(key_of(one)) or self._planned(event)
            for rest, take in plan.counted if counted else plan.uncounted:
                if rest is None or rest(event):
                    take(event)
            if counted and (by_rows or plan.run != run):
                plan.run = self._besides(plan, event, by_rows)

    def _besides(self, plan: _Plan, event: ObservedEvent, by_rows: list[tuple[Collection[int], Take]]) -> int:
        """Hand an event on to what wants one of its kind, and to the rules whose queries find it; return the run."""
        if plan.run != self._runs:
            for take in plan.once:
                take(event)
        for found, take in by_rows:
            if event.row_id in found:
                take(event)
        return self._runs

    def _planned(self, event: ObservedEvent) -> _Plan:
        if len(self._plans) >= MOST_PLANS:
            self._plans.clear()
        plan = self._plans[self._key(event.event)] = _Plan()
        for matcher, take, wants in self._watches:
            rest = True if matcher is None else matcher.rest(event)
            if rest is False:
                continue
            step: Step = (None if rest is True else rest, take)
            if wants is Wants.ONE and rest is True:
                plan.once.append(take)
            else:
                plan.counted.append(step)
            if wants is Wants.ALL:
                plan.uncounted.append(step)
        return plan


def _names_read(names: tuple[str, ...]) -> Callable[[Any], Any]:
    """Return what reads the combination of these names of an event's fields."""
    return attrgetter(*names) if names else lambda _: None
