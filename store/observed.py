"""What an observer of appends looks at: an event as it was stored, with what the store alone knows of it."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from store.events import NewEvent, trouble_of


class ObservedEvent(msgspec.Struct, gc=False, frozen=True):
    """One stored event. Times are UTC microseconds since 1970."""

    row_id: int
    """Position in order of the event's time; what evidence consists of."""
    seq: int
    """Position in order of arrival, without holes. What was observed once is not observed again."""
    ts_us: int
    """The stated time."""
    arrived_us: int
    event: NewEvent
    """The fields as they were stored: tokens and costs hold only what no earlier row counted."""
    outcome: int = 0
    """1 on the row that settles a call."""
    computed_microusd: int = 0
    """What its tokens cost, where that was computed, in micro-USD. Negative: what was computed before is taken back."""

    @property
    def trouble(self) -> int:
        """The `ERROR` and `DENIAL` bits."""
        return trouble_of(self.event.event_type, self.event.status)

    def metadata(self) -> dict[str, Any] | None:
        """Return the metadata, decoded when it is first asked for; None where the producer gave none.

        Nothing hides from a rule behind a number that is too great, or behind half a character.
        """
        try:
            return self.event.whole_metadata()
        except msgspec.DecodeError:
            self.event.metadata = json.loads(self.event.metadata_text or "{}")
            return self.event.metadata
