"""What is asked about the event under the cursor: in worker threads that post their answers to the screen."""

from __future__ import annotations

from functools import partial

from store.filters.keys import Key
from tui.screens.asking import Asking
from tui.screens.event_facts import DetailLoaded, JsonLoaded


class EventQuestions(Asking):
    """Asks for a single event, and posts `event_facts`."""

    def detail(self, event_row_id: int) -> None:
        """Load an event whole, and how many events share its ids."""
        self._run(partial(self._detail, event_row_id), "detail")

    def _detail(self, event_row_id: int) -> None:
        from tui.widgets.detail_lines import Related  # noqa: PLC0415 (not needed for the first paint)

        detail = self._service.detail(event_row_id)
        related = Related()
        if detail is not None:
            related = Related(
                self._related(Key.REQUEST, detail.request_id),
                self._related(Key.SESSION, detail.session_id),
                self._related(Key.TRACE, detail.trace_id),
            )
        self._screen.post_message(DetailLoaded(event_row_id, detail, related))

    def _related(self, by: Key, value: str | None) -> int | None:
        return None if value is None else self._service.related_count(by, value)

    def json(self, event_row_id: int) -> None:
        """Load an event as JSON."""
        self._run(partial(self._json, event_row_id), "json")

    def _json(self, event_row_id: int) -> None:
        self._screen.post_message(JsonLoaded(event_row_id, self._service.canonical_json(event_row_id)))
