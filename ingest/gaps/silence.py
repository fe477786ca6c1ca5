"""Folders that used to give events regularly and give none any more."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from ingest.gaps.event import SOURCE_RESUMED, SOURCE_SILENT, gap_event, iso, lasting, shown
from store.events import NewEvent
from store.sources import Folder

_REMEMBERED: Final = 100
REGULAR_FROM: Final = 20
"""With fewer pauses known, nothing is usual yet."""
TIMES: Final = 10
"""Silent is who is quiet for so many times its longest usual pause,"""
LEAST_S: Final = 900.0
"""and for at least so long."""
LONGEST_USUAL_S: Final = 3_600.0
"""A longer pause is none of the usual ones: nights and weekends say nothing about the working day."""
_MINUTE_US: Final = 60_000_000


@dataclass(slots=True)
class _Habit:
    """What is known of one folder. Times are steady seconds, but for `last_us`."""

    quiet_since: float
    last_us: int | None = None
    """Wall clock of the last arrival."""
    pauses: deque[float] = field(default_factory=lambda: deque[float](maxlen=_REMEMBERED))
    events: int = 0
    silent: bool = False

    @property
    def bearable_s(self) -> float | None:
        """How long it may be quiet; None: it gives events too rarely for that to mean anything."""
        if len(self.pauses) < REGULAR_FROM:
            return None
        return max(LEAST_S, TIMES * max(self.pauses))


class SilenceWatch:
    """Learns each folder's usual pauses from the order in which its events arrive."""

    def __init__(self, started_s: float, minutes: Mapping[int, Sequence[int]] | None = None) -> None:
        """Begin at this steady time. `minutes` (since 1970, ascending) is when folders gave events before that."""
        self._habits: dict[int, _Habit] = {}
        for folder_no, known in (minutes or {}).items():
            self._habits[folder_no] = _learnt(known, started_s)

    def excuse(self, steady_s: float) -> None:
        """Count quiet times from now on: nobody was there to hear anything."""
        for habit in self._habits.values():
            habit.quiet_since = steady_s

    def look(
        self, folders: Sequence[Folder], events: Mapping[int, int], steady_s: float, wall_us: int
    ) -> Iterator[NewEvent]:
        """Give an event for each folder that has fallen silent or is back; `events` is how many each has given."""
        for folder in folders:
            habit = self._habits.setdefault(folder.folder_no, _Habit(steady_s))
            given = events.get(folder.folder_no, 0)
            if given > habit.events:
                habit.events = given
                if habit.silent:
                    yield _resumed(folder, habit, steady_s, wall_us)
                _hear(habit, steady_s, wall_us)
            elif not habit.silent and (bearable_s := habit.bearable_s) is not None:
                habit.silent = steady_s - habit.quiet_since > bearable_s
                if habit.silent:
                    yield _silent(folder, habit, wall_us)


def _learnt(minutes: Sequence[int], started_s: float) -> _Habit:
    habit = _Habit(started_s)
    for before, after in pairwise(minutes):
        pause_s = (after - before) * 60.0
        if pause_s <= LONGEST_USUAL_S:
            habit.pauses.append(pause_s)
    if minutes:
        habit.last_us = minutes[-1] * _MINUTE_US
    return habit


def _hear(habit: _Habit, steady_s: float, wall_us: int) -> None:
    pause_s = steady_s - habit.quiet_since
    if habit.last_us is not None and not habit.silent and pause_s <= LONGEST_USUAL_S:
        habit.pauses.append(pause_s)
    habit.quiet_since, habit.last_us, habit.silent = steady_s, wall_us, False


def _silent(folder: Folder, habit: _Habit, wall_us: int) -> NewEvent:
    path, usual_s, last_us = shown(folder.path), max(habit.pauses), habit.last_us or wall_us
    return gap_event(
        SOURCE_SILENT,
        wall_us,
        f"{path} has given no event since {iso(last_us)}; its longest usual pause is {lasting(usual_s)}",
        {"path": path, "last_event": iso(last_us), "usual_pause_s": round(usual_s, 1)},
        # To the minute: a scanner that starts anew knows no better when the last event arrived.
        (folder.folder_no, path, last_us // _MINUTE_US),
    )


def _resumed(folder: Folder, habit: _Habit, steady_s: float, wall_us: int) -> NewEvent:
    path, last_us = shown(folder.path), habit.last_us or wall_us
    silence_s = steady_s - habit.quiet_since
    return gap_event(
        SOURCE_RESUMED,
        wall_us,
        f"{path} gives events again, after {lasting(silence_s)}",
        {"reason": "silence", "path": path, "last_event": iso(last_us), "silent_s": round(silence_s, 1)},
        ("silence", folder.folder_no, path, last_us),
    )
