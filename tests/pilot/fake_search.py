"""The questions of a search over a list in memory, as quick or as slow as a test wants them."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, Final

from store.filters.model import Filter
from store.searching import Counted, FoundPage, Progress, SortedIds
from store.service import FacetValue, Histogram, Page
from tests.pilot.fake_filter import passes, tally_of, value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.events import EventSummary
    from store.filters.keys import Key
    from store.searching import CountQuestion, Sort, Watch

_EVERY_S: Final = 0.1
_STEP: Final = 50
"""Events that a streaming page looks at before it says how far it is."""


class FakeSearch:
    """Answers from the service's list.

    `streaming`: pages say how far they are, every few events. While `gate` is not set, a question that has said
    something waits there; `counted_first` is which share of a count is told before that.
    """

    def __init__(self, matching: Callable[[Filter], list[EventSummary]]) -> None:
        """Get what passes a filter from `matching`, in the order of time."""
        self._matching = matching
        self.streaming = False
        self.gate = threading.Event()
        self.gate.set()
        self.counting_in_parts = False
        self.failing = False
        self.most_sorted: int | None = None
        self.asked: list[str] = []

    def _note(self, name: str) -> None:
        self.asked.append(name)
        if self.failing:
            raise OSError("disk I/O error")

    def _wait(self, watch: Callable[[], bool]) -> bool:
        """Hold a question at the gate; False: it was called off there."""
        going = watch()
        while going and not self.gate.wait(_EVERY_S):
            going = watch()
        return going

    def page(self, what: Filter, from_id: int | None, limit: int, *, older: bool, watch: Watch) -> FoundPage:
        """Return the page beyond an id."""
        self._note("page")
        found: list[EventSummary] = []
        behind = from_id is not None
        for number, event in enumerate(self._beyond(from_id, older=older), 1):
            if passes(what, event):
                found.append(event)
            if len(found) > limit:
                break
            told = partial(watch, Progress(event.ts_us, len(found)))
            if self.streaming and number % _STEP == 0 and not self._wait(told):
                return FoundPage(_page(found, older=older, more=True, behind=behind), event.ts_us, complete=False)
        more, found = len(found) > limit, found[:limit]
        reached_us = found[-1].ts_us if found else None
        return FoundPage(_page(found, older=older, more=more, behind=behind), reached_us, complete=True)

    def _beyond(self, from_id: int | None, *, older: bool) -> Sequence[EventSummary]:
        everything = self._matching(Filter())
        if older:
            seen = everything if from_id is None else [event for event in everything if event.id < from_id]
            return seen[::-1]
        return [event for event in everything if from_id is None or event.id > from_id]

    def count(self, question: CountQuestion, watch: Callable[[Counted], bool]) -> Counted:
        """Count; where `counting_in_parts`, half of it is told first."""
        self._note("count")
        rows = [event for event in self._matching(question.what) if question.start_us <= event.ts_us < question.end_us]
        if self.counting_in_parts:
            half = _counted(rows[len(rows) // 2 :], question, complete=False)
            if not self._wait(lambda: watch(half)):
                return half
        return _counted(rows, question, complete=True)

    def sorted_ids(self, what: Filter, sort: Sort, watch: Watch) -> SortedIds:
        """Sort by what a summary has; tokens and cost are made up from `seq`."""
        self._note("sorted_ids")
        del watch
        rows = self._matching(what)[::-1]
        kept = rows if self.most_sorted is None else rows[: self.most_sorted]
        kept = sorted(kept, key=lambda event: _value(event, sort), reverse=sort.descending)
        return SortedIds(tuple(event.id for event in kept), complete=len(kept) == len(rows))

    def rows(self, ids: Sequence[int]) -> tuple[EventSummary, ...]:
        """Return events in the order of their ids here."""
        self._note("rows")
        known = {event.id: event for event in self._matching(Filter())}
        return tuple(known[row_id] for row_id in ids if row_id in known)

    def completions(self, key: Key, prefix: str, limit: int) -> Sequence[str]:
        """Return values that begin so."""
        self._note("completions")
        values = {value_of(event, key) for event in self._matching(Filter())}
        found = sorted(one for one in values if one is not None and one.casefold().startswith(prefix.casefold()))
        return found[:limit]


def _page(found: Sequence[EventSummary], *, older: bool, more: bool, behind: bool) -> Page:
    rows = tuple(found[::-1]) if older else tuple(found)
    return Page(rows, has_older=more if older else behind, has_newer=behind if older else more)


def _value(event: EventSummary, sort: Sort) -> tuple[int, str | int]:
    names = {"agent": event.agent_id, "user": event.user_id, "type": event.event_type, "tool": event.tool}
    if sort.key in names:
        return (0, names[sort.key] or "")
    if sort.key == "status":
        return (0, event.status or "")
    return (0, (event.duration_us or 0) if sort.key == "duration" else event.seq * 7919 % 1009)


def _counted(rows: Sequence[EventSummary], question: CountQuestion, *, complete: bool) -> Counted:
    facets: dict[Key, tuple[FacetValue, ...]] = {}
    for key in question.facets:
        groups: dict[str | None, list[EventSummary]] = {}
        for event in rows:
            groups.setdefault(value_of(event, key), []).append(event)
        values = [FacetValue(value, tally_of(events)) for value, events in groups.items()]
        values.sort(key=lambda one: (-one.tally.events, one.value or ""))
        facets[key] = tuple(values[: question.values])
    reached = None if complete or not rows else rows[0].ts_us
    return Counted(tally_of(rows), facets, _histogram(rows, question), reached, complete)


def _histogram(rows: Sequence[EventSummary], question: CountQuestion) -> Histogram | None:
    if not question.slices:
        return None
    size = (question.end_us - question.start_us) / question.slices
    parts: list[list[EventSummary]] = [[] for _ in range(question.slices)]
    for event in rows:
        parts[min(int((event.ts_us - question.start_us) / size), question.slices - 1)].append(event)
    return Histogram(question.start_us, question.end_us, tuple(tally_of(part) for part in parts))
