"""The Alerts tab: what its keys do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding
from textual.geometry import Offset

from store.filters.keys import Key
from store.filters.model import Filter
from tui.actions import Hint, Place, bindings_named, bindings_of, hint
from tui.alerts_query import TO_BE_LOOKED_AT, all_of_rule, evidence_of, of_events, with_rule
from tui.alerts_rows import Listed
from tui.maximising import give_back
from tui.messages import ShowEvents, ShowNotice
from tui.screens.alerts_copying import AlertsCopyingView
from tui.search_window import narrowed
from tui.widgets.alerts_board import InvariantBoard
from tui.widgets.alerts_histogram import AlertsHistogram
from tui.widgets.alerts_list import AlertsList
from tui.widgets.filter_line import FilterLine
from tui.widgets.hint_bar import HintBar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.binding import BindingType
    from textual.events import DescendantFocus, Resize
    from textual.message import Message
    from textual.widget import Widget

    from tui.query_completion import KnownValue, ValueQuestion
    from tui.query_messages import QueryChanged
    from tui.screens.alerts_facts import AlertsKnown
    from tui.screens.live_facts import QueryCounted
    from tui.widgets.alert_pane import AlertPane
    from tui.widgets.line_view import LineView
    from tui.widgets.query_line import QueryLine
    from tui.widgets.search_histogram import SearchHistogram

_NEXT: Final = Hint("Tab", "next pane", "screen.pane(1)")
_DECIDE: Final = (hint("decide"),)
_EVIDENCE: Final = Hint("↵", "evidence in Search", "screen.evidence")
_LOOK: Final = Hint("↵", "evidence", "focused.choose")
_REST: Final = (
    hint("pick('agent')", shown="a u t", label="filter"),
    hint("edit_filter"),
    hint("undo"),
    hint("copy_command"),
    hint("filter_cell(0)", shown="f F", label="this rule only/not"),
    hint("drop_last", shown="x X", label="drop/clear filter"),
    hint("copy_json"),
    hint("maximise"),
)
_ON_BOARD: Final = (Hint("↵", "its alerts", "focused.choose"), _NEXT, hint("maximise"), hint("back"))
_ON_BARS: Final = (
    Hint("← →", "choose", "focused.choose(1, False)"),
    Hint("↵", "narrow to it", "focused.narrow"),
    hint("back"),
    _NEXT,
)
_NOTHING_HERE: Final = (hint("clear_filter", label="all alerts"), hint("edit_filter"), hint("undo"))
_EVER: Final = 2**62
_NO_ALERT: Final = "There is no alert under the cursor."
_NO_EVENT: Final = "The events of this alert are no longer in the store."


class AlertsScreen(AlertsCopyingView):
    """What rules have found, with what shows it and what was decided."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_of(Place.ALERTS),
        *bindings_named(
            "pick('agent')", "pick('user')", "pick('type')", "filter_cell(0)", "filter_cell(1)", "edit_filter",
            "drop_last", "clear_filter", "copy_command", "copy_json", "views", "save_view", "thread", "back", "retry",
        ),
        Binding("tab", "pane(1)", show=False),
        Binding("shift+tab", "pane(-1)", show=False),
    ]  # fmt: skip

    _line: QueryLine | None = None
    _typed: Filter | None = None
    _front: LineView | None = None
    """The one of the panes below each other that is shown where there is room for one; None: the list."""

    def on_mount(self) -> None:
        """Show a maximised pane whole."""
        self.watch(self, "maximized", self._on_maximised)

    def on_alerts_list_moved(self) -> None:
        """Say what the keys do where the cursor is now."""
        self.show_hints()

    def on_alerts_known(self, message: AlertsKnown) -> None:
        """Say what the keys do by now."""
        del message
        self.call_after_refresh(self.show_hints)

    # Panes.

    @property
    def panes(self) -> Sequence[Widget]:
        """The panes that the focus goes round."""
        below = (pane for pane in (self.muted, self.board) if pane.wanted)
        beside = () if self.has_class("-empty") else (self.pane, self.query_one(AlertsHistogram))
        return self.listed, *below, *beside

    def action_pane(self, step: int) -> None:
        """Go to the next pane (the one before)."""
        panes, focused = self.panes, self.focused
        at = panes.index(focused) if focused in panes else 0
        self.go_to(panes[(at + step) % len(panes)])

    def go_to(self, pane: Widget) -> None:
        """Give the focus to a pane; where there is room for only one, show it."""
        if pane is not self.maximized:
            give_back(self)
        self.set_class(pane is self.pane, "-detail")
        self._front = next((one for one in self.stacked if one is pane), None)
        self._arrange()
        pane.focus()
        if pane is self.pane:
            self.ask_soon()

    def _arrange(self) -> None:
        if self.maximized is not None:
            return
        if self.one_at_a_time:
            for pane in self.stacked:
                pane.styles.height = "1fr"
                pane.display = pane is (self._front or self.listed)
        else:
            self.share_rows()

    def on_resize(self, event: Resize) -> None:
        """Show the panes that there is room for."""
        del event
        self.call_after_refresh(self._arrange)

    def _on_maximised(self, widget: Widget | None) -> None:
        if widget is None:
            self.call_after_refresh(self._arrange)
        elif widget in self.stacked:
            widget.styles.height = "1fr"

    def on_line_view_chosen(self, message: LineView.Chosen) -> None:
        """Show an alert's evidence, or the alerts of an invariant."""
        if isinstance(message.view, InvariantBoard) and message.view.statement is not None:
            self.set_filter(all_of_rule(message.view.statement.rule))
            self.go_to(self.listed)
        elif isinstance(message.view, AlertsList) and self.has_class("-narrow"):
            self.go_to(self.pane)
        elif isinstance(message.line.target, Listed):
            self.action_evidence()

    def action_evidence(self) -> None:
        """Show in Search the events that show the alert."""
        row = self.alert
        if row is None:
            self.post_message(ShowNotice(_NO_ALERT))
        else:
            self.post_message(ShowEvents(replace(evidence_of(row.id), utc=self.utc)))

    def on_alert_pane_evidence_chosen(self, message: AlertPane.EvidenceChosen) -> None:
        """Show in Search the events that show the alert."""
        self.post_message(ShowEvents(replace(evidence_of(message.detail.row.id), utc=self.utc)))

    def action_thread(self) -> None:
        """Show everything that belongs together with the chosen event, or with the last that shows the alert."""
        from tui.screens.thread import ThreadScreen  # noqa: PLC0415 (not needed for the first paint)

        detail, event = self.pane.detail, self.pane.event if self.pane.has_focus else None
        if event is None and detail is not None:
            event = next((one.event for one in reversed(detail.evidence) if one.hit), None)
        if event is None:
            self.post_message(ShowNotice(_NO_ALERT if detail is None else _NO_EVENT))
            return
        thread = ThreadScreen(self.service, event.id, clock=self.clock, glyphs=self.glyphs, utc=self.utc)
        thread.marks = self.marks
        self.push(thread, self._thread_left)

    def _thread_left(self, asked: Message | None) -> None:
        """Do here what was asked for in the thread."""
        if asked is not None:
            self.post_message(asked)

    # The filter.

    def set_filter(self, what: Filter) -> None:
        """Show what passes another filter, with its chips."""
        self._close_line()
        super().set_filter(what)

    def action_clear_filter(self) -> None:
        """Show every alert; where all are shown, those to be looked at."""
        self.set_filter(Filter() if self.what else TO_BE_LOOKED_AT)

    def action_filter_cell(self, without: int) -> None:
        """Keep only the alerts of the rule under the cursor, or leave them out."""
        found = self.in_hand.under_cursor
        if found is None:
            self.post_message(ShowNotice(_NO_ALERT))
        else:
            self.set_filter(with_rule(self.what, found.what.rule, without=bool(without)))

    def action_pick(self, name: str) -> None:
        """Ask which agent, user or type of event the alerts shall be about."""
        from tui.screens.picker import PickerQuestion, PickerScreen  # noqa: PLC0415 (not needed for the first paint)

        row, region = self.alert, self.in_hand.content_region
        own = None if row is None else {Key.AGENT: row.agent, Key.USER: row.user}.get(Key(name))
        question = PickerQuestion(
            field=Key(name),
            what=of_events(self.what).also(Filter.parsed("has:alert").expression),
            own=own,
            window=(-_EVER, _EVER),
            anchor=Offset(region.x + 2, region.y + 1),
        )
        self.push(PickerScreen(self.service, question, glyphs=self.glyphs), self.picked)

    async def query_line(self) -> QueryLine:
        """Return the line, which is there only while it is typed in."""
        from tui.query_values import StoreValues  # noqa: PLC0415 (not needed for the first paint)
        from tui.widgets.query_line import QueryLine  # noqa: PLC0415 (not needed for the first paint)

        if self._line is None:
            chips = self.query_one(FilterLine)
            values = StoreValues(self.service, lambda: (-_EVER, _EVER))

            def known(question: ValueQuestion) -> Sequence[KnownValue]:
                return values(replace(question, others=of_events(question.others)))

            self._line = QueryLine(self.glyphs, values=known, history=self.history, alerts=True)
            self._line.utc = self.utc
            chips.display = False
            await self.mount(self._line, after=chips)
        return self._line

    def leave_query(self) -> None:
        """Show the chips again, and go back to the list."""
        self._close_line()
        self.go_to(self.listed)

    def _close_line(self) -> None:
        if self._line is not None:
            self._typed = None
            self.ask_store.count(None)
            self._line.remove()
            self._line = None
            self.query_one(FilterLine).display = True

    def on_query_changed(self, message: QueryChanged) -> None:
        """Count what would pass."""
        self._typed = message.what
        self.ask_store.count(message.what)

    def on_query_counted(self, message: QueryCounted) -> None:
        """Show how many, unless something else has been typed since."""
        if self._line is not None and message.what is self._typed:
            self._line.passing, self._line.total = message.events, message.total

    def on_search_histogram_narrowed(self, message: SearchHistogram.Narrowed) -> None:
        """Show the alerts that were last seen in the chosen time."""
        self.set_filter(narrowed(self.what, message.start_us, message.end_us))
        self.go_to(self.listed)

    def on_search_histogram_left(self) -> None:
        """Go back to the list."""
        self.go_to(self.listed)

    # Again, and back.

    def action_retry(self) -> None:
        """Ask again."""
        self._told = False
        self.ask()
        self.ask_soon()

    def action_back(self) -> None:
        """Leave the query line, else go back to the list."""
        if self._line is not None:
            self._line.action_leave()
        else:
            self.go_to(self.listed)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Say what the keys do in the pane that has the focus now."""
        del event
        self.show_hints()

    def show_hints(self) -> None:
        """Say what the keys do now."""
        self.query_one(HintBar).hints = self._hints()

    def _hints(self) -> tuple[Hint, ...]:
        from tui.screens.live import QUERY_HINTS  # noqa: PLC0415 (a tab of its own)

        if self._line is not None and self._line.has_focus_within:
            return QUERY_HINTS
        if self.board.has_focus:
            return _ON_BOARD
        if self.query_one(AlertsHistogram).has_focus:
            return _ON_BARS
        if self.in_hand.under_cursor is None:
            return (*_NOTHING_HERE, _NEXT) if len(self.panes) > 1 else _NOTHING_HERE
        narrow = self.has_class("-narrow") and not self.pane.has_focus
        decide = _DECIDE if self.tools.actions is not None else ()
        return (*decide, _LOOK if narrow else _EVIDENCE, hint("thread"), _NEXT, *_REST)
