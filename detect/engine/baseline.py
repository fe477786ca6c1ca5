"""Baselines: much more in an hour than a key's usual hour has. By order of arrival, in hours of stated time."""

from __future__ import annotations

from bisect import insort
from statistics import median
from typing import TYPE_CHECKING, Final

import msgspec

from detect.engine.keys import key_reader
from detect.engine.limits import HOUR_US
from detect.engine.matches import anchor_of
from detect.engine.memory import Memory
from detect.engine.shelf import Lane, lane_at
from detect.rules.extension import EVENTS, Baseline
from detect.rules.fields import getter

if TYPE_CHECKING:
    from detect.engine.ledger import Ledger
    from store.observed import ObservedEvent

_HOURS: Final = 168
"""Hours with anything in them that are remembered."""
_GREATEST: Final = 20
"""Events of the newest hour that are remembered: those that bring most."""


class HoursState(msgspec.Struct, array_like=True, gc=False):
    """What is remembered of one key."""

    touched: int = 0
    lanes: list[Lane] = []
    hours: dict[int, float] = {}
    """Sums by hour since 1970; only hours with anything in them."""
    newest: int = 0
    """The hour that `greatest` and `told` are of."""
    greatest: list[tuple[float, int, int]] = []
    """(amount, time, row id), from least to most."""
    told: bool = False
    """Whether this hour was found to be too much."""

    @property
    def weight(self) -> int:
        """How many hours it holds."""
        return len(self.hours)

    @property
    def busy(self) -> bool:
        """Whether it has an incident that may grow."""
        return any(lane.incidents for lane in self.lanes)


class Hours:
    """Adds up by key and hour, and turns hours with far too much into incidents."""

    def __init__(self, ledger: Ledger) -> None:
        """Begin with nothing."""
        options = ledger.rule.options
        assert isinstance(options, Baseline)
        self.ledger: Final = ledger
        self.memory: Final = Memory(HoursState, lambda: HoursState(lanes=[], hours={}, greatest=[]))
        self._options: Final = options
        self._key: Final = key_reader(ledger.rule.group_by)
        self._counts: Final = EVENTS in options.measure
        self._amounts: Final = tuple(getter(name) for name in options.measure if name != EVENTS)

    def take(self, event: ObservedEvent) -> None:
        """Take an event that the rule is about, also one that is no new occurrence: its sums are."""
        amount: float = event.event.counts if self._counts else 0
        for read in self._amounts:
            amount += read(event) or 0
        if not amount:
            return
        key = self._key(event)
        state = self.memory.touch(key)
        hour = event.ts_us // HOUR_US
        known = state.hours.get(hour)
        total = (known or 0) + amount
        if known is None:
            self._begin(state, hour, total)
        else:
            state.hours[hour] = total
        if hour < state.newest or amount < 0:
            return  # a late one, which counts for what is usual; or what is taken back
        if hour > state.newest:
            state.newest, state.greatest, state.told = hour, [], False
        greatest = state.greatest
        one = (amount, event.ts_us, event.row_id)
        if not greatest or one > greatest[-1]:  # the usual case where events are counted
            greatest.append(one)
        else:
            insort(greatest, one)
        if len(greatest) > _GREATEST:
            del greatest[0]
        if total >= self._options.at_least:
            self._compare(state, event, total)

    def _begin(self, state: HoursState, hour: int, total: float) -> None:
        """Take another hour in; the earliest of too many gives way."""
        state.hours[hour] = total
        self.memory.weigh(1)
        if len(state.hours) > _HOURS:
            del state.hours[min(state.hours)]
            self.memory.weigh(-1)

    def _compare(self, state: HoursState, event: ObservedEvent, total: float) -> None:
        before = [amount for hour, amount in state.hours.items() if hour < state.newest]
        if len(before) < self._options.learn_hours:
            return
        usual = median(before)
        if total < usual * self._options.times:
            return
        key = self._key(event)
        lane = lane_at(state.lanes, event.ts_us, self.ledger.reach_us, Lane)
        lane.prune(self.ledger.reach_us)
        incident = self.ledger.incident_at(lane, key, anchor_of(event))
        incident.numbers |= {"total": total, "usual": usual, "factor": total / usual}
        shown = [(event.ts_us, event.row_id)] if state.told else [(at_us, row) for _, at_us, row in state.greatest]
        for at_us, row_id in sorted(shown):
            self.ledger.shows(incident, at_us, row_id)
        state.told = True
