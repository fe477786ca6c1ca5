"""Events that somebody has marked. They are kept as long as the program runs, and hold in every list."""

from __future__ import annotations


class Marks:
    """Row ids of marked events."""

    def __init__(self) -> None:
        """Start without any."""
        self._ids: set[int] = set()

    def __contains__(self, event_row_id: int) -> bool:
        """Return whether an event is marked."""
        return event_row_id in self._ids

    def toggle(self, event_row_id: int) -> None:
        """Mark an event, or take its mark off."""
        self._ids ^= {event_row_id}

    def behind(self, event_row_id: int) -> list[int]:
        """Return all marks, those of later events first, then from the earliest on; the event's own comes last."""
        return sorted(self._ids, key=lambda marked: (marked <= event_row_id, marked))
