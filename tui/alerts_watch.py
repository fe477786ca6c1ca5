"""Keeps all tabs informed of how many alerts there are, and rings where one is new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from textual.message import Message

from store.alerts.model import AlertCounts

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App

    from store.service import QueryService

EVERY_S: Final = 0.25
"""How often is looked whether something has changed."""
ANEW_US: Final = 30_000_000
"""So often is asked where nothing has changed: a mute may have ended."""
GROUP: Final = "alert-counts"


@dataclass
class AlertsCounted(Message):
    """How alerts stand now."""

    counts: AlertCounts


class AlertsWatch:
    """Asks one small question at a time in a worker of the app, and posts `AlertsCounted` to it."""

    def __init__(self, app: App[Any], service: QueryService, clock: Callable[[], int], *, bell: bool = False) -> None:
        """Ask `service` for `app`; `clock` tells UTC microseconds; `bell`: whether it rings."""
        self._app = app
        self._service = service
        self._clock = clock
        self._token: int | None = None
        self._asked_us = 0
        self._bell = bell
        self._busy = False
        self._newest: int | None = None
        self.counts: AlertCounts | None = None
        """How alerts stand; None: not known yet."""

    def start(self) -> None:
        """Look now and from now on."""
        self.look()
        self._app.set_interval(EVERY_S, self.look)

    def look(self) -> None:
        """Ask, unless the last question is still open."""
        if not self._busy:
            self._busy = True
            self._app.run_worker(self._ask, thread=True, exit_on_error=False, group=GROUP)

    def _ask(self) -> None:
        try:
            token, now_us = self._service.change_token(), self._clock()
            if token != self._token or now_us - self._asked_us >= ANEW_US:
                counts = self._service.alerts.counts()
                self._token, self._asked_us = token, now_us
                self._app.post_message(AlertsCounted(counts))
        finally:
            self._busy = False

    def take(self, counts: AlertCounts) -> None:
        """Take over how they stand; ring where that is wanted and one is new, which the first ones are not."""
        self.counts = counts
        before, self._newest = self._newest, max(self._newest or 0, counts.newest_new)
        if self._bell and before is not None and counts.newest_new > before:
            self._app.bell()
