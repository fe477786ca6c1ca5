"""The rows that the live list has in hand, between the store and the screen. It knows neither of them.

Two parts: a base in event-time order, and after it arrivals in order of `seq`, of which late ones are marked. History
that is paged in has a base only. Row numbers count from 0 at the top.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.events import EventSummary
    from store.service import Page

LATE_AFTER_US: Final = 1_000_000
"""An arrival counts as late from a second on: less is only the order in which several writers happened to be read."""

KEPT_FOLLOWING: Final = 1000
"""Rows kept while following; what scrolled off is read again when it is scrolled to."""

KEPT_READING: Final = 4000
"""Rows kept while reading; beyond, the far end is let go."""

TopEdge = Literal["end", "older", "anchor"]
BottomEdge = Literal["end", "newer", "arrivals"]


class LiveBuffer:
    """The rows in display order, and what lies beyond either end of them."""

    def __init__(self) -> None:
        """Start empty, with nothing beyond."""
        self._rows: list[EventSummary] = []
        self._ids: set[int] = set()
        self._late: set[int] = set()
        self._base = 0
        self._newest_us = 0
        self.has_older = False
        self.has_newer = False
        self.tail_seq: int | None = None
        """Every matching event up to this `seq` that belongs at the end is here; None: the end is somewhere in
        history, and what comes after is found by event time."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._rows)

    def __getitem__(self, index: int) -> EventSummary:
        """Return the row with that number."""
        return self._rows[index]

    @property
    def first(self) -> EventSummary | None:
        """The top row."""
        return self._rows[0] if self._rows else None

    @property
    def last(self) -> EventSummary | None:
        """The bottom row."""
        return self._rows[-1] if self._rows else None

    def is_late(self, event_row_id: int) -> bool:
        """Return whether the row arrived well after younger ones that were here already."""
        return event_row_id in self._late

    def index_of(self, event_row_id: int) -> int | None:
        """Return a row's number; None where it is not in hand."""
        if event_row_id not in self._ids:
            return None
        return next(i for i, row in enumerate(self._rows) if row.id == event_row_id)

    @property
    def without_alert(self) -> tuple[int, ...]:
        """The ids of the rows that no alert shows, as far as is known."""
        return tuple(row.id for row in self._rows if not row.alerted)

    def alerted(self, event_row_ids: frozenset[int]) -> bool:
        """Take in that alerts show these events by now; return whether one of them was in hand without that."""
        found = [index for index, row in enumerate(self._rows) if row.id in event_row_ids and not row.alerted]
        for index in found:
            self._rows[index] = replace(self._rows[index], alerted=True)
        return bool(found)

    def find_trouble(self, start: int, trouble: int, *, forward: bool) -> int | None:
        """Return the number of the nearest row below (above) `start` with that bit; None: not in hand."""
        span = range(start + 1, len(self._rows)) if forward else range(start - 1, -1, -1)
        return next((i for i in span if self._rows[i].trouble & trouble), None)

    def load(self, page: Page, tail_seq: int | None) -> None:
        """Put a page in place of everything. `tail_seq` as the attribute of that name."""
        self._rows = list(page.rows)
        self._ids = {row.id for row in self._rows}
        self._late = set()
        self._base = len(self._rows)
        self._newest_us = max((row.ts_us for row in self._rows), default=0)
        self.has_older = page.has_older
        self.has_newer = page.has_newer
        self.tail_seq = tail_seq

    def arrived(self, rows: Sequence[EventSummary], last_seq: int) -> int:
        """Append arrivals in order of `seq`; return how many were new. `last_seq` is where the next ones go on."""
        before = len(self._rows)
        for row in rows:
            if row.id in self._ids:
                continue
            self._ids.add(row.id)
            self._rows.append(row)
            if row.ts_us + LATE_AFTER_US <= self._newest_us:
                self._late.add(row.id)
            elif row.ts_us > self._newest_us:
                self._newest_us = row.ts_us
        self.tail_seq = last_seq
        return len(self._rows) - before

    def trim(self, keep: int = KEPT_FOLLOWING) -> int:
        """Let go of the oldest rows but `keep` of them; return how many went."""
        surplus = len(self._rows) - keep
        if surplus <= 0:
            return 0
        for row in self._rows[:surplus]:
            self._ids.discard(row.id)
            self._late.discard(row.id)
        del self._rows[:surplus]
        self._base = max(self._base - surplus, 0)
        self.has_older = True
        return surplus

    @property
    def _appended(self) -> int:
        return len(self._rows) - self._base

    def top_edge(self, page_size: int) -> TopEdge:
        """Return what scrolling past the top takes.

        Either nothing is there, or older rows than the first, or (where the top is not in event-time order, or too
        many rows would be in hand) a new page around the cursor.
        """
        if not self.has_older or not self._rows:
            return "end"
        crowded = self._appended > 0 and len(self._rows) + page_size > KEPT_READING
        return "anchor" if self._base == 0 or crowded else "older"

    def bottom_edge(self) -> BottomEdge:
        """Return what scrolling past the bottom takes."""
        if self.tail_seq is not None:
            return "arrivals"
        return "newer" if self.has_newer and self._rows else "end"

    def older(self, page: Page) -> int:
        """Put older rows on top; return how many. Rows that are among the arrivals stay where they are."""
        new = [row for row in page.rows if row.id not in self._ids]
        self._rows[0:0] = new
        self._ids.update(row.id for row in new)
        self._base += len(new)
        self.has_older = page.has_older
        self._cut_bottom()
        return len(new)

    def _cut_bottom(self) -> None:
        if len(self._rows) <= KEPT_READING or self._appended:
            return
        for row in self._rows[KEPT_READING:]:
            self._ids.discard(row.id)
        del self._rows[KEPT_READING:]
        self._base = KEPT_READING
        self.tail_seq = None
        self.has_newer = True

    def newer(self, page: Page) -> int:
        """Put younger rows of history at the bottom; return how many rows went at the top to make room."""
        new = [row for row in page.rows if row.id not in self._ids]
        self._rows.extend(new)
        self._ids.update(row.id for row in new)
        self._base = len(self._rows)
        self.has_newer = page.has_newer
        return self.trim(KEPT_READING)

    def note_arrivals(self) -> None:
        """Remember that something arrived that is not in hand."""
        if self.tail_seq is None:
            self.has_newer = True
