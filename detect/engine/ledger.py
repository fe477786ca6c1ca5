"""The incidents of one rule: opened, grown and joined here, whatever kind of rule it is."""

from __future__ import annotations

from typing import Final

import msgspec

from detect.engine.findings import Absorbed, FoundIncident
from detect.engine.incident import Anchor, Incident
from detect.engine.keys import MANY, GroupKey, key_text
from detect.engine.limits import HOUR_US, LATENESS_US, MOST_NEW_AN_HOUR
from detect.engine.shelf import Lane, lane_at
from detect.engine.words import explanation_of
from detect.rules.model import Rule

_HOURS: Final = 48
"""Hours of stated time for which it is known how many incidents were opened."""


class LedgerState(msgspec.Struct, array_like=True):
    """What is kept of a rule as a whole."""

    opened: dict[int, int] = {}
    """Incidents opened in an hour of stated time."""
    many: list[Lane] = []
    """The incidents of the many keys that are one."""
    examined: int = 0
    violations: int = 0
    checked_us: int | None = None


class Ledger:
    """Collects what one rule found until it is asked for."""

    def __init__(self, rule: Rule, owner: str) -> None:
        """Begin with nothing. `owner` is what the rule's state is kept under."""
        self.rule: Final = rule
        self.owner: Final = owner
        self.state = LedgerState()
        self.changed = False
        """Whether the state changed since it was last kept."""
        self.reach_us: Final = rule.cool_down_us + LATENESS_US
        """How long after its last anchor an incident may still grow."""
        self.shed_matches = 0
        self.examined = 0
        """Events that an invariant speaks of, since the last call of `drained`; whoever looks at them counts them."""
        self.examined_us = 0
        """When the last of them arrived."""
        self._told: dict[str, tuple[GroupKey, Incident]] = {}
        self._absorbed: list[Absorbed] = []

    def incident_at(self, lane: Lane, key: GroupKey, anchor: Anchor, peak: int = 1) -> Incident:
        """Return the incident of a key that an anchor belongs to: a new one where there is none near it."""
        found = lane.near(anchor.at_us, self.rule.cool_down_us)
        if not found and self._enough_opened(anchor.at_us):
            return self._of_many(anchor, peak)
        return self._grown(lane, found, key, anchor, peak)

    def shows(self, incident: Incident, at_us: int, row_id: int, value: str | None = None) -> None:
        """Add an event to the incident that was just asked for; it was not added before."""
        incident.shows(at_us, row_id, value, self.rule.options.evidence)

    def _grown(self, lane: Lane, found: list[Incident], key: GroupKey, anchor: Anchor, peak: int) -> Incident:
        if not found:
            incident = lane.opened(self.owner, key_text(key), anchor)
            hour = anchor.at_us // HOUR_US
            self.state.opened[hour] = self.state.opened.get(hour, 0) + 1
            if len(self.state.opened) > _HOURS:
                del self.state.opened[min(self.state.opened)]
            self.changed = True
        elif len(found) == 1:
            incident = found[0]
        else:
            incident = lane.joined(found, self.rule.options.evidence, self._was_absorbed)
        incident.holds_at(anchor, peak)
        self._told[incident.id] = (key, incident)
        return incident

    def _enough_opened(self, at_us: int) -> bool:
        return self.state.opened.get(at_us // HOUR_US, 0) >= MOST_NEW_AN_HOUR

    def _of_many(self, anchor: Anchor, peak: int) -> Incident:
        lane = lane_at(self.state.many, anchor.at_us, self.reach_us, Lane)
        lane.prune(self.reach_us)
        self.changed = True
        return self._grown(lane, lane.near(anchor.at_us, self.rule.cool_down_us), MANY, anchor, peak)

    def _was_absorbed(self, gone: Incident, into: Incident) -> None:
        self._told.pop(gone.id, None)
        self._absorbed.append(Absorbed(self.rule.id, gone.id, into.id))

    def drained(self) -> tuple[list[FoundIncident], list[Absorbed]]:
        """Return what changed since the last call."""
        if self.examined:
            self.state.examined += self.examined
            self.state.checked_us = self.examined_us
            self.examined, self.changed = 0, True
        found = [self._found(key, incident) for key, incident in self._told.values()]
        absorbed = list(self._absorbed)
        self._told.clear()
        self._absorbed.clear()
        return found, absorbed

    def _found(self, key: GroupKey, incident: Incident) -> FoundIncident:
        of_many = key == MANY
        # A key may end with what is no field: which of several budgets of the same name it is.
        pairs = () if of_many else tuple(zip(self.rule.group_by, key, strict=False))
        return FoundIncident(
            id=incident.id,
            rule_id=self.rule.id,
            key=pairs,
            first_us=incident.first_us,
            last_us=incident.last_us,
            count=incident.count,
            evidence=tuple(row_id for _, row_id in incident.evidence),
            explanation=explanation_of(self.rule, incident, pairs),
            historical=incident.historical,
            opened_seq=incident.opened_seq,
        )
