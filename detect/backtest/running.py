"""Runs one rule over stored events, with an engine of its own that nobody else sees."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Final

from detect.backtest.choosing import choosing_of
from detect.backtest.model import BackTest, CannotBeTestedError, SoFar, Watch
from detect.backtest.sieve import sieve_of
from detect.engine.engine import Engine
from detect.engine.findings import FoundIncident
from detect.rules.model import Rule, RuleSet
from store.replay.model import Replayed, ReplayQuestion

if TYPE_CHECKING:
    from config.budgets import Budget
    from store.events import EventSummary
    from store.observed import ObservedEvent
    from store.service import QueryService

_MOST_EVIDENCE: Final = 20_000
"""Events of which it is looked up whose they are."""


def back_test(
    rules: RuleSet,
    rule: Rule,
    service: QueryService,
    watch: Watch,
    *,
    since_us: int | None = None,
    until_us: int | None = None,
    budgets: Sequence[Budget] = (),
    utc: bool = False,
) -> BackTest:
    """Return what a rule of a set would have found among the events stated within [since_us, until_us).

    Events are looked at in the order of their arrival, and a rule begins knowing nothing: what it learns from is the
    same stretch of time. `budgets` are those of the settings, in days of UTC or else in local ones.

    Raises:
        CannotBeTestedError: the rule is about what is not there.
        StoreError: the store cannot be read.
    """
    if rule.kind == "silence":
        raise CannotBeTestedError(
            "a silence cannot be looked for in what is stored: it is about time in which somebody listened"
        )
    begun = time.monotonic()
    run = _Run(RuleSet(concerned(rules, rule)), rule, watch, budgets, utc=utc)
    run.look_up_filters(service, since_us, until_us)
    sieve = sieve_of(run.rules.rules, service.replay.names)
    question = ReplayQuestion(sieve, since_us, until_us, choosing_of(run.rules, rule))
    replayed = service.replay.run(question, run.take, run.told)
    incidents = run.incidents()
    rows = _evidence(service, incidents)
    extent = service.extent()
    return BackTest(
        rule,
        incidents,
        _names(row.agent_id for row in rows),
        _names(row.user_id for row in rows),
        _later(extent.oldest_us, since_us),
        extent.newest_us if until_us is None or extent.newest_us is None else min(extent.newest_us, until_us),
        replayed,
        bool(sieve),
        run.shed,
        time.monotonic() - begun,
    )


def concerned(rules: RuleSet, rule: Rule) -> tuple[Rule, ...]:
    """Return a rule with all that it refers to."""
    by_id = rules.by_id()
    found = {rule.id: rule}
    waiting = [rule]
    while waiting:
        for base in waiting.pop().bases:
            if base not in found:
                found[base] = by_id[base]
                waiting.append(by_id[base])
    return tuple(found.values())


def _later(oldest_us: int | None, since_us: int | None) -> int | None:
    return oldest_us if since_us is None or oldest_us is None else max(oldest_us, since_us)


def _evidence(service: QueryService, incidents: Sequence[FoundIncident]) -> Sequence[EventSummary]:
    ids = dict.fromkeys(row_id for incident in incidents for row_id in incident.evidence)
    return service.search.rows(list(ids)[:_MOST_EVIDENCE])


def _names(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({name for name in names if name is not None}))


class _Run:
    """One rule at work."""

    def __init__(self, rules: RuleSet, rule: Rule, watch: Watch, budgets: Sequence[Budget], *, utc: bool) -> None:
        self.rules: Final = rules
        self.shed = 0
        self._rule: Final = rule
        self._watch: Final = watch
        self._arrived_us = 0
        self._engine: Final = Engine(rules, clock=lambda: self._arrived_us, budgets=budgets, utc=utc)
        self._found: dict[str, FoundIncident] = {}
        self._rows: dict[str, Collection[int]] = {}

    def look_up_filters(self, service: QueryService, since_us: int | None, until_us: int | None) -> None:
        """Find the events of the queries that rules have instead of a detection."""
        for rule in self.rules.rules:
            if rule.options.query is None or rule.id not in self._engine.filters():
                continue
            if len(self.rules.rules) == 1:
                return  # whatever is handed on is what the query finds
            ids: set[int] = set()
            question = ReplayQuestion((rule.options.query,), since_us, until_us)
            service.replay.run(question, lambda events, ids=ids: ids.update(one.row_id for one in events), self.told)
            self._rows[rule.id] = ids

    def take(self, events: Sequence[ObservedEvent]) -> None:
        """Let the engine see events as if they arrived now."""
        if not events:
            return
        self._arrived_us = events[-1].arrived_us
        rows = self._rows
        if len(self.rules.rules) == 1 and self._rule.options.query is not None:
            rows = {self._rule.id: {event.row_id for event in events}}
        found = self._engine.observe(events, rows)
        for one in found.absorbed:
            self._found.pop(one.gone, None)
        self._found.update({one.id: one for one in found.incidents if one.rule_id == self._rule.id})
        self.shed += sum(one.keys + one.matches for one in found.shed if one.rule_id == self._rule.id)

    def told(self, replayed: Replayed) -> bool:
        """Tell how far it is."""
        return self._watch(SoFar(replayed, len(self._found)))

    def incidents(self) -> tuple[FoundIncident, ...]:
        """Return what was found, in order of time."""
        return tuple(sorted(self._found.values(), key=lambda one: (one.first_us, one.id)))
