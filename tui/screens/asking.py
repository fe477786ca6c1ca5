"""How a screen asks: each question runs in a worker thread of its own and posts its answer to the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

    from store.service import QueryService


class Asking:
    """Base of what belongs to one screen: it starts that screen's workers and posts to it."""

    def __init__(self, screen: Screen[Any], service: QueryService) -> None:
        """Ask `service` for `screen`."""
        self._screen = screen
        self._service = service

    def _run(self, work: Callable[[], None], group: str) -> None:
        """Start a worker in place of the one that its group had."""
        self._screen.run_worker(work, thread=True, exit_on_error=False, exclusive=True, group=group)
