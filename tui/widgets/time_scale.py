"""Where the thumb of a list's time scale is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class TimeScale:
    """Rows `start` to `end` (excluded) of the bar are the thumb."""

    start: int = 0
    end: int = 0

    def place(self, scale: tuple[float, float], height: int) -> bool:
        """Put the thumb where a part (0 to 1) of all events is; return whether it moved. It has one row at least."""
        before = (self.start, self.end)
        first, last = (min(max(part, 0.0), 1.0) for part in scale)
        size = min(max(round((last - first) * height), 1), max(height, 1))
        self.start = min(max(round(first * height), 0), max(height - size, 0))
        if last >= 1.0:
            self.start = max(height - size, 0)
        self.end = self.start + size
        return before != (self.start, self.end)

    def has(self, row: int) -> bool:
        """Return whether a row of the bar is part of the thumb."""
        return self.start <= row < self.end
