"""The panel of the Agents tab: asked for what the cursor rests on, and the budgets beside the dimensions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tui.agents_budget import nearest
from tui.messages import ShowEvents
from tui.screens.agents_facts import FactsQuestion
from tui.screens.agents_questions import FACTS_GROUP
from tui.screens.agents_view import AgentsView, label_of_nobody
from tui.widgets.agents_bars import AgentsByLine

if TYPE_CHECKING:
    from textual.events import Resize
    from textual.timer import Timer

    from tui.agents_rows import Answers
    from tui.screens.agents_facts import BudgetsKnown, FactsKnown, TableAnswered
    from tui.widgets.panel_agent import AgentPanel

PATIENCE_S: Final = 0.3
"""So long what is known of the row before stays, where that of the next takes its time."""
_CHOOSE: Final = "All of them together: choose a row to see more of it."
REST_S: Final = 0.1
"""So long the cursor stays on a row before anything is asked about it."""


class AgentsPanelView(AgentsView):
    """Shows below the table what is known of the row under the cursor."""

    _panel: AgentPanel | None = None
    _rest: Timer | None = None
    _facts_asked: FactsQuestion | None = None
    _facts_of: Answers | None = None
    _facts_shown: FactsQuestion | None = None

    @property
    def is_rested(self) -> bool:
        """Whether the panel shows what is known of the row under the cursor, and nothing more is on its way."""
        return self.is_answered and self._rest is None and self._facts_shown is self._facts_asked is not None

    def on_mount(self) -> None:
        """Make the panel once the table is on the screen."""
        self.call_after_refresh(self._mount_panel)

    def _mount_panel(self) -> None:
        from tui.widgets.panel_agent import AgentPanel  # noqa: PLC0415 (not needed for the first paint)

        self._panel = AgentPanel()
        self._panel.glyphs = self.glyphs
        self._panel.utc = self.utc
        self.mount(self._panel, after=self.table)
        self._ask_soon()

    def on_unmount(self) -> None:
        """Let no worker go on after the screen."""
        self._stop_asking()

    def watch_utc(self, utc: bool) -> None:  # noqa: FBT001 (Textual's signature)
        """Write times in UTC or in local time: days begin elsewhere."""
        super().watch_utc(utc)
        if self._panel is not None:
            self._panel.utc = utc
            self._facts_asked = None
            self._ask_soon()

    def on_resize(self, event: Resize) -> None:
        """Ask for what there is room for by now."""
        del event
        self._ask_soon()

    def on_agents_table_moved(self) -> None:
        """Ask about another row once the cursor rests on it."""
        self._ask_soon()

    def on_table_answered(self, message: TableAnswered) -> None:
        """Ask about the row again: its numbers may have moved."""
        if message.question is self._asked:
            self._ask_soon()
            if message.question.counts and self.budgets:
                self.ask_store.budgets(self.budgets, self.clock(), utc=self.utc)

    def on_budgets_known(self, message: BudgetsKnown) -> None:
        """Show the budget that is nearest to its limit."""
        self.query_one(AgentsByLine).budget = nearest(message.states, utc=self.utc)

    def _ask_soon(self) -> None:
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(REST_S, self.ask_facts)

    def ask_facts(self) -> None:
        """Ask about the row under the cursor, unless that was done or nobody could see the answer."""
        self._rest = None
        answers, row, panel = self.answers, self.table.current, self._panel
        if panel is None:
            return
        if answers is None or answers.usage is None or row is None:
            self._stop_asking()
            panel.facts, panel.notice = None, _CHOOSE if self.table.on_total else ""
            panel.display = self.table.on_total or not self.is_answered
            return
        rows = self.table.shown.rows
        place = (self.table.view.cursor + 1, len(rows))
        asked, before = self._facts_asked, self._facts_of
        same = asked is not None and (asked.by, asked.value) == (answers.by, row.value)
        if same and before is not None and before.usage is answers.usage:
            return
        self._stop_asking()
        self._facts_of = answers
        self._facts_asked = FactsQuestion(
            self.shown_filter, answers.by, row.value, answers.window, self.clock(), self.utc, place
        )
        panel.display = True
        self.ask_store.facts(self._facts_asked)
        self.set_timer(PATIENCE_S, self._say_waiting)

    def _say_waiting(self) -> None:
        """Leave nobody with what is known of another row, where an answer takes its time."""
        asked, panel = self._facts_asked, self._panel
        if asked is None or panel is None or asked is self._facts_shown:
            return
        facts = panel.facts
        if facts is None or (facts.dimension, facts.value) != (asked.by, asked.value):
            panel.about = asked.value or label_of_nobody(asked.by)
            panel.facts, panel.notice = None, ""

    def _stop_asking(self) -> None:
        if self._facts_asked is not None:
            self._facts_asked.stop.set()
        self._facts_asked = None

    def on_facts_known(self, message: FactsKnown) -> None:
        """Show what is known, unless the cursor has gone on."""
        if message.question is self._facts_asked and self._panel is not None:
            self._facts_shown = message.question
            self._panel.facts, self._panel.notice = message.facts, ""

    def on_agent_panel_open_events(self, message: AgentPanel.OpenEvents) -> None:
        """Show the events behind a number of the panel."""
        self.post_message(ShowEvents(replace(message.what, utc=self.utc)))

    def question_failed(self, group: str, error: str) -> None:
        """Let the row be asked about again."""
        if group == FACTS_GROUP and self._panel is not None:
            self._facts_asked = None
            self._panel.facts, self._panel.notice = None, "This could not be read."
        super().question_failed(group, error)
