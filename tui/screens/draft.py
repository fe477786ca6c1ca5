"""Turns the present filter into a rule: shows it, tries it on history, and saves it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Static
from textual.worker import Worker, WorkerState

from detect.backtest.words import progress, remarks, verdict
from detect.drafts import LONGEST_TITLE, Draft, NameTakenError, NoDraftError
from store.alerts.states import Level
from store.filters.model import Filter
from tui.screens.draft_testing import HistoryTest, NotTested, Tested, TestedOn
from tui.widgets.decide_choices import Choice, ChoiceRow
from tui.widgets.draft_lines import DraftLevel, DraftLines, DraftResult
from tui.widgets.key_line import KeyLine
from tui.widgets.line_view import LineView
from tui.widgets.safe_input import SafeInput

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from textual import events
    from textual.app import ComposeResult

    from detect.backtest.model import BackTest
    from store.service import QueryService
    from tui.draft_tools import RuleKeeping
    from tui.glyphs import Glyphs
    from tui.widgets.line import Span

DAYS: Final = 30
"""Over so many days a draft is tried."""
_DAY_US: Final = 86_400_000_000
_LABEL: Final = "Filter       "
_NOT_ANSWERED: Final = "The store did not answer: close this and press D again."
_MICROSECOND: Final = 1
_LOW: Final = 27
"""Screens with fewer rows leave out what only separates."""


class DraftScreen(ModalScreen[Path | Filter | None]):
    """The answer is the file of a rule that was saved, a filter of what it would have found, or None: it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", priority=True, show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
    ]

    @dataclass
    class Tried(Message):
        """It was tried to save the rule: there is a file, or an error."""

        path: Path | None
        error: str = ""

    def __init__(
        self,
        service: QueryService,
        what: Filter,
        keeping: RuleKeeping,
        rule_id: UUID,
        *,
        clock: Callable[[], int],
        glyphs: Glyphs,
    ) -> None:
        """Draft a rule of a filter, try it on what `service` sees, and let `keeping` save it.

        Raises:
            NoDraftError: no rule can be made of the filter.
        """
        super().__init__()
        self.draft: Draft = keeping.draft(what, rule_id)
        self._what = what
        self._id = rule_id
        self._keeping = keeping
        self._clock = clock
        self._glyphs = glyphs
        self._history = HistoryTest(self, service)
        self._test: BackTest | None = None
        self._missing = ""
        """Why there is no draft of what was typed; empty: there is one."""
        self._saving = False

    def compose(self) -> ComposeResult:
        """Yield the dialog."""
        with Vertical(classes="dialog -ascii" if self._glyphs.ascii else "dialog") as dialog:
            dialog.border_title = " Draft a rule "
            yield DraftLines(_LABEL, id="draft-filter")
            with Horizontal(id="draft-title"):
                yield Static("Title        ", markup=False, classes="label")
                yield SafeInput(self.draft.title, compact=True, max_length=LONGEST_TITLE, select_on_focus=False)
            yield DraftLevel("Level", id="draft-level")
            yield DraftLines(id="draft-text")
            yield DraftResult(id="draft-result")
            yield DraftLines(id="draft-said")
            yield KeyLine(self._glyphs)

    def on_mount(self) -> None:
        """Show the draft, and begin to try it."""
        for view in self.query(LineView):
            view.glyphs = self._glyphs
        level = self.query_one(DraftLevel)
        level.choices = tuple(Choice(one, one.value) for one in Level)
        level.chosen = self.draft.level
        self.query_one("#draft-filter", DraftLines).texts = (
            (self.draft.query.text, "strong"),
            *((note, "muted") for note in self.draft.notes),
        )
        self._show()
        self._say_found(("testing on history", "muted"))
        self._history.begin(self.draft.rule, self._clock() - DAYS * _DAY_US)
        self.query_one(Input).focus()
        self._show_keys()

    def on_resize(self, event: events.Resize) -> None:
        """Leave out what only separates where rows are few."""
        self.set_class(event.size.height < _LOW, "-low")

    def on_unmount(self) -> None:
        """Let no worker go on after the dialog."""
        self._history.call_off()

    # The draft.

    def _make(self, *, title: str | None = None, level: Level | None = None) -> None:
        title = self.query_one(Input).value if title is None else title
        try:
            self.draft = self._keeping.draft(self._what, self._id, title=title, level=level or self.draft.level)
        except NoDraftError as error:
            self._missing = str(error)
        else:
            self._missing = ""
        self._show()

    def _show(self) -> None:
        rows = self.draft.text.rstrip("\n").split("\n")
        self.query_one("#draft-text", DraftLines).texts = tuple((row, "") for row in rows)
        self._say(self._missing, trouble=True)

    @on(Input.Changed)
    def _title_typed(self, message: Input.Changed) -> None:
        self._make(title=message.value)

    @on(ChoiceRow.Taken)
    def _level_taken(self, message: ChoiceRow.Taken) -> None:
        if isinstance(message.value, Level):
            self._make(level=message.value)

    def _say(self, text: str, *, trouble: bool = False) -> None:
        self.query_one("#draft-said", DraftLines).texts = ((text, "warning" if trouble else "muted"),) if text else ()

    # What it would have found.

    def _say_found(self, *texts: Span) -> None:
        self.query_one(DraftResult).texts = texts

    def on_tested_on(self, message: TestedOn) -> None:
        """Say how far the test is."""
        if self._history.is_going:
            self._say_found((f"Testing {progress(message.testing).strip()}", "muted"))

    def on_tested(self, message: Tested) -> None:
        """Say what it would have found."""
        self._history.is_over()
        self._test = test = message.test
        said = verdict(test)
        self._say_found(
            (f"{said[:1].upper()}{said[1:]}.", "strong" if test.incidents else ""),
            *((remark, "muted") for remark in remarks(test)),
        )
        self.query_one(DraftResult).leads = bool(test.incidents)
        self._show_keys()

    def on_not_tested(self, message: NotTested) -> None:
        """Say why it is not known."""
        self._not_tested(message.reason)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say that nothing will come of it."""
        if event.state is WorkerState.ERROR:
            self._saving = False
            self._not_tested(_NOT_ANSWERED)

    def _not_tested(self, reason: str) -> None:
        self._history.is_over()
        self._say_found((f"Not tested: {reason}", "warning"))
        self._show_keys()

    @on(LineView.Chosen, "#draft-result")
    def _shown(self) -> None:
        if self._test is not None and self._test.incidents:
            first_us = min(one.first_us for one in self._test.incidents)
            last_us = max(one.last_us for one in self._test.incidents)
            window = Filter.of(since_us=first_us, before_us=last_us + _MICROSECOND)
            self.dismiss(self.draft.query.also(window.expression))

    # Keys.

    def on_descendant_focus(self) -> None:
        """Say what Enter does here."""
        self._show_keys()

    def _show_keys(self) -> None:
        enter, lines = self._glyphs.enter, self.query_one(KeyLine)
        leave = ("Esc", "stop testing" if self._history.is_going else "close")
        if isinstance(self.focused, DraftResult):
            found = ((enter, "show them in Search"),) if self.focused.leads else ()
            lines.keys = (*found, ("Tab", "title"), leave)
        elif isinstance(self.focused, ChoiceRow):
            left_right = f"{self._glyphs.left} {self._glyphs.right}"
            lines.keys = ((left_right, "level"), (enter, "save"), ("Tab", "what it found"), leave)
        else:
            lines.keys = ((enter, "save"), ("Tab", "level, what it found"), leave)

    @on(Input.Submitted)
    @on(LineView.Chosen, "#draft-level")
    def action_save(self) -> None:
        """Save the rule."""
        if self._missing:
            self._say(self._missing, trouble=True)
        elif not self._saving:
            self._saving = True
            work = partial(self._save, self._keeping, self.draft)
            self.run_worker(work, thread=True, exit_on_error=False, group="save")

    def _save(self, keeping: RuleKeeping, draft: Draft) -> None:
        try:
            self.post_message(self.Tried(keeping.save(draft.title, draft.text)))
        except (NameTakenError, OSError) as error:
            self.post_message(self.Tried(None, str(error)))

    def on_draft_screen_tried(self, message: Tried) -> None:
        """Leave, or say why it is not saved."""
        self._saving = False
        if message.path is None:
            self._say(f"Not saved: {message.error}", trouble=True)
        else:
            self.dismiss(message.path)

    def action_leave(self) -> None:
        """Stop the test; without one leave."""
        if self._history.is_going:
            self._history.call_off()
        else:
            self.dismiss(None)
