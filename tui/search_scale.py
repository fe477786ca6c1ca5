"""Where a time stands within a result, by the counts of its slices: the scroll bar's scale."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.service import Histogram


@dataclass(frozen=True, slots=True)
class ResultScale:
    """How many events of a result lie before each slice of a histogram; the last sum is of all."""

    start_us: int
    slice_us: float
    sums: tuple[int, ...]

    @classmethod
    def of(cls, histogram: Histogram) -> ResultScale | None:
        """Return the scale of a histogram; None where nothing is in it."""
        sums = tuple(accumulate((tally.events for tally in histogram.slices), initial=0))
        if not sums[-1]:
            return None
        return cls(histogram.start_us, (histogram.end_us - histogram.start_us) / len(histogram.slices), sums)

    @property
    def total(self) -> int:
        """How many events there are."""
        return self.sums[-1]

    def before(self, ts_us: int) -> int:
        """Return about how many events lie before a time: to the slice, and evenly within it."""
        place = min(max((ts_us - self.start_us) / self.slice_us, 0.0), float(len(self.sums) - 1))
        index = min(int(place), len(self.sums) - 2)
        return round(self.sums[index] + (self.sums[index + 1] - self.sums[index]) * (place - index))

    def time_at(self, fraction: float) -> int:
        """Return the time before which about this share (0 to 1) of the events lies."""
        wanted = min(max(fraction, 0.0), 1.0) * self.total
        index = next((at for at, upto in enumerate(self.sums[1:]) if upto > wanted), len(self.sums) - 2)
        size = self.sums[index + 1] - self.sums[index]
        within = (wanted - self.sums[index]) / size if size else 0.0
        return round(self.start_us + (index + min(max(within, 0.0), 1.0)) * self.slice_us)
