"""What has been added up of a question so far: by stretch and by the numbers of names, until it becomes an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from operator import add
from typing import Any

from store.analytics.model import Durations, Figures, UsageRow

_Place = tuple[int, ...]
"""A stretch and the numbers of the names."""


class Sums:
    """Rows of several statements, added together. `by`: how many names each row has behind its stretch."""

    def __init__(self, by: int, *, durations: bool) -> None:
        """Start with nothing."""
        self._width = by + 1
        self._figures: dict[_Place, tuple[int, ...]] = {}
        self._durations: dict[_Place, dict[int, int]] | None = {} if durations else None

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows of stretch, numbers of names, and the sums of `Figures` in their order."""
        figures, width = self._figures, self._width
        for row in rows:
            place, more = tuple(row[:width]), tuple(row[width:])
            before = figures.get(place)
            figures[place] = more if before is None else tuple(map(add, before, more))

    def add_durations(self, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows of stretch, numbers of names, bucket and calls."""
        if self._durations is None:
            return
        width = self._width
        for row in rows:
            counts = self._durations.setdefault(tuple(row[:width]), {})
            bucket, calls = row[width:]
            counts[bucket] = counts.get(bucket, 0) + calls

    def numbers(self) -> set[int]:
        """Return the numbers of all names."""
        return {*chain.from_iterable(place[1:] for place in self._figures)}

    def rows(self, names: Mapping[int, str | None]) -> tuple[UsageRow, ...]:
        """Return what has been added up; combinations in which nothing happened are left out."""
        return tuple(
            UsageRow(
                tuple(names[number] for number in place[1:]),
                place[0],
                Figures(*figures),
                None if self._durations is None else Durations(self._durations.get(place, {})),
            )
            for place, figures in self._figures.items()
            if any(figures)
        )
