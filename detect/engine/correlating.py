"""Correlations, event by event: late ones are put in their place, and what they change is looked at again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import msgspec

from detect.engine.incident import Anchor
from detect.engine.keys import GroupKey, key_reader, value_text
from detect.engine.limits import HISTORICAL_US, LANES, LATENESS_US, MOST_OF_KEY
from detect.engine.memory import Memory
from detect.engine.shelf import lane_at, lane_near
from detect.engine.usual import Usual
from detect.engine.windows import Entry, Measured, WindowLane, measure_of, moments, span_of
from detect.rules.correlation import CorrelationType
from detect.rules.fields import getter

if TYPE_CHECKING:
    from detect.engine.ledger import Ledger
    from detect.rules.model import Rule
    from store.observed import ObservedEvent


class WindowState(msgspec.Struct, array_like=True, gc=False):
    """What is remembered of one key."""

    touched: int = 0
    lanes: list[WindowLane] = []

    @property
    def weight(self) -> int:
        """How many matches it holds."""
        lanes = self.lanes
        return len(lanes[0].entries) if len(lanes) == 1 else sum(len(lane.entries) for lane in lanes)

    @property
    def busy(self) -> bool:
        """Whether it has an incident that may grow."""
        for lane in self.lanes:  # noqa: SIM110, asked for each key in a flood
            if lane.incidents:
                return True
        return False


class Correlating:
    """Turns matches of a correlation's rules into incidents, and into matches of a correlation that refers to it."""

    def __init__(self, ledger: Ledger, bases: tuple[Rule, ...], *, quiet: bool) -> None:
        """Begin with nothing; a quiet one raises nothing itself."""
        correlation = ledger.rule.correlation
        assert correlation is not None
        self.ledger: Final = ledger
        self.memory: Final = Memory(WindowState, lambda: WindowState(lanes=[]), self._is_over)
        self.feeds: Final[list[Feed]] = []
        self.usual: Final = Usual() if not quiet and "{usual}" in (ledger.rule.options.explanation or "") else None
        """What is usual; None where nobody asks."""
        self._quiet: Final = quiet
        self._at_us = 0
        """Time of the match that was taken last."""
        self._span_us: Final = correlation.timespan_us
        self._measure: Final = measure_of(correlation)
        self._fewest: Final = correlation.least
        self._all_rules: Final = correlation.type in (CorrelationType.TEMPORAL, CorrelationType.TEMPORAL_ORDERED)
        """Whether there must be so many different rules."""
        self._most: Final = max(MOST_OF_KEY, 4 * correlation.least)
        field = correlation.condition.field if correlation.condition else None
        self._value: Final = None if field is None else getter(field)
        self._keys: Final = tuple(key_reader(fields_for(ledger.rule, base)) for base in bases)

    def taker(self, which: int) -> Callable[[ObservedEvent], None]:
        """Return what takes an event that matches the correlation's rule at this place."""
        read, value_of = self._keys[which], self._value

        def take(event: ObservedEvent) -> None:
            key = read(event)
            if None in key:
                return
            at_us = event.ts_us
            value = None if value_of is None else value_text(value_of(event))
            self.take(
                key, Entry(at_us, event.row_id, which, event.arrived_us - at_us > HISTORICAL_US, value), event.seq
            )

        return take

    def take(self, key: GroupKey, entry: Entry, seq: int) -> None:
        """Take a match of one key, and look at every moment whose time span holds it."""
        self._at_us = entry.at_us
        lanes = self.memory.touch(key).lanes
        if not lanes:  # the usual case where keys are many: nothing is remembered that it could belong to
            lanes.append(WindowLane(entry.at_us, entries=[entry]))
            self.memory.weigh(1)
            if self.usual is not None:
                self.usual.count(key, entry.at_us)
            if self._fewest == 1:
                self._look(key, lanes[0], 0, seq)
            return
        ledger = self.ledger
        oldest = lanes[-1] if len(lanes) == LANES else None
        lane = lane_at(lanes, entry.at_us, ledger.reach_us, WindowLane)
        if oldest is not None and all(one is not oldest for one in lanes):
            self.memory.weigh(-len(oldest.entries))  # it gave way
        if lane.incidents:
            lane.prune(ledger.reach_us)
        old, over = lane.drop(lane.newest_us - LATENESS_US - self._span_us, self._most - 1)
        ledger.shed_matches += over
        place = lane.insert(entry)
        self.memory.weigh((place is not None) - old - over)
        if place is not None:
            if self.usual is not None:
                self.usual.count(key, entry.at_us)
            self._look(key, lane, place, seq)

    def _is_over(self, state: WindowState) -> bool:
        """Return whether all that is remembered of a key is too old to come together with anything of now."""
        oldest_us = self._at_us - self._span_us - LATENESS_US
        for lane in state.lanes:  # noqa: SIM110, asked for each key in a flood
            if lane.newest_us >= oldest_us or lane.incidents:
                return False
        return True

    def _look(self, key: GroupKey, lane: WindowLane, place: int, seq: int) -> None:
        entries = lane.entries
        if len(entries) < self._fewest or (self._all_rules and len({one.which for one in entries}) < self._fewest):
            return
        newest = place == len(entries) - 1
        for at_us in (entries[place].at_us,) if newest else moments(entries, place, self._span_us):
            low, high = span_of(entries, at_us, self._span_us)
            found = self._measure(entries, low, high)
            if found is not None:
                self._holds(key, lane, entries[low:high], found, seq)

    def _holds(self, key: GroupKey, lane: WindowLane, window: list[Entry], found: Measured, seq: int) -> None:
        at_us = window[-1].at_us
        anchored = [window[-1]]
        for entry in reversed(window[:-1]):
            if entry.at_us != at_us:
                break
            anchored.append(entry)
        for entry in anchored:
            if not entry.fired:
                entry.fired = True
                for feed in self.feeds:
                    feed.take(key, entry, seq)
        if not self._quiet:
            historical = all(entry.historical for entry in anchored)
            self._tell(key, lane, Anchor(at_us, anchored[-1].row_id, seq, historical), found)

    def _tell(self, key: GroupKey, lane: WindowLane, anchor: Anchor, found: Measured) -> None:
        peak, shown = found
        state = self.memory.look(key)
        near = lane if state is None else lane_near(state.lanes, lane, anchor.at_us, self.ledger.rule.cool_down_us)
        incident = self.ledger.incident_at(near, key, anchor, peak)
        for entry in shown:
            if not entry.told:
                entry.told = True
                self.ledger.shows(incident, entry.at_us, entry.row_id, entry.value)
        if self.usual is not None:
            incident.words["usual"] = self.usual.said(key, incident.first_us)


class Feed:
    """Hands the moments at which a correlation holds to another one that refers to it."""

    def __init__(self, child: Correlating, parent: Correlating, which: int) -> None:
        """The child's group key has all that the parent's needs."""
        names = child.ledger.rule.group_by
        self._parent: Final = parent
        self._places: Final = tuple(names.index(name) for name in parent.ledger.rule.group_by)
        self._which: Final = which

    def take(self, key: GroupKey, entry: Entry, seq: int) -> None:
        """Hand one on."""
        moved = Entry(entry.at_us, entry.row_id, self._which, entry.historical)
        self._parent.take(tuple(key[place] for place in self._places), moved, seq)


def fields_for(rule: Rule, base: Rule) -> tuple[str, ...]:
    """Return the fields that a correlation groups the events of one of its rules by."""
    assert rule.correlation is not None
    aliases = rule.correlation.aliases
    return tuple(
        aliases[name].get(base.name) or aliases[name].get(base.id) or name if name in aliases else name
        for name in rule.correlation.group_by
    )
