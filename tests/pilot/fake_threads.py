"""Threads over steps in memory: the same trees as the store's, without a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from store.threads.assembling import assemble
from store.threads.model import Level, Thread
from store.threads.step import Starts, Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.events import EventSummary

_ORDER: Final = (Level.REQUEST, Level.TRACE, Level.SESSION)


class FakeThreads:
    """Answers from `steps`; an event that is in none of them stands alone. `asked` records the questions."""

    def __init__(self, find: Callable[[int], EventSummary | None]) -> None:
        """Find events that are in no step with `find`."""
        self._find = find
        self.steps: list[Step] = []
        self.asked: list[tuple[int, Level | None]] = []
        self.cut = False

    def thread(self, event_row_id: int, level: Level | None = None) -> Thread | None:
        """Return the thread of an event; None where there is no such event."""
        self.asked.append((event_row_id, level))
        step = next((one for one in self.steps if one.event.id == event_row_id), None)
        if step is None:
            event = self._find(event_row_id)
            alone = None if event is None else Step(event, "native")
            return None if alone is None else assemble(event_row_id, Level.CALL, "", [alone], Starts())
        levels = [one for one in _ORDER if key_of(step, one) is not None]
        chosen = next((one for one in levels if level is None or _ORDER.index(one) >= _ORDER.index(level)), levels[-1])
        key = key_of(step, chosen)
        wider = next((one for one in levels if _ORDER.index(one) > _ORDER.index(chosen)), None)
        steps = [one for one in self.steps if key_of(one, chosen) == key]
        return assemble(event_row_id, chosen, key or "", steps, Starts(), wider=wider, cut=self.cut)


def key_of(step: Step, level: Level) -> str | None:
    """Return the id by which a step belongs to a level."""
    keys = {Level.REQUEST: step.request_id, Level.TRACE: step.trace_id, Level.SESSION: step.session_id}
    return keys[level]
