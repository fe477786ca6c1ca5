"""Answers how much there was of what: out of the rollups as far as they know it, and out of events."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlmodel import col

from store.analytics.coverage import asked_of, cubes_with, key_conditions
from store.analytics.from_events import FromEvents, Wanted
from store.analytics.from_rollups import FromRollups
from store.analytics.model import Usage, UsageQuestion, Watch
from store.analytics.planning import Piece, clipped, plan
from store.analytics.sums import Sums
from store.analytics.telling import Telling
from store.filters.model import Filter
from store.filters.syntax import Expression
from store.ids import first_id_at, time_of_id
from store.query.access import Access
from store.query.paced import Paced
from store.rollups.ids import Cube
from store.rollups.tables import RollupKey


class UsageAnswers:
    """Answers `usage`. Safe to use from any thread."""

    def __init__(self, access: Access) -> None:
        """Read through `access`."""
        self._access = access
        self._sizes = Paced(self._count_keys)

    def usage(self, question: UsageQuestion, watch: Watch | None) -> Usage:
        """See `AnalyticsQuestions`."""
        asked = asked_of(question.what, self._access.lookups(utc=question.what.utc).moment)
        stretches = clipped(question.edges, asked.since_us, asked.before_us)
        cubes = [] if asked.keys is None else cubes_with(question.by, asked.keys)
        run = _Run(self._access, question, asked.names, watch)
        return run.from_rollups(self._smallest(cubes), stretches) if cubes else run.from_events(stretches)

    def _smallest(self, cubes: list[Cube]) -> Cube:
        sizes = self._sizes.get() if len(cubes) > 1 else {}
        return min(cubes, key=lambda cube: sizes.get(cube, 0))

    def _count_keys(self) -> dict[int, int]:
        """Return how many combinations of names each cube has."""
        cube = col(RollupKey.cube)
        return dict(self._access.fetch(select(cube, func.count()).group_by(cube)))


class _Run:
    """One question while it is answered. `names` is its filter without times."""

    def __init__(self, access: Access, question: UsageQuestion, names: Expression | None, watch: Watch | None) -> None:
        self._access = access
        self._question = question
        self._names = names
        self._sums = Sums(len(question.by), durations=question.durations)
        self._reached_us = question.edges[-1]
        self._from_events = False
        self._telling = Telling(watch, self._so_far)

    def from_rollups(self, cube: Cube, stretches: list[Piece]) -> Usage:
        """Answer from the rollups, and from events where stretches begin or end within an hour."""
        planned = plan(stretches)
        keys = key_conditions(self._names, self._access.scope, self._access.lookups())
        rollups = FromRollups(self._access, cube, self._question.by, keys)
        stop = self._telling.is_called_off
        if not rollups.add(planned, self._sums, stop, durations=self._question.durations):
            return self._so_far()
        if not planned.odd:
            return self._answer(complete=True)
        return self._walked(self._events().add_odd(planned.odd, stop), planned.odd)

    def from_events(self, stretches: list[Piece]) -> Usage:
        """Answer from events alone."""
        self._from_events = True
        if not stretches:
            return self._answer(complete=True)
        return self._walked(self._events().add_all(stretches, self._telling.is_called_off), stretches)

    def _events(self) -> FromEvents:
        question = self._question
        compiled = self._access.compile(Filter(self._names, utc=question.what.utc))
        return FromEvents(self._access, Wanted(compiled, question.by, question.durations), self._sums)

    def _walked(self, steps: Iterator[int], pieces: list[Piece]) -> Usage:
        """Go through what is added from events, newest first, until it is over or called off."""
        last = first_id_at(pieces[0].first)
        reached = None
        for reached in steps:
            self._reached_us = time_of_id(reached)
            if reached != last and self._telling.is_called_off():
                break
        return self._answer(complete=reached == last)

    def _so_far(self) -> Usage:
        return self._answer(complete=False)

    def _answer(self, *, complete: bool) -> Usage:
        names = self._access.names(self._sums.numbers())
        reached_us = None if complete else self._reached_us
        return Usage(self._sums.rows(names), complete, reached_us, self._from_events)
