"""Which event concerns which rule: one look at its names rules most of them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from detect.engine.scouting import MOST_PLANS, ONCE, Scouting, ask
from detect.matching.matcher import Matcher, Predicate
from detect.rules.fields import FEW_FIELDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from detect.rules.expression import Expression
    from store.notes import Noted
    from store.observed import ObservedEvent

Take: TypeAlias = "Callable[[ObservedEvent], None]"
Step: TypeAlias = "tuple[Predicate | None, Take]"
"""What is still to be asked (None: nothing), and what takes the event then."""


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


class _Noted:
    """What is to be done with events of which the same was noted before they were stored."""

    __slots__ = ("counted", "once", "uncounted")

    def __init__(self) -> None:
        self.counted: list[Step] = []
        self.uncounted: list[Step] = []
        self.once = False


class Watches:
    """What is to be done with an event."""

    def __init__(self) -> None:
        """Begin without any."""
        self._watches: list[tuple[Expression | None, Matcher | None, Take, Wants]] = []
        self._by_rows: list[tuple[str, Take]] = []
        self._plans: dict[Any, _Plan] = {}
        self._noted: dict[Noted, _Noted] = {}
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
        self._watches.append((expression, matcher, take, wants))
        self._names.update(names, () if matcher is None else matcher.names)
        self._key = _names_read(tuple(name for name in FEW_FIELDS if name in self._names))
        self._plans.clear()
        self._noted.clear()

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

    def run_noted(self, events: Iterable[ObservedEvent], noted: Iterable[Noted | None]) -> None:
        """Do what `run` does, without rows, with events of which it was noted what they concern; None: it was not."""
        plans, known = self._plans, self._noted
        self._runs = run = self._runs + 1
        for event, numbers in zip(events, noted, strict=True):
            if numbers is None:
                named = plan = plans.get(self._key(event.event)) or self._planned(event)
            else:
                named = known.get(numbers) or self._meant(numbers)
                plan = None
            counted = event.event.counts
            for rest, take in named.counted if counted else named.uncounted:
                if rest is None or rest(event):
                    take(event)
            if counted and named.once:
                plan = plan or plans.get(self._key(event.event)) or self._planned(event)
                if plan.run != run:
                    plan.run = self._besides(plan, event, [])

    def scouting(self, by: str) -> Scouting:
        """Return what notes which events concern these watches before they are stored; `by` is its name for them."""
        asked = [(expression, wants is Wants.ONE) for expression, _, _, wants in self._watches]
        return Scouting(by, asked, self._key)

    def _meant(self, numbers: Noted) -> _Noted:
        """Return what is to be done where these numbers were noted."""
        if len(self._noted) >= MOST_PLANS:
            self._noted.clear()
        made = self._noted[numbers] = _Noted()
        for number in numbers:
            if number == ONCE:
                made.once = True
                continue
            _, matcher, take, wants = self._watches[number >> 1]
            step: Step = (_asked(matcher, wants) if matcher is not None and number == ask(number >> 1) else None, take)
            made.counted.append(step)
            if wants is Wants.ALL:
                made.uncounted.append(step)
        return made

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
        for _, matcher, take, wants in self._watches:
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


def _asked(matcher: Matcher, wants: Wants) -> Predicate:
    """Return the whole question of a watch; where one event is enough, what the names decide is `_Plan.once`."""
    if wants is not Wants.ONE:
        return matcher.matches
    return lambda event: not isinstance(rest := matcher.rest(event), bool) and rest(event)


def _names_read(names: tuple[str, ...]) -> Callable[[Any], Any]:
    """Return what reads the combination of these names of an event's fields."""
    return attrgetter(*names) if names else lambda _: None
