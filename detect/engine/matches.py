"""Rules of which every single match counts: the plain ones, and invariants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from detect.engine.incident import Anchor
from detect.engine.keys import key_reader
from detect.engine.limits import HISTORICAL_US, LATENESS_US
from detect.engine.memory import Memory
from detect.engine.shelf import Lane, lane_at

if TYPE_CHECKING:
    from detect.engine.ledger import Ledger
    from store.observed import ObservedEvent


class MatchState(msgspec.Struct, array_like=True, gc=False):
    """What is remembered of one key."""

    touched: int = 0
    lanes: list[Lane] = []

    @property
    def weight(self) -> int:
        """It holds no matches."""
        return 0

    @property
    def busy(self) -> bool:
        """Whether it has an incident that may grow."""
        return any(lane.incidents for lane in self.lanes)


def anchor_of(event: ObservedEvent) -> Anchor:
    """Return an event as an anchor."""
    return Anchor(event.ts_us, event.row_id, event.seq, event.arrived_us - event.ts_us > HISTORICAL_US)


class Matches:
    """Turns matching events into incidents."""

    def __init__(self, ledger: Ledger) -> None:
        """Begin with nothing."""
        self.ledger: Final = ledger
        self.memory: Final = Memory(MatchState, lambda: MatchState(lanes=[]))
        self._key: Final = key_reader(ledger.rule.group_by)

    def take(self, event: ObservedEvent) -> None:
        """Take an event that matches."""
        key = self._key(event)
        state = self.memory.touch(key)
        lane = self._lane_of(state.lanes, event.ts_us)
        lane.prune(self.ledger.reach_us)
        incident = self.ledger.incident_at(lane, key, anchor_of(event))
        self.ledger.shows(incident, event.ts_us, event.row_id)
        self.ledger.state.violations += 1
        self.ledger.changed = True

    def _lane_of(self, lanes: list[Lane], at_us: int) -> Lane:
        """Return the lane that has an incident near a match, however late that is; else the one of its time.

        A match counts by itself, so that nothing has to be looked at again: files that are read one after the other
        do not make several incidents of one.
        """
        cool_down_us = self.ledger.rule.cool_down_us
        for lane in lanes:
            if at_us < lane.newest_us - LATENESS_US and lane.near(at_us, cool_down_us):
                return lane
        return lane_at(lanes, at_us, self.ledger.reach_us, Lane)

    def examine(self, event: ObservedEvent) -> None:
        """Count an event that an invariant speaks of."""
        ledger = self.ledger
        ledger.examined += 1
        ledger.examined_us = event.arrived_us
