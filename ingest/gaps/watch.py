"""Looks for gaps on behalf of one scanner, through all that may happen to its reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from ingest.gaps.absence import Absence, Why
from ingest.gaps.ahead import TimesAhead
from ingest.gaps.clock_jump import LEAST_US as LEAST_JUMP_US
from ingest.gaps.clock_jump import ClockJump, ClockWatch, steady_seconds
from ingest.gaps.missed import MissedChanges
from ingest.gaps.out_of_reach import OutOfReach
from ingest.gaps.recorder import GapRecorder
from ingest.gaps.silence import SilenceWatch
from ingest.gaps.unread import UnreadBytes
from ingest.scan.batcher import Batcher
from ingest.scan.intake import Intake
from ingest.scan.tracked import Tracked
from store.batch import SourceBatch
from store.captured import active_minutes, folder_states
from store.lease import ScannerLease
from store.sources import Folder, State
from store.store import Store

_STOOD_STILL_S: Final = 10.0
_MINUTE_US: Final = 60_000_000
_HABITS_OF_MINUTES: Final = 24 * 60


class GapWatch:
    """Told of everything that the scanner does; appends what it makes of it about once a second."""

    def __init__(self, store: Store, lease: ScannerLease, steady_s: Callable[[], float] = steady_seconds) -> None:
        """Begin; the lease must be held, and must not have beaten yet.

        Raises:
            StoreError: the store cannot be read.
        """
        self._clock_us = store.clock
        self._steady_s = steady_s
        self._recorder = GapRecorder(store)
        self._clock = ClockWatch(store.clock, steady_s)
        now_us = store.clock()
        self._silence = SilenceWatch(steady_s(), active_minutes(store, now_us // _MINUTE_US - _HABITS_OF_MINUTES))
        self._reach = OutOfReach(folder_states(store))
        self._missed = MissedChanges()
        self._unread = UnreadBytes()
        self._ahead = TimesAhead(store.clock)
        self._absence: Absence | None = None
        self._last_turn: tuple[float, int] | None = None
        """Steady seconds and wall clock."""
        self._note_absence_until(now_us, lease.captured_until())

    def attach(self, intake: Intake, batcher: Batcher) -> None:
        """Look at this reading from now on."""
        self._intake = intake
        self._batcher = batcher
        intake.book.on_lose = self._lose
        batcher.on_taken = self._taken
        if self._last_turn is not None:
            self._stood_still("store_not_writable")

    def at_turn(self) -> bool:
        """Take note that the scanner is at work; return whether it was not for a good while before."""
        stood_still = self._last_turn is not None and self._stood_still("stood_still")
        self._last_turn = (self._steady_s(), self._clock_us())
        return stood_still

    def at_scan_end(self, missed: int) -> None:
        """Take note of a full scan's end; `missed` is how many changes only it has found."""
        now_us = self._clock_us()
        event = self._missed.scanned(0 if self._absence else missed, now_us)
        if event is not None:
            self._recorder.add(event)
        for event in self._unread.scanned(now_us, self._intake.book.__contains__):
            self._recorder.add(event)

    def at_beat(
        self,
        folders: Sequence[Folder],
        states: Mapping[int, tuple[State, str | None]],
        unreadable: Mapping[bytes, str],
        *,
        caught_up: bool,
    ) -> None:
        """Look for what has changed in the last second, and store it; `caught_up`: all that was there is stored.

        Raises:
            StoreError: the store cannot be written now; nothing is forgotten.
        """
        jump = self._clock.look()
        if jump is not None:
            self._recorder.add(jump.event())
        now_us = self._clock_us()
        given = {number: tally.events for number, tally in self._batcher.tally.folders.items()}
        for event in (
            *self._reach.folders(folders, states, now_us),
            *self._reach.files(unreadable, now_us),
            *self._silence.look(folders, given, self._steady_s(), now_us),
        ):
            self._recorder.add(event)
        if caught_up:
            self._end_absence()
        self._recorder.flush()

    def _note_absence_until(self, now_us: int, captured_us: int | None) -> None:
        if captured_us is None:
            return
        if captured_us - now_us >= LEAST_JUMP_US:
            self._recorder.add(ClockJump(captured_us, now_us).event())
        self._begin_absence(Absence("not_running", captured_us, now_us))

    def _stood_still(self, why: Why) -> bool:
        assert self._last_turn is not None
        steady_s, wall_us = self._last_turn
        seconds = self._steady_s() - steady_s
        if seconds < _STOOD_STILL_S:
            return False
        self._begin_absence(Absence(why, wall_us, wall_us + round(seconds * 1_000_000)))
        self._last_turn = (self._steady_s(), self._clock_us())
        self._silence.excuse(self._steady_s())
        return True

    def _begin_absence(self, absence: Absence) -> None:
        if absence.is_long:
            self._end_absence()
            self._absence = absence

    def _end_absence(self) -> None:
        event = self._absence.event() if self._absence is not None else None
        if event is not None:
            self._recorder.add(event)
        self._absence = None

    def _lose(self, tracked: Tracked) -> None:
        self._unread.lose(tracked)
        if self._absence is not None:
            self._absence.lost()

    def _taken(self, batches: Sequence[SourceBatch], folder_no: int) -> None:
        event = self._ahead.taken(batches, folder_no)
        if event is not None:
            self._recorder.add(event)
        if self._absence is not None:
            self._absence.found(batches)
