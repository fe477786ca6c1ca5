"""What the Alerts tab asks the store and has done by it: each in a worker thread that posts to the screen."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final

from store.alerts.model import AlertList
from store.alerts.states import AlertState
from tui.alerts_listing import list_alerts
from tui.alerts_query import muted
from tui.alerts_window import alerts_window
from tui.screens.alerts_facts import (
    AlertKnown,
    AlertsAnswer,
    AlertsKnown,
    AlertsViewed,
    DecisionTaken,
    DecisionUndone,
    TextKnown,
    TokenSeen,
)
from tui.screens.asking import Asking
from tui.screens.live_facts import QueryCounted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.screen import Screen

    from store.alerts.model import AlertActions, AlertDetail, AlertRow, Decision
    from store.filters.model import Filter
    from store.service import QueryService
    from tui.screens.alerts_facts import AlertsQuestion

MOST_LISTED: Final = 500
"""So many alerts are listed; of the others their number is told."""
MOST_MUTED: Final = 100
LIST_GROUP: Final = "alerts"
DETAIL_GROUP: Final = "alert"
ACTION_GROUP: Final = "decision"


class AlertsQuestions(Asking):
    """Asks for the lists, the bars, the invariants and single alerts, and posts `alerts_facts`."""

    def __init__(self, screen: Screen[None], service: QueryService) -> None:
        """Ask `service` for `screen`."""
        super().__init__(screen, service)
        self._typed: Filter | None = None

    # What is shown.

    def all(self, question: AlertsQuestion) -> None:
        """Find out everything that the tab shows."""
        self._run(partial(self._all, question), LIST_GROUP)

    def _all(self, question: AlertsQuestion) -> None:
        began, alerts = time.monotonic(), self._service.alerts
        token = self._service.change_token()
        found = list_alerts(alerts, question.what, MOST_LISTED)
        muted_rows = _muted_rows(found.rows)
        quiet = AlertList(muted_rows, len(muted_rows)) if muted_rows else alerts.list(muted(question.what), MOST_MUTED)
        window = alerts_window(question.what, found.rows, question.now_us, question.room, utc=question.utc)
        bars = window.bars
        slices = alerts.histogram(question.what, bars.start_us, bars.end_us, bars.slices)
        answer = AlertsAnswer(
            token, found, quiet, window, tuple(slices), tuple(alerts.invariants()), tuple(alerts.shed())
        )
        self._screen.post_message(AlertsKnown(question, answer, time.monotonic() - began))

    def token(self) -> None:
        """Look whether something has changed."""
        self._run(self._token, "token")

    def _token(self) -> None:
        self._screen.post_message(TokenSeen(self._service.change_token()))

    def detail(self, alert_id: int) -> None:
        """Find out all about one alert."""
        self._run(partial(self._detail, alert_id), DETAIL_GROUP)

    def _detail(self, alert_id: int) -> None:
        self._screen.post_message(AlertKnown(alert_id, self._service.alerts.detail(alert_id)))

    def alert_text(self, as_json: Callable[[AlertDetail], str], detail: AlertDetail) -> None:
        """Write an alert whole as JSON."""
        self._run(partial(self._text, "the alert", partial(as_json, detail)), "text")

    def event_text(self, event_row_id: int) -> None:
        """Find out an event as JSON."""
        self._run(partial(self._text, "the event", partial(self._service.canonical_json, event_row_id)), "text")

    def _text(self, noun: str, find: Callable[[], str | None]) -> None:
        self._screen.post_message(TextKnown(noun, find()))

    def count(self, what: Filter | None) -> None:
        """Count the alerts that pass a filter that is being typed; None: stop counting."""
        self._typed = what
        if what is not None:
            self._run(partial(self._count, what), "count")

    def _count(self, what: Filter) -> None:
        alerts = self._service.alerts
        total = sum(alerts.counts().by_state.values())
        self._screen.post_message(QueryCounted(what, alerts.list(what, 1).matched, total, complete=True))

    # What is done.

    def decide(self, actions: AlertActions, decision: Decision) -> None:
        """Take a decision."""
        self._run(partial(self._decide, actions, decision), ACTION_GROUP)

    def _decide(self, actions: AlertActions, decision: Decision) -> None:
        self._screen.post_message(DecisionTaken(decision, actions.decide(decision)))

    def undo(self, actions: AlertActions) -> None:
        """Take the last decision back."""
        self._run(partial(self._undo, actions), ACTION_GROUP)

    def _undo(self, actions: AlertActions) -> None:
        self._screen.post_message(DecisionUndone(actions.undo()))

    def viewed(self, actions: AlertActions, alert_ids: Sequence[int]) -> None:
        """Note that somebody has looked at these alerts."""
        self._run(partial(self._viewed, actions, tuple(alert_ids)), "viewed")

    def _viewed(self, actions: AlertActions, alert_ids: tuple[int, ...]) -> None:
        actions.viewed(alert_ids)
        self._screen.post_message(AlertsViewed(alert_ids))


def _muted_rows(rows: Sequence[AlertRow]) -> tuple[AlertRow, ...]:
    return tuple(row for row in rows if row.state is AlertState.MUTED)
