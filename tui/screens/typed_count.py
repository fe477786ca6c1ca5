"""How many events pass the filter that is being typed: counted in parts, until another one is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.filters.model import Filter
from store.searching import CountQuestion
from tui.screens.live_facts import QueryCounted

if TYPE_CHECKING:
    from textual.screen import Screen

    from store.searching import Counted
    from store.service import QueryService


class TypedCount:
    """Counts for one screen. `typed` is the filter that is wanted now, None: none; another one ends the count."""

    def __init__(self, screen: Screen[None], service: QueryService) -> None:
        """Ask `service`, and post `QueryCounted` to `screen`."""
        self._screen = screen
        self._service = service
        self.typed: Filter | None = None

    def count(self, what: Filter, window: tuple[int, int]) -> None:
        """Count what passes within a half-open span of UTC microseconds; for a thread."""
        total = self._service.tally(Filter(), *window).events

        def so_far(counted: Counted) -> bool:
            self._screen.post_message(QueryCounted(what, counted.tally.events, total, counted.complete))
            return self.typed is what

        so_far(self._service.search.count(CountQuestion(what, *window), so_far))
