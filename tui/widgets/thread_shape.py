"""Which rows of a thread are shown: all but those that are folded away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.threads.step import RESULT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.threads.model import ThreadRow


class Shape:
    """The rows of a tree in its order, a parent before what it holds. `shown` are the places of visible rows."""

    def __init__(self, rows: Sequence[ThreadRow]) -> None:
        """Show all of them."""
        self.rows = rows
        self._folded: set[int] = set()
        self._holds: dict[int, bool] = {}
        self._ends = self._find_ends()
        """For every row the place after the last one that it holds."""
        self.shown: list[int] = list(range(len(rows)))

    def _find_ends(self) -> list[int]:
        ends = list(range(1, len(self.rows) + 1))
        for at in range(len(self.rows) - 1, -1, -1):
            parent = self.rows[at].parent
            if parent is not None:
                ends[parent] = max(ends[parent], ends[at])
        return ends

    def find(self, event_row_id: int) -> int | None:
        """Return the place of an event, also of one that was merged into another; None: it is not here."""
        for at, row in enumerate(self.rows):
            if row.event.id == event_row_id or any(sight.event.id == event_row_id for sight in row.sights):
                return at
        return None

    def holds(self, at: int) -> bool:
        """Return whether other work lies within a row's time: something in it took time, or holds more in its turn."""
        known = self._holds.get(at)
        if known is None:
            known = self._holds[at] = self._find_work(at)
        return known

    def _find_work(self, at: int) -> bool:
        until_us = self.rows[at].end_us
        return until_us > self.rows[at].start_us and any(
            row.event.event_type != RESULT
            and row.start_us < until_us
            and (row.end_us > row.start_us or self._ends[one] > one + 1)
            for one, row in enumerate(self.rows[at + 1 : self._ends[at]], at + 1)
        )

    def hidden_in(self, at: int) -> int:
        """Return how many rows are folded away in a row."""
        return self._ends[at] - at - 1 if at in self._folded else 0

    def fold(self, at: int) -> bool:
        """Hide what a row holds; return whether that changed anything."""
        if at in self._folded or self._ends[at] == at + 1:
            return False
        self._folded.add(at)
        self._reshow()
        return True

    def unfold(self, at: int) -> bool:
        """Show what a row holds; return whether that changed anything."""
        if at not in self._folded:
            return False
        self._folded.discard(at)
        self._reshow()
        return True

    def reveal(self, at: int) -> None:
        """Unfold everything that a row is folded away in."""
        parent = self.rows[at].parent
        while parent is not None:
            self._folded.discard(parent)
            parent = self.rows[parent].parent
        self._reshow()

    def _reshow(self) -> None:
        self.shown = []
        at = 0
        while at < len(self.rows):
            self.shown.append(at)
            at = self._ends[at] if at in self._folded else at + 1
