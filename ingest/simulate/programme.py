"""Which story comes next: ordinary work by weight, and from time to time an incident."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final

from ingest.simulate.stage import SECOND
from ingest.simulate.stories import INCIDENTS, ORDINARY

if TYPE_CHECKING:
    from ingest.simulate.stage import Stage, Story

INCIDENT_EVENTS: Final = 2_000
"""About so many events lie between two incidents at most: eight kinds within 20,000 events."""

INCIDENT_PERIOD_US: Final = 200 * SECOND
"""In a platform that is watched live, an incident comes about this often whatever the rate."""

FIRST_INCIDENT_US: Final = 40 * SECOND
"""How long after the anchor the first incident begins, give or take a few seconds."""


class Programme:
    """Chooses stories. With an anchor (UTC microseconds) incidents come by the clock, too, counted from there."""

    def __init__(self, stage: Stage, *, start_us: int, anchor_us: int | None) -> None:
        """Begin at `start_us`; without an anchor only the number of events decides about incidents."""
        self._stage: Final = stage
        self._stories: Final = list(ORDINARY)
        self._weights: Final = list(accumulate(ORDINARY.values()))
        self._deck: list[Story] = []
        self._anchor_us: Final = anchor_us
        self._slot = 0 if anchor_us is None else -((anchor_us + FIRST_INCIDENT_US - start_us) // INCIDENT_PERIOD_US)
        self._due_events = INCIDENT_EVENTS // 4
        self._due_us = self._slot_time()

    def ordinary(self) -> Story:
        """Return a story of every-day work."""
        return self._stage.dice.choices(self._stories, cum_weights=self._weights)[0]

    def incident(self, now_us: int, events: int) -> Story | None:
        """Return the incident that is due now, after so many events in all, or None where none is."""
        by_clock = self._due_us is not None and now_us >= self._due_us
        if not by_clock and events < self._due_events:
            return None
        if by_clock:
            self._slot += 1
            self._due_us = self._slot_time()
        self._due_events = events + round(INCIDENT_EVENTS * self._stage.dice.uniform(0.9, 1.1))
        return self._deal()

    def _slot_time(self) -> int | None:
        if self._anchor_us is None:
            return None
        jitter = self._stage.between(-10, 10) * SECOND
        return self._anchor_us + FIRST_INCIDENT_US + self._slot * INCIDENT_PERIOD_US + jitter

    def _deal(self) -> Story:
        if not self._deck:
            self._deck = self._stage.dice.sample(INCIDENTS, len(INCIDENTS))
        return self._deck.pop()
