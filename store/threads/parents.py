"""Who holds whom: spans, calls with their results, and sub-agents under the calls that started them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from store.threads.step import CALL, CHAINED, MESSAGE, REQUEST, RESULT, Starts, Step

_HOLDERS: Final = (CALL, REQUEST, MESSAGE)
"""Of several rows with one span, these are what the others hang under."""


def parents_of(steps: Sequence[Step], starts: Starts) -> list[int | None]:
    """Return for each step the place of the one that holds it; None: nothing here does. There is no circle in it."""
    family = _Family(steps, starts)
    return _without_circles([family.parent(at) for at in range(len(steps))])


def starters_of(steps: Sequence[Step], starts: Starts) -> list[int]:
    """Return the places of the rows that began something and that nothing holds: candidates for a sub-agent's first."""
    family = _Family(steps, starts)
    return [at for at in range(len(steps)) if family.begins(at) and family.parent(at) is None]


class _Family:
    """The steps in time order, found by what ties them together."""

    def __init__(self, steps: Sequence[Step], starts: Starts) -> None:
        """Look at all of them once."""
        self._steps = steps
        self._spans: dict[str, int] = {}
        self._calls: dict[str, list[int]] = {}
        self._requests: dict[tuple[str | None, str | None, str], int] = {}
        self._begins: dict[tuple[str | None, str | None, str | None], int] = {}
        for at, step in enumerate(steps):
            self._note(at, step)
        self._children: dict[str, list[int]] = {}
        self._note_starts(starts)

    def _note(self, at: int, step: Step) -> None:
        if step.span_id is not None:
            known = self._spans.get(step.span_id)
            if known is None or (step.kind in _HOLDERS and self._steps[known].kind not in _HOLDERS):
                self._spans[step.span_id] = at
        if step.kind == CALL and step.call_id is not None:
            self._calls.setdefault(step.call_id, []).append(at)
        if step.kind == REQUEST and step.request_id is not None:
            self._requests.setdefault((step.session_id, step.event.agent_id, step.request_id), at)
        if step.kind == MESSAGE:
            self._begins.setdefault(self._conversation(step), at)

    @staticmethod
    def _conversation(step: Step) -> tuple[str | None, str | None, str | None]:
        return step.session_id, step.event.agent_id, step.trace_id

    def _note_starts(self, starts: Starts) -> None:
        places = {step.event.id: at for at, step in enumerate(self._steps)}
        for row_id, agent in starts.children:
            at = places.get(row_id)
            call = self._call_of(at) if at is not None and self._steps[at].kind == RESULT else at
            if call is not None and call not in self._children.setdefault(agent, []):
                self._children[agent].append(call)
        calls = {text: places[row_id] for row_id, text in reversed(starts.prompts) if row_id in places}
        for row_id, text in starts.messages:
            agent = self._steps[places[row_id]].event.agent_id if row_id in places else None
            if agent is not None and text in calls:
                self._children.setdefault(agent, [calls[text]])

    def begins(self, at: int) -> bool:
        """Return whether a step is the message with which an agent's work on one prompt begins."""
        return self._begins.get(self._conversation(self._steps[at])) == at

    def parent(self, at: int) -> int | None:
        """Return the place of what holds a step."""
        step = self._steps[at]
        if step.kind == RESULT:
            call = self._call_of(at)
            if call is not None:
                return call
        found = self._chained(at) if step.format in CHAINED else self._by_span(at)
        return self._starter(at) if found is None else found

    def _by_span(self, at: int) -> int | None:
        parent_id = self._steps[at].parent_id
        if parent_id is None:
            return None
        found = self._spans.get(parent_id)
        if found is None and parent_id in self._calls:
            found = self._calls[parent_id][0]
        return None if found == at else found

    def _chained(self, at: int) -> int | None:
        """Return the call or request that a line names; else its request; else the message that it answers."""
        step = self._steps[at]
        named = self._by_span(at)
        if named is not None and self._steps[named].kind in (CALL, REQUEST):
            return named
        if step.request_id is not None and step.kind != REQUEST:
            request = self._requests.get((step.session_id, step.event.agent_id, step.request_id))
            if request is not None:
                return request
        begin = self._begins.get(self._conversation(step))
        return None if begin == at else begin

    def _call_of(self, at: int | None) -> int | None:
        """Return the call that a result answers: the last one before it, else the first."""
        if at is None:
            return None
        result = self._steps[at]
        calls = [one for one in self._calls.get(result.call_id or "", ()) if self._steps[one].in_one_context(result)]
        return max((one for one in calls if one < at), default=calls[0] if calls else None)

    def _starter(self, at: int) -> int | None:
        """Return the call that started the agent of a step: the last one before it, else the first."""
        agent = self._steps[at].event.agent_id
        calls = [one for one in self._children.get(agent or "", ()) if self._steps[one].event.agent_id != agent]
        return max((one for one in calls if one < at), default=calls[0] if calls else None)


def _without_circles(parents: list[int | None]) -> list[int | None]:
    """Return the parents with every circle cut open: one of its steps is held by nothing."""
    done: set[int] = set()
    for start in range(len(parents)):
        path: set[int] = set()
        at: int | None = start
        while at is not None and at not in done:
            path.add(at)
            above = parents[at]
            if above in path:
                parents[at] = above = None
            at = above
        done |= path
    return parents
