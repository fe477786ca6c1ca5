"""The evidence pane of the Alerts tab: asked for what the cursor rests on, which counts as looked at after a while."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from store.alerts.states import AlertState
from tui.alert_words import counted
from tui.alerts_rows import Fold, looked_at
from tui.screens.alerts_questions import DETAIL_GROUP
from tui.screens.alerts_view import AlertsView
from tui.widgets.alerts_list import AlertsList, MutedList

if TYPE_CHECKING:
    from textual.events import DescendantFocus
    from textual.timer import Timer

    from store.alerts.model import AlertRow
    from tui.screens.alerts_facts import AlertKnown, AlertsKnown, AlertsViewed

REST_S: Final = 0.1
"""So long the cursor stays on an alert before anything is asked about it."""
VIEWED_S: Final = 1.0
"""So long an alert is in sight before it counts as looked at."""
_AGAIN_US: Final = 5_000_000
"""So often is asked again about an alert that seems unchanged: somebody may have been notified."""
_GONE: Final = "This alert is no longer in the store."
_UNREAD: Final = "This alert could not be read: r asks again."


class AlertsDetailView(AlertsView):
    """Shows beside the lists what is known of the alert under the cursor."""

    _rest: Timer | None = None
    _viewing: Timer | None = None
    _wanted: int | None = None
    _wanted_us = 0
    _in_muted = False

    @property
    def is_rested(self) -> bool:
        """Whether the pane shows the alert under the cursor, and nothing more is on its way."""
        row, detail = self.alert, self.pane.detail
        settled = self.is_answered and self._rest is None
        return settled and (row is None or (detail is not None and detail.row.id == row.id))

    @property
    def in_hand(self) -> AlertsList:
        """The list that the keys are about: the muted one while it has the focus, or had it last."""
        return self.muted if self._in_muted and self.muted.wanted else self.listed

    @property
    def alert(self) -> AlertRow | None:
        """The alert under the cursor; None: the cursor is on all alerts of a rule, or there is none."""
        return self.in_hand.alert

    def on_screen_resume(self) -> None:
        """Look at the alert under the cursor again: from now on it is in sight."""
        if self.answer is not None:
            self.ask_soon()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Show the alert of the list that has the focus now."""
        if isinstance(event.widget, AlertsList):
            self._in_muted = isinstance(event.widget, MutedList)
            for one in (self.listed, self.muted):
                one.set_class(one is event.widget, "-in-hand")
            self.ask_soon()

    def on_alerts_list_moved(self) -> None:
        """Ask about another alert once the cursor rests on it."""
        self.ask_soon()

    def ask_soon(self) -> None:
        """Ask about the alert under the cursor in a moment."""
        for timer in (self._rest, self._viewing):
            if timer is not None:
                timer.stop()
        self._rest = self.set_timer(REST_S, self.ask_detail)

    def ask_detail(self) -> None:
        """Ask about the alert under the cursor."""
        self._rest = None
        row = self.alert
        if row is None:
            self._wanted = None
            self.pane.show(None, self._fold_words())
            return
        self._wanted, self._wanted_us = row.id, self.clock()
        self.ask_store.detail(row.id)

    def _fold_words(self) -> str:
        """Return what is said where the cursor is on all alerts of a rule; empty: it is on nothing."""
        found = self.in_hand.under_cursor
        if found is None or not isinstance(found.what, Fold):
            return ""
        number, agents = found.what.number, len(found.what.agents)
        about = f" about {counted(agents, 'agent')}" if agents else ""
        return f"{counted(number, 'alert')} of one rule{about}. {self.glyphs.right} shows each of them."

    def on_alerts_known(self, message: AlertsKnown) -> None:
        """Ask about the alert again now and then: what happened to it may be known only by now."""
        current = message.question is self._asked and self._wanted is not None and self._rest is None
        if current and self.clock() - self._wanted_us >= _AGAIN_US:
            self.ask_detail()

    def on_alert_known(self, message: AlertKnown) -> None:
        """Show it, unless the cursor has moved on."""
        if message.alert_id != self._wanted:
            return
        self.pane.now_us = self.clock()
        self.pane.show(message.detail, "" if message.detail is not None else _GONE)
        if message.detail is not None and message.detail.row.state is AlertState.NEW:
            self._viewing = self.set_timer(VIEWED_S, partial(self._view, message.alert_id))

    def question_failed(self, group: str, error: str) -> None:
        """Say it in the pane as well."""
        if group == DETAIL_GROUP:
            self._wanted = None
            self.pane.show(None, _UNREAD, trouble=True)
        super().question_failed(group, error)

    # Looked at.

    @property
    def pane_in_sight(self) -> bool:
        """Whether the pane can be seen."""
        return self.is_active and (not self.has_class("-narrow") or self.has_class("-detail"))

    def _view(self, alert_id: int) -> None:
        """Note that it was looked at, if that is so."""
        self._viewing = None
        actions = self.tools.actions
        if actions is not None and self.pane_in_sight and alert_id == self._wanted:
            self.ask_store.viewed(actions, (alert_id,))

    def on_alerts_viewed(self, message: AlertsViewed) -> None:
        """Show that it is no longer new: at once, and what else has changed when it is known."""
        detail, shown = self.pane.detail, self.listed.shown
        if detail is not None:
            self.pane.show(replace(detail, row=looked_at(detail.row, message.alert_ids)))
        rows = tuple(looked_at(row, message.alert_ids) for row in shown.rows)
        self.listed.show(replace(shown, rows=rows), self.listed.now_us)
        self.ask()
