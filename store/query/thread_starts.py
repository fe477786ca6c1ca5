"""What metadata tells about sub-agents: it is read only of the few rows that can tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

from store.query.thread_steps import Steps
from store.threads.parents import starters_of
from store.threads.step import CALL, RESULT, STARTERS, Starts, Step

_MOST: Final = 500
"""Calls of sub-agents in one thread that are looked at."""


def starts_of(reading: Steps, steps: Sequence[Step]) -> Starts:
    """Return which calls of a thread started which of its agents, as far as metadata tells.

    The result of a call names the agent that it started. Where that is not there (yet), the words that a call sent an
    agent off with are the agent's first message.
    """
    children = Starts(children=children_of(reading, steps))
    ordered = sorted((step for step in steps if step.counts), key=lambda step: step.event.id)
    agents = {step.event.agent_id for step in ordered}
    unheld = [ordered[at] for at in starters_of(ordered, children)] if len(agents) > 1 else []
    calls = [step.event.id for step in ordered if step.kind == CALL and step.event.tool in STARTERS][:_MOST]
    if not unheld or not calls:
        return children
    told = reading.metadata([*calls, *(step.event.id for step in unheld[:_MOST])])
    return Starts(
        children=children.children,
        prompts=_texts(told, calls, "input", "prompt"),
        messages=_texts(told, [step.event.id for step in unheld], "text"),
    )


def children_of(reading: Steps, steps: Sequence[Step]) -> tuple[tuple[int, str], ...]:
    """Return the rows of results that name the agent which their call started, and that agent."""
    starters = {step.call_id for step in steps if step.kind == CALL and step.event.tool in STARTERS}
    results = [
        step.event.id
        for step in steps
        if step.kind == RESULT and (step.event.tool in STARTERS or (step.call_id and step.call_id in starters))
    ]
    return _texts(reading.metadata(results[:_MOST]), results, "child_agent_id") if results else ()


def _texts(told: dict[int, dict[str, Any]], row_ids: Sequence[int], *path: str) -> tuple[tuple[int, str], ...]:
    found: list[tuple[int, str]] = []
    for row_id in row_ids:
        value: Any = told.get(row_id)
        for key in path:
            value = cast("dict[str, Any]", value).get(key) if isinstance(value, dict) else None
        if isinstance(value, str) and value:
            found.append((row_id, value))
    return tuple(found)
