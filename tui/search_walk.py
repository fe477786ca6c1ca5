"""A walk through a result that may take long: what was found is told while it goes on. For worker threads."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final

from store.service import Page

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.events import EventSummary
    from store.filters.model import Filter
    from store.searching import FoundPage, Progress, SearchQuestions

PATIENCE_S: Final = 0.25
"""How long found rows are held back to begin with, while more are being looked for; each time half as long again."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Where a walk starts (None: at the very end), which way it goes, and how many rows it is for."""

    what: Filter
    from_id: int | None
    limit: int
    older: bool = True


@dataclass(frozen=True, slots=True)
class Walked:
    """How a walk ended: as `FoundPage`, but `page` has only the rows that were not told before."""

    page: Page
    reached_us: int | None
    complete: bool
    told: int = 0


class Walk:
    """Asks for a page in parts. `progress` hears how far it is; where it returns False the walk ends."""

    def __init__(
        self, search: SearchQuestions, progress: Callable[[Progress], bool], clock: Callable[[], float] = monotonic
    ) -> None:
        """Ask `search`; `clock` tells seconds."""
        self._search = search
        self._progress = progress
        self._clock = clock
        self._going = True
        self._hurry = False
        self._since = 0.0
        self._patience = PATIENCE_S
        self._told = 0

    def go(self, steps: Steps, tell: Callable[[tuple[EventSummary, ...]], None] | None = None) -> Walked:
        """Return the walk's last part. `tell` gets what was found before; None: all of it is in that last part."""
        from_id, rows = steps.from_id, 0
        while True:
            self._hurry, self._since = False, self._clock()
            watch = self._watch if tell is None else self._watch_and_show
            part: FoundPage = self._search.page(steps.what, from_id, steps.limit - rows, older=steps.older, watch=watch)
            found = part.page.rows
            if part.complete or not self._going or not self._hurry or tell is None:
                return Walked(part.page, part.reached_us, part.complete, rows)
            if found:
                tell(found)
                rows += len(found)
                self._told += len(found)
                self._patience *= 1.5
                from_id = found[0].id if steps.older else found[-1].id

    def _watch(self, progress: Progress) -> bool:
        self._going = self._progress(_more(progress, self._told))
        return self._going

    def _watch_and_show(self, progress: Progress) -> bool:
        """Go on as long as nothing was found that somebody waits to see."""
        if not self._watch(progress):
            return False
        self._hurry = progress.found > 0 and self._clock() - self._since >= self._patience
        return not self._hurry


def _more(progress: Progress, told: int) -> Progress:
    return type(progress)(progress.reached_us, progress.found + told)


def whole(older: Walked | None, newer: Walked | None) -> Page:
    """Return two walks that went apart from one place as one page."""
    rows: tuple[EventSummary, ...] = ()
    rows += () if older is None else older.page.rows
    rows += () if newer is None else newer.page.rows
    return Page(
        rows,
        has_older=older is not None and older.page.has_older,
        has_newer=newer is not None and newer.page.has_newer,
    )
