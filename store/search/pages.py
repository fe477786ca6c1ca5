"""Pages of events in time order."""

from __future__ import annotations

from dataclasses import dataclass

from store.filters.compiler import Compiled
from store.filters.model import Filter
from store.ids import time_of_id
from store.query.access import Access
from store.query.rows import SUMMARY_COLUMNS, summaries
from store.search.walk import EVERY_ID, PATIENCE_S, Told, Walk, go_on
from store.searching import FoundPage, Progress, Watch
from store.service import Page


@dataclass(frozen=True, slots=True)
class WalkedPage:
    """A page, and the row id up to which was searched; None: all there is in that direction was."""

    page: Page
    reached: int | None
    complete: bool


class Pages:
    """Answers with the events just before or behind a place."""

    def __init__(self, access: Access, patience_s: float = PATIENCE_S) -> None:
        """Read through `access`; wait so long for an answer at once."""
        self._access = access
        self._patience_s = patience_s

    def page(self, what: Filter, from_id: int | None, limit: int, *, older: bool, watch: Watch) -> FoundPage:
        """See `SearchQuestions`."""
        walked = self.walk(what, from_id, limit, watched(watch), older=older)
        reached = None if walked.reached is None else time_of_id(walked.reached)
        return FoundPage(walked.page, reached, walked.complete)

    def walk(
        self,
        what: Filter,
        from_id: int | None,
        limit: int,
        told: Told = go_on,
        *,
        older: bool,
        look_behind: bool = True,
    ) -> WalkedPage:
        """Return the `limit` events just older (newer) than `from_id`; None: the newest (oldest) there are.

        Without `look_behind` the page says that there is nothing on the other side of `from_id`.
        """
        compiled = self._access.compile(what)
        walk = Walk(self._access, compiled, SUMMARY_COLUMNS, patience_s=self._patience_s)
        within = EVERY_ID
        if from_id is not None:
            within = (EVERY_ID[0], from_id) if older else (from_id + 1, EVERY_ID[1])
        found = walk.find(within, limit + 1, told, back=older)
        more, rows = len(found.rows) > limit or not found.complete, found.rows[:limit]
        reached = found.reached if len(found.rows) > limit or not found.complete else None
        if older:
            rows.reverse()
        behind = look_behind and from_id is not None and self._any_behind(compiled, from_id, older=older)
        page = Page(
            summaries(self._access, rows), has_older=more if older else behind, has_newer=behind if older else more
        )
        return WalkedPage(page, reached, found.complete)

    def _any_behind(self, compiled: Compiled, from_id: int, *, older: bool) -> bool:
        """Return whether there is an event at an id or on its other side: mostly the event at which a list goes on.

        True also where that cannot be told in a moment: who looks there finds out.
        """
        walk = Walk(self._access, compiled, SUMMARY_COLUMNS[:1])
        within = (from_id, EVERY_ID[1]) if older else (EVERY_ID[0], from_id + 1)
        found = walk.at_once(within, 1, back=not older)
        return found is None or bool(found)


def watched(watch: Watch) -> Told:
    """Return what tells `watch` how far a walk is."""
    return lambda reached, found: watch(Progress(time_of_id(reached), found))
