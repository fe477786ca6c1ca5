"""Numbers over time, summed up from made-up events in plain Python."""

from __future__ import annotations

import bisect
import threading
from collections import Counter
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from store.analytics.model import (
    MEASURES,
    DenialRule,
    Dimension,
    Durations,
    Figures,
    MessageCount,
    Seen,
    Usage,
    UsageQuestion,
    UsageRow,
    Watch,
)
from store.events import DENIAL, ERROR
from store.filters.keys import Key
from store.filters.model import Filter
from store.rollups.durations import bucket_of
from tests.pilot.fake_amounts import figures_of, is_outcome
from tests.pilot.fake_filter import value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from store.events import EventSummary

_EVERY_S: Final = 0.01
_NUMBERS: Final = attrgetter(*MEASURES)


class FakeAnalytics:
    """Answers from the service's list; `questions` records what was asked.

    `in_parts`: half of the time is answered first, as where events have to be looked at; while `gate` is not set, the
    question waits there, and ends where it is called off. `failing`: the store cannot be read.
    """

    def __init__(self, matching: Callable[[Filter], list[EventSummary]] = lambda _: []) -> None:
        """Get what passes a filter from `matching`, in the order of time."""
        self._matching = matching
        self.questions: list[UsageQuestion] = []
        self.in_parts = False
        self.failing = False
        self.gate = threading.Event()
        self.gate.set()

    def usage(self, question: UsageQuestion, watch: Watch | None = None) -> Usage:
        """Return the sums."""
        self.questions.append(question)
        if self.failing:
            raise OSError("disk I/O error")
        events = [one for one in self._matching(question.what) if question.edges[0] <= one.ts_us < question.edges[-1]]
        if self.in_parts:
            events_seen = events[len(events) // 2 :]
            reached = events_seen[0].ts_us if events_seen else question.edges[-1]
            part = Usage(_rows(events_seen, question), complete=False, reached_us=reached, from_events=True)
            going = watch is None or watch(part)
            while going and not self.gate.wait(_EVERY_S):
                going = watch is None or watch(part)
            if not going:
                return part
        return Usage(_rows(events, question), from_events=self.in_parts)

    def seen(self, by: Dimension, what: Filter) -> Mapping[str | None, Seen]:
        """Return when each value was first and last seen."""
        found: dict[str | None, Seen] = {}
        for event in self._matching(what):
            value = value_of(event, Key(by.value))
            known = found.get(value)
            found[value] = Seen(event.ts_us if known is None else known.first_us, event.ts_us)
        return found

    def first_uses(self, agent: str, since_us: int) -> Sequence[tuple[str, str | None, int]]:
        """Return the tools that an agent used for the first time."""
        first: dict[tuple[str, str | None], int] = {}
        for event in self._matching(Filter()):
            if event.agent_id == agent and event.tool is not None:
                first.setdefault((event.tool, event.server), event.ts_us)
        return [(tool, server, at) for (tool, server), at in first.items() if at >= since_us]

    def error_messages(self, what: Filter, start_us: int, end_us: int, limit: int) -> Sequence[MessageCount]:
        """Return the most frequent messages of errors."""
        found = Counter(
            one.message
            for one in self._matching(what)
            if one.trouble & ERROR and start_us <= one.ts_us < end_us and one.message
        )
        return [MessageCount(message, number, "has:error") for message, number in found.most_common(limit)]

    def denial_rules(self, what: Filter, start_us: int, end_us: int) -> Sequence[DenialRule]:
        """Return what was denied, without a rule."""
        found = Counter(
            (one.agent_id, one.tool)
            for one in self._matching(what)
            if one.trouble & DENIAL and start_us <= one.ts_us < end_us
        )
        return [DenialRule(agent, tool, None, number) for (agent, tool), number in found.most_common()]


def _rows(events: Sequence[EventSummary], question: UsageQuestion) -> tuple[UsageRow, ...]:
    sums: dict[tuple[tuple[str | None, ...], int], list[int]] = {}
    buckets: dict[tuple[tuple[str | None, ...], int], Counter[int]] = {}
    for event in events:
        key = (
            tuple(value_of(event, Key(one.value)) for one in question.by),
            bisect.bisect_right(question.edges, event.ts_us) - 1,
        )
        own = _NUMBERS(figures_of(event))
        sums[key] = [*map(int.__add__, sums[key], own)] if key in sums else [*map(int, own)]
        counts = buckets.setdefault(key, Counter())
        if is_outcome(event) and event.duration_us is not None:
            counts[bucket_of(event.duration_us)] += 1
    return tuple(
        UsageRow(
            values, stretch, Figures(*figures), Durations(buckets[values, stretch]) if question.durations else None
        )
        for (values, stretch), figures in sums.items()
    )
