"""Which event concerns which rule: one look at its names rules most of them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from detect.matching.matcher import Matcher, Predicate, names_of
from detect.rules.fields import NAME_FIELDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from detect.rules.expression import Expression
    from store.observed import ObservedEvent

Take: TypeAlias = "Callable[[ObservedEvent], None]"
Step: TypeAlias = "tuple[Predicate | None, Take]"
"""What is still to be asked (None: nothing), and what takes the event then."""

MOST_PLANS: Final = 16_384
"""Combinations of names for which it is remembered what they concern; beyond it everything is forgotten at once."""


class Watches:
    """What is to be done with an event."""

    def __init__(self) -> None:
        """Begin without any."""
        self._watches: list[tuple[Matcher | None, Take, bool]] = []
        self._by_rows: list[tuple[str, Take]] = []
        self._plans: dict[Any, tuple[tuple[Step, ...], tuple[Step, ...]]] = {}
        self._key: Callable[[ObservedEvent], Any] = names_of(())

    def add(self, expression: Expression | None, take: Take, *, uncounted: bool = False) -> None:
        """Hand on what an expression says (None: everything); `uncounted`: also rows that are no new occurrence."""
        self._watches.append((None if expression is None else Matcher(expression), take, uncounted))
        used = {name for matcher, _, _ in self._watches if matcher is not None for name in matcher.names}
        self._key = names_of(tuple(name for name in NAME_FIELDS if name in used))
        self._plans.clear()

    def add_rows(self, rule_id: str, take: Take) -> None:
        """Hand on the rows that somebody else finds for this rule."""
        self._by_rows.append((rule_id, take))

    def run(self, events: Iterable[ObservedEvent], rows: Mapping[str, Collection[int]]) -> None:
        """Hand each event on to what it concerns, in their order."""
        plans, key_of = self._plans, self._key
        by_rows = [(found, take) for rule_id, take in self._by_rows if (found := rows.get(rule_id))]
        for event in events:
            key = key_of(event)
            plan = plans.get(key)
            if plan is None:
                plan = self._planned(key, event)
            counted = event.event.counts
            for rest, take in plan[0] if counted else plan[1]:
                if rest is None or rest(event):
                    take(event)
            if by_rows and counted:
                for found, take in by_rows:
                    if event.row_id in found:
                        take(event)

    def _planned(self, key: Any, event: ObservedEvent) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
        if len(self._plans) >= MOST_PLANS:
            self._plans.clear()
        counted: list[Step] = []
        uncounted: list[Step] = []
        for matcher, take, also_uncounted in self._watches:
            rest = True if matcher is None else matcher.rest(event)
            if rest is False:
                continue
            step: Step = (None if rest is True else rest, take)
            counted.append(step)
            if also_uncounted:
                uncounted.append(step)
        plan = self._plans[key] = (tuple(counted), tuple(uncounted))
        return plan
