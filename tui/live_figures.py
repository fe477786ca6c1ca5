"""The numbers around the live list: histogram, counts, lag. Asked for about once a second, in a worker thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from store.filters.model import Filter
from tui.format import day_start_us
from tui.histogram_window import HistogramWindow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.health import ScannerHealth
    from store.service import Extent, Histogram, QueryService, Tally
    from tui.histogram_window import Span

_EVERY_US: Final = 1_000_000
_TODAY_EVERY_US: Final = 5_000_000
_PATIENCE: Final = 20
"""Asking takes at most a twentieth of the time."""

_EVERYTHING: Final = Filter()


@dataclass(frozen=True, slots=True, eq=False)
class FiguresQuestion:
    """What is asked in one go.

    `total` None: the filter passes everything. `day` None: today's tally is fresh enough.
    """

    what: Filter
    now_us: int
    passing: Span
    total: Span | None
    day: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class FiguresAnswer:
    """The answers to a `FiguresQuestion`."""

    question: FiguresQuestion
    passing: Histogram
    total: Histogram | None
    today: Tally | None
    scanner: ScannerHealth
    extent: Extent


def answer_figures(service: QueryService, question: FiguresQuestion) -> FiguresAnswer:
    """Ask the store; to be run in a worker thread."""
    passing, total = question.passing, question.total
    return FiguresAnswer(
        question=question,
        passing=service.histogram(question.what, passing.start_us, passing.end_us, passing.slices),
        total=None if total is None else service.histogram(_EVERYTHING, total.start_us, total.end_us, total.slices),
        today=None if question.day is None else service.tally(question.what, *question.day),
        scanner=service.health().scanner,
        extent=service.extent(),
    )


class LiveFigures:
    """Decides when to ask what, and puts the answers together."""

    def __init__(self, clock: Callable[[], int], slices: int = 0) -> None:
        """Cut the hour into this many slices; 0: nothing is asked until `reset` says how many there is room for."""
        self._clock = clock
        self._sized = slices > 0
        self._what = _EVERYTHING
        self._passing = HistogramWindow(slices)
        self._total = HistogramWindow(slices)
        self._asked: FiguresQuestion | None = None
        self._next_us = 0
        self._today_next_us = 0
        self.known = False
        """Whether the histogram for the present filter has been answered."""
        self.today: Tally | None = None
        self.lag_ms: int | None = None
        self.only_while_open = False
        """Whether the scanner belongs to a dashboard and ends with it."""
        self.extent: Extent | None = None

    def reset(self, what: Filter, slices: int | None = None) -> None:
        """Begin anew, for another filter or another number of slices; answers to what was asked before are void."""
        self._what = what
        self._passing = HistogramWindow(self._passing.slices if slices is None else slices)
        if slices is not None:
            self._sized = True
            self._total = HistogramWindow(slices)
        self._asked = None
        self._next_us = self._today_next_us = 0
        self.known = False
        self.today = None

    def due(self, *, utc: bool) -> FiguresQuestion | None:
        """Return what to ask now; None: something is being asked, or it was only just."""
        now_us = self._clock()
        if not self._sized or self._asked is not None or now_us < self._next_us:
            return None
        day = (day_start_us(now_us, utc=utc), now_us + 1) if now_us >= self._today_next_us else None
        total = self._total.ask(now_us) if self._what else None
        self._asked = FiguresQuestion(self._what, now_us, self._passing.ask(now_us), total, day)
        return self._asked

    def absorb(self, answer: FiguresAnswer) -> bool:
        """Take in an answer; False: it is void."""
        question = answer.question
        if question is not self._asked:
            return False
        now_us = self._clock()
        took_us = now_us - question.now_us
        self._asked = None
        self._next_us = now_us + max(_EVERY_US, _PATIENCE * took_us)
        self._passing.absorb(answer.passing, question.now_us)
        if answer.total is not None:
            self._total.absorb(answer.total, question.now_us)
        if answer.today is not None:
            self.today = answer.today
            self._today_next_us = now_us + max(_TODAY_EVERY_US, _PATIENCE * took_us)
        self.lag_ms = answer.scanner.lag_ms
        # A one-time run of `auditail ingest` says nothing about who reads afterwards.
        self.only_while_open = answer.scanner.running and answer.scanner.kind == "dashboard"
        self.extent = answer.extent
        self.known = True
        return True

    def note(self, times_us: Sequence[int]) -> None:
        """Take note of when arrivals happened, UTC microseconds: late ones change more than the last slices."""
        now_us = self._clock()
        self._passing.note(times_us, now_us)
        self._total.note(times_us, now_us)

    def give_up(self) -> None:
        """Let the same be asked again after the store has failed to answer."""
        self._asked = None
        self._next_us = self._clock() + _EVERY_US

    def window(self) -> tuple[Span, tuple[Tally, ...]]:
        """Return the last hour's span and slices of what passes the filter."""
        now_us = self._clock()
        return self._passing.span(now_us), self._passing.tallies(now_us)

    def counts(self) -> tuple[int, int]:
        """Return how many events of the last hour pass the filter, and how many there are."""
        now_us = self._clock()
        passing = sum(tally.events for tally in self._passing.tallies(now_us))
        total = sum(tally.events for tally in self._total.tallies(now_us)) if self._what else passing
        return passing, max(total, passing)
