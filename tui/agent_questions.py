"""The questions behind the panel of the Agents tab: a plain function, for a worker to call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from store.analytics.model import Dimension, Durations, Figures, Usage, UsageQuestion, UsageRow
from store.analytics.usual import usual, usual_question
from store.filters.model import Filter
from store.service import QueryService
from tui.agent_behind import named, without_times
from tui.agent_facts import AgentFacts, Breakdown, Measure, Part, Timeline, Unusual, number
from tui.agent_hours import timeline_edges, week_edges, week_of

MESSAGES: Final = 6
SLICES: Final = 54
"""Stretches of the timeline, at most."""
_PARTS: Final = {Dimension.AGENT: (Dimension.TOOL, Dimension.SERVER), Dimension.SERVER: (Dimension.TOOL,)}
_PARTNERS: Final = {
    Dimension.AGENT: (Dimension.USER, Dimension.TENANT),
    Dimension.TENANT: (Dimension.USER,),
    Dimension.SERVER: (Dimension.AGENT,),
}
_LOUD: Final = 3
_LOUD_BY: Final = 5
"""An hour in ten is above what is usual: only what is so many times and by so much more is worth a sign."""
_WORST_FIRST: Final = ("failures", "denials", "calls", "tokens")
_MOST_UNUSUAL: Final = 2
_WITH_MODELS: Final = frozenset({Dimension.AGENT, Dimension.TENANT})
"""What sums are kept for together with models."""


@dataclass(frozen=True, slots=True)
class _Asking:
    """Who asks, about what, and until when."""

    service: QueryService
    what: Filter
    start_us: int
    end_us: int
    wanted: Callable[[], bool]

    def by(self, by: tuple[Dimension, ...], *, durations: bool = False) -> Sequence[UsageRow]:
        """Return the sums of the window, told apart."""
        return self._usage(UsageQuestion(self.what, (self.start_us, self.end_us), by, durations)).rows

    def usual(self, first_us: int | None) -> tuple[Unusual, ...]:
        """Return what happened far too often in the last whole hour of the window."""
        question = replace(usual_question(None, self.end_us), what=self.what)
        found = usual(question, self._usage(question), first_us)
        loud = [one for one in found if one.now >= max(_LOUD * one.high, one.high + _LOUD_BY)]
        loud.sort(key=lambda one: _WORST_FIRST.index(one.measure))
        hour = question.edges[-2], question.edges[-1]
        return tuple(Unusual(one.measure, one.now, one.low, one.high, hour) for one in loud[:_MOST_UNUSUAL])

    def over(self, edges: tuple[int, ...]) -> tuple[Figures, ...]:
        """Return the sums of stretches of time."""
        sums = [Figures()] * (len(edges) - 1)
        for row in self._usage(UsageQuestion(self.what, edges)).rows:
            sums[row.stretch] += row.figures
        return tuple(sums)

    def _usage(self, question: UsageQuestion) -> Usage:
        if not self.wanted():
            return Usage((), complete=False)
        return self.service.analytics.usage(question, lambda _: self.wanted())


def agent_facts(
    service: QueryService,
    dimension: Dimension,
    value: str | None,
    what: Filter,
    *,
    start_us: int,
    end_us: int,
    now_us: int,
    utc: bool = False,
    place: tuple[int, int] | None = None,
    slices: int = SLICES,
    wanted: Callable[[], bool] = lambda: True,
) -> AgentFacts:
    """Return everything about one value of a dimension among what passes `what`, within [start_us, end_us).

    Hours and weekdays are those of UTC with `utc`, else local. `place`: it is the n-th of m. Where `wanted` returns
    False, nothing more is asked and the facts are not complete. Raises what the service raises.
    """
    own = named(without_times(what), {dimension: value})
    asking = _Asking(service, own, start_us, end_us, wanted)
    facts = _figures(asking, dimension, value, now_us)
    facts = replace(_in_words(facts, service), place=place)
    hours = week_edges(start_us, end_us, utc=utc)
    edges = timeline_edges(start_us, end_us, slices, utc=utc)
    return replace(
        facts,
        unusual=asking.usual(facts.first_us) if facts.first_us is not None else (),
        week=week_of(hours, asking.over(hours), utc=utc),
        timeline=Timeline(edges, asking.over(edges)),
        complete=wanted(),
    )


def _figures(asking: _Asking, dimension: Dimension, value: str | None, now_us: int) -> AgentFacts:
    by = _PARTS.get(dimension, (Dimension.AGENT,))
    rows = asking.by(by, durations=True)
    total = _sum(row.figures for row in rows)
    measure: Measure = "calls" if total.calls else "events"
    parts = Breakdown(by, _parts(rows, measure))
    costs = parts
    if dimension in _WITH_MODELS:
        costs = Breakdown((Dimension.MODEL,), _parts(asking.by((Dimension.MODEL,)), measure))
    with_partners = _PARTNERS.get(dimension, (Dimension.TENANT,))
    partners = asking.by(with_partners)
    tenant = with_partners.index(Dimension.TENANT) if Dimension.TENANT in with_partners else None
    tenants = () if tenant is None else tuple(dict.fromkeys(row.values[tenant] for row in partners))
    return AgentFacts(
        dimension=dimension,
        value=value,
        what=asking.what,
        start_us=asking.start_us,
        end_us=asking.end_us,
        now_us=now_us,
        total=total,
        durations=_together(row.durations for row in rows),
        measure=measure,
        tenants=(value,) if dimension is Dimension.TENANT else tenants,
        parts=parts,
        costs=costs,
        partners=Breakdown(with_partners[:1], _parts(partners, measure, among=1)),
    )


def _in_words(facts: AgentFacts, service: QueryService) -> AgentFacts:
    """Return the facts with what was first seen when, and with the reasons of errors and denials."""
    analytics, start_us, end_us = service.analytics, facts.start_us, facts.end_us
    seen = analytics.seen(facts.dimension, facts.what).get(facts.value)
    facts = replace(facts, first_us=None if seen is None else seen.first_us)
    if not facts.is_new:
        facts = replace(facts, parts=_with_first(facts, service))
    if facts.total.errors:
        messages = tuple(analytics.error_messages(facts.what, start_us, end_us, MESSAGES))
        facts = replace(facts, messages=messages)
    if facts.total.denials:
        facts = replace(facts, rules=tuple(analytics.denial_rules(facts.what, start_us, end_us)))
    return facts


def _with_first(facts: AgentFacts, service: QueryService) -> Breakdown:
    """Return the parts, those marked that were seen for the first time in the window."""
    if facts.dimension is Dimension.AGENT and facts.value is not None:
        uses = service.analytics.first_uses(facts.value, facts.start_us)
        first: dict[tuple[str | None, ...], int] = {(tool, server): at for tool, server, at in uses}
    else:
        seen = service.analytics.seen(facts.parts.by[0], facts.what)
        first = {(name,): one.first_us for name, one in seen.items()}
    span = range(facts.start_us, facts.end_us)
    marked = [
        replace(part, first_us=at) if (at := first.get(part.names)) is not None and at in span else part
        for part in facts.parts.parts
    ]
    return replace(facts.parts, parts=tuple(marked))


def _parts(rows: Iterable[UsageRow], measure: Measure, *, among: int | None = None) -> tuple[Part, ...]:
    """Return the sums by the first `among` names (None: all of them), the largest first."""
    found: dict[tuple[str | None, ...], list[UsageRow]] = {}
    for row in rows:
        found.setdefault(row.values[:among], []).append(row)
    parts = [
        Part(names, _sum(row.figures for row in same), _together(row.durations for row in same))
        for names, same in found.items()
    ]
    parts.sort(
        key=lambda part: (-number(part.figures, measure), -part.figures.events, *(name or "" for name in part.names))
    )
    return tuple(parts)


def _sum(figures: Iterable[Figures]) -> Figures:
    return sum(figures, start=Figures())


def _together(durations: Iterable[Durations | None]) -> Durations:
    counts: dict[int, int] = {}
    for one in durations:
        if one is not None:
            for bucket, calls in one.counts.items():
                counts[bucket] = counts.get(bucket, 0) + calls
    return Durations(counts)
