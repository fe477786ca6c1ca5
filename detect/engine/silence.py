"""Silence: a key that gives no events for much longer than it ever did.

Only the order of arrival and the clock count, never the times that events state; and only time in which somebody
listened: what comes while nothing runs is read later, and tells nothing about pauses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from detect.engine.incident import Anchor
from detect.engine.keys import key_reader
from detect.engine.limits import MINUTE_US
from detect.engine.memory import Memory
from detect.engine.shelf import Lane
from detect.rules.extension import Silence

if TYPE_CHECKING:
    from detect.engine.ledger import Ledger
    from store.observed import ObservedEvent


class PausesState(msgspec.Struct, array_like=True, gc=False):
    """What is remembered of one key. Times are microseconds of listening, but for those of its last event."""

    touched: int = 0
    since_us: int = 0
    heard_us: int = 0
    """When it was last heard, to the minute."""
    longest_us: int = 0
    """Its longest pause that has ended."""
    told: bool = False
    """Whether it was found to be silent, and has not been heard since."""
    arrived_us: int = 0
    """When its last event arrived, by the clock."""
    row_id: int = 0
    """Its last event, to the minute."""

    @property
    def weight(self) -> int:
        """It holds no matches."""
        return 0

    @property
    def busy(self) -> bool:
        """Every key is worth as much."""
        return False


class Pauses:
    """Turns silences into incidents."""

    def __init__(self, ledger: Ledger) -> None:
        """Begin with nothing."""
        options = ledger.rule.options
        assert isinstance(options, Silence)
        self.ledger: Final = ledger
        self.memory: Final = Memory(PausesState, PausesState)
        self.listened_us = 0
        """How long anybody has listened; whoever drives this keeps it."""
        self._options: Final = options
        self._key: Final = key_reader(ledger.rule.group_by)

    def take(self, event: ObservedEvent) -> None:
        """Take a sign of life."""
        key = self._key(event)
        known = self.memory.look(key)
        if known is not None and self.listened_us - known.heard_us < MINUTE_US and not known.told:
            return  # the usual case: nothing to keep
        state = self.memory.touch(key)
        if known is None:
            state.since_us = self.listened_us
        else:
            state.longest_us = max(state.longest_us, self.listened_us - state.heard_us)
        state.heard_us, state.told = self.listened_us, False
        state.arrived_us, state.row_id = event.arrived_us, event.row_id

    def look(self, now_us: int, seq: int) -> None:
        """Look for keys that are silent now. `seq` is the last one that was observed."""
        silent = [key for key, state in self.memory.items() if not state.told and self._is_silent(state)]
        for key in silent:
            state = self.memory.touch(key)
            state.told = True
            anchor = Anchor(state.arrived_us, state.row_id, seq, historical=False)
            incident = self.ledger.incident_at(Lane(now_us, []), key, anchor)
            incident.numbers = {"quiet_us": self.listened_us - state.heard_us, "usual_us": state.longest_us}
            self.ledger.shows(incident, state.arrived_us, state.row_id)

    def _is_silent(self, state: PausesState) -> bool:
        limit_us = max(self._options.at_least_us, self._options.times * state.longest_us)
        known_us = state.heard_us - state.since_us
        return known_us >= self._options.learn_us and self.listened_us - state.heard_us > limit_us
