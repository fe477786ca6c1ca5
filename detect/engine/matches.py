"""Rules of which every single match counts: the plain ones, and invariants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from detect.engine.incident import Anchor
from detect.engine.keys import key_reader
from detect.engine.limits import HISTORICAL_US
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
        lane = lane_at(state.lanes, event.ts_us, self.ledger.reach_us, Lane)
        lane.prune(self.ledger.reach_us)
        incident = self.ledger.incident_at(lane, key, anchor_of(event))
        self.ledger.shows(incident, event.ts_us, event.row_id)
        self.ledger.state.violations += 1
        self.ledger.changed = True

    def examine(self, event: ObservedEvent) -> None:
        """Count an event that an invariant speaks of."""
        ledger = self.ledger
        ledger.examined += 1
        ledger.examined_us = event.arrived_us
