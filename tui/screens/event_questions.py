"""What is asked about the event under the cursor: in worker threads that post their answers to the screen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from store.filters.keys import Key
from store.ids import time_of_id
from tui.screens.asking import Asking
from tui.screens.event_facts import DetailLoaded, EvidenceSeen, JsonLoaded, TroubleSought

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.filters.model import Filter
    from store.searching import Progress


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

    def alerted(self, event_row_ids: Sequence[int]) -> None:
        """Find out which of these events alerts show by now."""
        self._run(partial(self._alerted, event_row_ids), "alerted")

    def _alerted(self, event_row_ids: Sequence[int]) -> None:
        found = self._service.alerts.evidence_among(event_row_ids)
        if found:
            self._screen.post_message(EvidenceSeen(found))

    def marked(self, what: Filter, marked: Sequence[int]) -> None:
        """Seek the first of these events that passes a filter."""
        self._run(partial(self._marked, what, marked), "marked")

    def _marked(self, what: Filter, marked: Sequence[int]) -> None:
        found = next((event_row_id for event_row_id in marked if self._passes(what, event_row_id)), None)
        self._screen.post_message(TroubleSought(found, "marked event in this list"))

    def _passes(self, what: Filter, event_row_id: int) -> bool:
        """Return whether the newest event up to this one is this one."""

        def watch(progress: Progress) -> bool:
            return progress.reached_us >= time_of_id(event_row_id)

        rows = self._service.search.page(what, event_row_id + 1, 1, older=True, watch=watch).page.rows
        return bool(rows) and rows[0].id == event_row_id

    def json(self, event_row_id: int) -> None:
        """Load an event as JSON."""
        self._run(partial(self._json, event_row_id), "json")

    def _json(self, event_row_id: int) -> None:
        self._screen.post_message(JsonLoaded(event_row_id, self._service.canonical_json(event_row_id)))
