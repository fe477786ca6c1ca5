"""Deciding on alerts in the Alerts tab, and taking that back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from store.alerts.states import LIVE, Verdict
from store.filters.model import Filter
from tui.alert_words import OUTCOME, counted
from tui.alerts_cells import until_words
from tui.alerts_query import all_of_rule
from tui.alerts_rows import Fold
from tui.messages import ShowNotice
from tui.screens.alerts_detail import AlertsDetailView
from tui.screens.alerts_questions import ACTION_GROUP

if TYPE_CHECKING:
    from store.alerts.model import AlertRow, Decision
    from tui.screens.alerts_facts import DecisionTaken, DecisionUndone

_NOTHING_CHOSEN: Final = "There is no alert under the cursor to decide on."
_ONLY_LOOKING: Final = "Alerts can only be looked at here."
_NOTHING_TO_UNDO: Final = "None of your decisions stands that could be taken back."


class AlertsDecidingView(AlertsDetailView):
    """Asks what to decide, has it done, and says what was done."""

    @property
    def to_decide(self) -> AlertRow | None:
        """The alert under the cursor, or the first of a rule's that is left to decide on; None: there is none."""
        found = self.in_hand.under_cursor
        if found is None:
            return None
        return found.what.to_decide if isinstance(found.what, Fold) else found.what

    def action_decide(self) -> None:
        """Ask what to decide; on the line of a rule about all alerts that it stands for."""
        from tui.screens.decide import DecideScreen  # noqa: PLC0415 (not needed for the first paint)

        row, found = self.to_decide, self.in_hand.under_cursor
        if row is None or found is None or self.tools.actions is None:
            self.post_message(ShowNotice(_NOTHING_CHOSEN if row is None else _ONLY_LOOKING))
            return
        what, together = self.what, 1
        if isinstance(found.what, Fold):
            # Of several alerts only those change that are not decided on yet, so that none is a match for muted ones.
            what = (self.what or all_of_rule(row.rule)) if row.state in LIVE else Filter()
            together = found.what.number
        dialog = DecideScreen(
            row,
            self.service.alerts.preview,
            clock=self.clock,
            utc=self.utc,
            who=self.tools.who,
            what=what,
            together=together,
            scoped=self.tools.scoped,
            glyphs=self.glyphs,
        )
        self.push(dialog, self._answered)

    def _answered(self, decision: Decision | None) -> None:
        if decision is not None and self.tools.actions is not None:
            self.ask_store.decide(self.tools.actions, decision)

    def on_decision_taken(self, message: DecisionTaken) -> None:
        """Say what was done, and show how alerts stand now."""
        decision = message.decision
        until = ""
        if decision.until_us is not None:
            until = f" {until_words(decision.until_us, self.clock(), utc=self.utc)}"
        number = counted(message.decided.alerts, "alert")
        said = f"{number} {OUTCOME[decision.verdict]}{until} {self.glyphs.none} U undoes it"
        self.post_message(ShowNotice(said))
        self._show_anew()

    def action_undo(self) -> None:
        """Take the last decision back."""
        if self.tools.actions is None:
            self.post_message(ShowNotice(_ONLY_LOOKING))
        else:
            self.ask_store.undo(self.tools.actions)

    def on_decision_undone(self, message: DecisionUndone) -> None:
        """Say what was taken back."""
        undone = message.undone
        if undone is None:
            self.post_message(ShowNotice(_NOTHING_TO_UNDO))
            return
        what = "acknowledged" if undone.verdict is Verdict.ACKNOWLEDGE else OUTCOME[undone.verdict]
        number = counted(undone.alerts, "alert")
        stand = "stands" if undone.alerts == 1 else "stand"
        self.post_message(ShowNotice(f'Taken back: "{what}". {number} {stand} as before.'))
        self._show_anew()

    def _show_anew(self) -> None:
        self.ask()
        self.ask_soon()

    def question_failed(self, group: str, error: str) -> None:
        """Say that nothing was done."""
        if group == ACTION_GROUP:
            self.post_message(ShowNotice(f"Nothing was decided: {error}", trouble=True))
        else:
            super().question_failed(group, error)
