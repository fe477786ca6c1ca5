"""First-seen rules: a value that a key never had. By order of arrival; what was once learnt stays learnt.

An invariant that says of a field that it stays the same is one of which the first event teaches everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from detect.engine.keys import key_reader, value_text
from detect.engine.limits import HOUR_US, MOST_VALUES
from detect.engine.matches import anchor_of
from detect.engine.memory import Memory
from detect.engine.shelf import Lane, lane_at
from detect.rules.fields import getter

if TYPE_CHECKING:
    from detect.engine.ledger import Ledger
    from store.observed import ObservedEvent

_DAY_US: Final = 24 * HOUR_US
"""What began so long before may be forgotten without a word."""


class SeenState(msgspec.Struct, array_like=True, gc=False):
    """What is remembered of one key."""

    touched: int = 0
    lanes: list[Lane] = []
    values: set[str] = set()
    events: int = 0
    """Seen until enough was known."""
    first_us: int = 0
    newest_us: int = 0
    known: bool = False
    """Whether enough is known to call something new."""

    @property
    def weight(self) -> int:
        """How many values it holds."""
        return len(self.values)

    @property
    def busy(self) -> bool:
        """What was learnt of a habit is worth more than an old key; a single event is none."""
        return self.known and self.events > 1


class FirstSeenValues:
    """Turns values that are new to a key into incidents."""

    def __init__(self, ledger: Ledger, field: str, learn_events: int, learn_us: int) -> None:
        """Begin with nothing; enough is known after so many events over so many microseconds of stated time."""
        self.ledger: Final = ledger
        self.memory: Final = Memory(SeenState, lambda: SeenState(lanes=[], values=set()), self._is_over)
        self._learn_events: Final = learn_events
        self._learn_us: Final = learn_us
        self._key: Final = key_reader(ledger.rule.group_by)
        self._value: Final = getter(field)

    def take(self, event: ObservedEvent) -> None:
        """Take an event that the rule is about."""
        value = value_text(self._value(event))
        if value is None:
            return
        key = self._key(event)
        known = self.memory.look(key)
        if known is not None and known.known and value in known.values:
            return  # the usual case: nothing to learn, nothing to keep
        state = self.memory.touch(key)
        if value not in state.values:
            if state.known:
                self._tell(state, event, value)
            self._remember(state, value)
        if not state.known:
            self._learnt(state, event.ts_us)

    def _remember(self, state: SeenState, value: str) -> None:
        if len(state.values) >= MOST_VALUES:
            self.ledger.shed_matches += 1
            return
        state.values.add(value)
        self.memory.weigh(1)

    def _learnt(self, state: SeenState, ts_us: int) -> None:
        state.first_us = min(state.first_us, ts_us) if state.events else ts_us
        state.newest_us = max(state.newest_us, ts_us) if state.events else ts_us
        state.events += 1
        long_enough = state.newest_us - state.first_us >= self._learn_us
        state.known = long_enough and state.events >= self._learn_events

    def _is_over(self, state: SeenState) -> bool:
        """Return whether it is no loss to forget a key: a habit always is one."""
        del state
        return False

    def _tell(self, state: SeenState, event: ObservedEvent, value: str) -> None:
        if len(state.values) >= MOST_VALUES:
            return  # so many different values are not a habit
        key = self._key(event)
        lane = lane_at(state.lanes, event.ts_us, self.ledger.reach_us, Lane)
        lane.prune(self.ledger.reach_us)
        incident = self.ledger.incident_at(lane, key, anchor_of(event))
        incident.numbers.setdefault("known", len(state.values))
        self.ledger.shows(incident, event.ts_us, event.row_id, value)


class Unchanging(FirstSeenValues):
    """Turns values that differ from the first one of a key into violations of an invariant."""

    def __init__(self, ledger: Ledger, field: str) -> None:
        """Begin with nothing."""
        super().__init__(ledger, field, 1, 0)
        self._at_us = 0

    def take(self, event: ObservedEvent) -> None:
        """Take an event that the statement speaks of."""
        ledger = self.ledger
        ledger.examined += 1
        ledger.examined_us = event.arrived_us
        known = self.memory.look(self._key(event))
        if known is None or self._value(event) not in known.values:
            self._at_us = event.ts_us
            super().take(event)

    def _tell(self, state: SeenState, event: ObservedEvent, value: str) -> None:
        super()._tell(state, event, value)
        self.ledger.state.violations += 1

    def _is_over(self, state: SeenState) -> bool:
        return state.newest_us < self._at_us - _DAY_US
