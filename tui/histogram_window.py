"""The last hour in equal slices, kept up to date with small questions instead of large ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from store.service import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.service import Histogram

WINDOW_US: Final = 3600 * 1_000_000
"""The hour that histogram and counts are about."""

_ANEW_US: Final = 120 * 1_000_000
_OVERLAP: Final = 2


@dataclass(frozen=True, slots=True)
class Span:
    """[start_us, end_us) in `slices` equal parts."""

    start_us: int
    end_us: int
    slices: int


class HistogramWindow:
    """Tallies of slices whose edges stand still in time, so that bars move as a whole and never shimmer.

    Once known, only the last slices are asked for again; every two minutes all of them are, because of late arrivals.
    """

    def __init__(self, slices: int) -> None:
        """Cut the hour into this many slices."""
        self.slices = max(slices, 1)
        self.slice_us = -(-WINDOW_US // self.slices)
        self._known: dict[int, Tally] = {}
        self._whole_us = 0

    def span(self, now_us: int) -> Span:
        """Return the window that ends with the slice of `now_us`."""
        last = now_us // self.slice_us
        return Span((last - self.slices + 1) * self.slice_us, (last + 1) * self.slice_us, self.slices)

    def ask(self, now_us: int) -> Span:
        """Return what has to be asked to know the whole window."""
        whole = self.span(now_us)
        first = whole.start_us // self.slice_us
        known = [index for index in self._known if index >= first]
        if not known or now_us - self._whole_us >= _ANEW_US:
            return whole
        start = max(max(known) - _OVERLAP + 1, first)
        return Span(start * self.slice_us, whole.end_us, whole.end_us // self.slice_us - start)

    def note(self, times_us: Iterable[int], now_us: int) -> None:
        """Take note of when arrivals happened: one that belongs to a slice not asked for again has all asked anew."""
        oldest = self.span(now_us).start_us
        settled = (now_us // self.slice_us - _OVERLAP + 1) * self.slice_us
        if any(oldest <= ts_us < settled for ts_us in times_us):
            self._whole_us = now_us - _ANEW_US

    def absorb(self, answer: Histogram, now_us: int) -> None:
        """Take in the answer to what `ask` wanted."""
        first = answer.start_us // self.slice_us
        if len(answer.slices) == self.slices:
            self._known.clear()
            self._whole_us = now_us
        for index, tally in enumerate(answer.slices, first):
            self._known[index] = tally
        oldest = self.span(now_us).start_us // self.slice_us
        for index in [index for index in self._known if index < oldest]:
            del self._known[index]

    def tallies(self, now_us: int) -> tuple[Tally, ...]:
        """Return the window's slices, oldest first; a slice that was not asked for yet is empty."""
        first = self.span(now_us).start_us // self.slice_us
        nothing = Tally()
        return tuple(self._known.get(index, nothing) for index in range(first, first + self.slices))
