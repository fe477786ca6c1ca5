"""The thread of an event: what shares its request, trace or session, and the sessions that are joined to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from store import tokens
from store.query.access import Access
from store.query.thread_starts import children_of, starts_of
from store.query.thread_steps import Steps
from store.threads.assembling import assemble
from store.threads.model import Level, Thread
from store.threads.step import CALL, RESULT, Step

BOUND: Final = 5_000
"""Rows of one thread that are read at most: those around the event."""
_SIGHTS: Final = 400
"""Calls up to which all of them are looked for elsewhere; beyond that only those that lack their other half."""
_JOINED: Final = 32
"""Sessions that are joined to one at most."""
_TRACES: Final = 64
_ENDS: Final = 16
"""Rows at either end that are asked whether their time was only inferred."""

_KINDS: Final = {
    Level.CALL: tokens.CALL,
    Level.REQUEST: tokens.REQUEST,
    Level.TRACE: tokens.TRACE,
    Level.SESSION: tokens.SESSION,
    Level.JOINED: tokens.SESSION,
}
_ORDER: Final = tuple(Level)


class Threads:
    """Answers with threads; implements `store.threads.model.ThreadQuestions`."""

    def __init__(self, access: Access, bound: int = BOUND) -> None:
        """Read through `access`, at most `bound` rows of a thread."""
        self._steps = Steps(access)
        self._bound = bound

    def thread(self, event_row_id: int, level: Level | None = None) -> Thread | None:
        """See `ThreadQuestions`.

        Raises:
            StoreError: the store cannot be read.
        """
        asked = self._steps.one(event_row_id)
        if asked is None:
            return None
        levels = _levels_of(asked)
        chosen = _at_least(level, levels)
        key = _key(asked, chosen)
        if not key:
            return assemble(event_row_id, chosen, "", [asked], starts_of(self._steps, [asked]))
        if chosen is Level.JOINED:
            return self._joined(asked, key)
        steps, cut = self._read(_KINDS[chosen], [key], asked)
        wider = next((one for one in levels if _ORDER.index(one) > _ORDER.index(chosen)), None)
        if chosen is Level.SESSION and self._joined_sessions(key, steps):
            wider = Level.JOINED
        return assemble(event_row_id, chosen, key, steps, starts_of(self._steps, steps), wider=wider, cut=cut)

    def _joined(self, asked: Step, session: str) -> Thread:
        steps, cut = self._read(tokens.SESSION, [session], asked)
        others = self._joined_sessions(session, steps)
        level = Level.JOINED if others else Level.SESSION
        if others:
            steps, cut = self._read(tokens.SESSION, [session, *others], asked)
        return assemble(asked.event.id, level, session, steps, starts_of(self._steps, steps), cut=cut)

    def _read(self, kind: str, values: Sequence[str], asked: Step) -> tuple[list[Step], bool]:
        """Return the rows with these ids, and what other rows tell of the same calls."""
        steps, cut = self._steps.around(kind, values, asked.event.id, self._bound)
        known = {step.event.id for step in steps}
        calls = {step.call_id: step for step in steps if step.call_id is not None and step.kind in (CALL, RESULT)}
        wanted = list(calls) if len(calls) <= _SIGHTS else _alone(steps)
        found = self._steps.with_ids(tokens.CALL, wanted)
        steps += [
            step
            for step in found
            if step.event.id not in known and step.call_id in calls and step.in_one_context(calls[step.call_id])
        ]
        return self._without_far_times(steps), cut

    def _without_far_times(self, steps: Sequence[Step]) -> list[Step]:
        """Return the steps in time order, those at either end whose time was inferred marked as such."""
        ordered = sorted(steps, key=lambda step: step.event.id)
        ends = [*ordered[:_ENDS], *ordered[-_ENDS:]] if len(ordered) > 1 else []
        told = self._steps.metadata([step.event.id for step in ends])
        inferred = {row_id for row_id, metadata in told.items() if metadata.get("ts_inferred") is True}
        sure = [at for at, step in enumerate(ordered) if step.event.id not in inferred]
        first, last = (sure[0], sure[-1]) if sure else (0, len(ordered))
        return [step if first <= at <= last else replace(step, timed=False) for at, step in enumerate(ordered)]

    def _joined_sessions(self, session: str, steps: Sequence[Step]) -> list[str]:
        """Return the sessions that share a trace with this one, started it, or were started by it."""
        known = [session]
        traces = list(dict.fromkeys(step.trace_id for step in steps if step.trace_id is not None))[:_TRACES]
        known += self._steps.sessions(tokens.TRACE, traces, known, _JOINED)
        spans = {step.span_id for step in steps}
        callers = [step.parent_id for step in steps if step.parent_id is not None and step.parent_id not in spans]
        known += self._steps.sessions(tokens.CALL, list(dict.fromkeys(callers))[:_TRACES], known, _JOINED)
        agents = list(dict.fromkeys(agent for _, agent in children_of(self._steps, steps)))[:_TRACES]
        known += self._steps.sessions_of_agents(agents, known, _JOINED)
        return known[1 : _JOINED + 1]


def _levels_of(step: Step) -> list[Level]:
    """Return what an event can be followed by, the narrowest first; only its call where nothing else is there."""
    levels = [level for level in (Level.REQUEST, Level.TRACE, Level.SESSION) if _key(step, level)]
    return levels or [Level.CALL]


def _key(step: Step, level: Level) -> str:
    keys = {
        Level.CALL: step.call_id,
        Level.REQUEST: step.request_id,
        Level.TRACE: step.trace_id,
        Level.SESSION: step.session_id,
        Level.JOINED: step.session_id,
    }
    return keys[level] or ""


def _at_least(level: Level | None, levels: Sequence[Level]) -> Level:
    """Return the level that was asked for, else the next wider one that there is, else the widest."""
    if level is None:
        return levels[0]
    if level is Level.JOINED and Level.SESSION in levels:
        return level
    return next((one for one in levels if _ORDER.index(one) >= _ORDER.index(level)), levels[-1])


def _alone(steps: Sequence[Step]) -> list[str]:
    """Return the ids of calls of which only one half is here."""
    halves: dict[str, set[str]] = {}
    for step in steps:
        if step.call_id is not None and step.kind in (CALL, RESULT):
            halves.setdefault(step.call_id, set()).add(step.kind)
    return [call_id for call_id, kinds in halves.items() if len(kinds) == 1]
