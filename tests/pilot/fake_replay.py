"""Events of a list in memory, given back in the order of their arrival."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from store.events import EventSummary, NewEvent
from store.filters.model import Filter
from store.observed import ObservedEvent
from store.replay.model import Replayed, ReplayQuestion

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.filters.keys import Key
    from store.replay.model import Take, Watch


_EVERY_S: Final = 0.05


class FakeReplay:
    """Answers from the list of the fake service; `batch` events are handed on at once.

    While `gate` is not set, a replay that has said how far it is waits there.
    """

    def __init__(self, matching: Callable[[Filter], list[EventSummary]]) -> None:
        """Ask `matching` for what a filter lets through."""
        self._matching = matching
        self.batch = 100
        self.gate = threading.Event()
        self.gate.set()
        self.asked: list[ReplayQuestion] = []

    def names(self, key: Key, most: int) -> Sequence[str] | None:
        """Return that there are too many: so nothing is ruled out beforehand."""
        del key, most
        return None

    def run(self, question: ReplayQuestion, take: Take, watch: Watch) -> Replayed:
        """Hand on what the question asks for."""
        self.asked.append(question)
        found = {event.seq: event for what in question.alternatives or (Filter(),) for event in self._matching(what)}
        kept = [found[seq] for seq in sorted(found) if _within(question, found[seq])]
        done = Replayed(0, len(kept), len(kept), 0)
        for start in range(0, len(kept), self.batch):
            if not self._goes_on(done, watch):
                return done
            some = kept[start : start + self.batch]
            take([observed_of(event) for event in some])
            done = Replayed(start + len(some), len(kept), len(kept), start + len(some))
        watch(done)
        return Replayed(len(kept), len(kept), len(kept), len(kept), complete=True)

    def _goes_on(self, done: Replayed, watch: Watch) -> bool:
        going = watch(done)
        while going and not self.gate.wait(_EVERY_S):
            going = watch(done)
        return going


def _within(question: ReplayQuestion, event: EventSummary) -> bool:
    return (question.since_us is None or event.ts_us >= question.since_us) and (
        question.until_us is None or event.ts_us < question.until_us
    )


def observed_of(event: EventSummary) -> ObservedEvent:
    """Return a line of a list as a rule sees the event."""
    told = NewEvent(
        event_type=event.event_type,
        agent_id=event.agent_id,
        user_id=event.user_id,
        tenant_id=event.tenant_id,
        resource_tenant_id=event.resource_tenant_id,
        tool=event.tool,
        server=event.server,
        model=event.model,
        status=event.status,
        duration_us=event.duration_us,
        message=event.message,
        ts_us=event.ts_us,
    )
    return ObservedEvent(event.id, event.seq, event.ts_us, event.arrived_us, told)
