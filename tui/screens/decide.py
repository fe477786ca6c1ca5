"""Asks what is to become of an alert."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from store.alerts.model import Decision
from store.alerts.states import LONGEST_REASON, Reach
from store.errors import StoreError
from tui.alert_form import Form, Missing
from tui.alert_preview import preview_words
from tui.alert_until import Until
from tui.glyphs import UNICODE, Glyphs
from tui.screens import decide_parts as parts
from tui.screens.decide_facts import Previewed
from tui.widgets.decide_buttons import DecideButtons
from tui.widgets.decide_choices import ChoiceRow
from tui.widgets.decide_verdicts import VerdictList
from tui.widgets.decide_words import DecideRule, DecideWords
from tui.widgets.line_view import LineView
from tui.widgets.safe_input import SafeInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import ComposeResult

    from store.alerts.model import AlertRow, DecisionPreview
    from store.filters.model import Filter

_LOW: Final = 27
"""Screens with fewer rows leave out what only separates."""


class DecideScreen(ModalScreen[Decision | None]):
    """The answer is a decision that lacks nothing, or None where the dialog was left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", priority=True, show=False),
        Binding("enter", "decide", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
    ]

    def __init__(
        self,
        row: AlertRow,
        preview: Callable[[Decision], DecisionPreview],
        *,
        clock: Callable[[], int],
        utc: bool,
        who: str = "",
        what: Filter | None = None,
        scoped: bool = False,
        together: int = 1,
        glyphs: Glyphs = UNICODE,
    ) -> None:
        """Decide on `row`; `preview` is asked in a thread what a decision would be about.

        `clock` tells UTC microseconds, `who` decides (empty: not known), `what` is the present filter (None or empty:
        there is none to choose), `scoped`: only some tenants may be seen, so that it can be about this alert alone.
        `together`: so many alerts of its rule were one line under the cursor; it begins with all that `what` finds.
        """
        super().__init__()
        self.form = Form.begun(row, what, scoped=scoped, together=together)
        self._preview = preview
        self._clock = clock
        self._utc = utc
        self._who = who
        self._glyphs = glyphs
        self._asking: Decision | None = None
        self._asked_for: Missing | None = None
        """What was missing when somebody wanted to decide."""

    def compose(self) -> ComposeResult:
        """Yield the dialog."""
        with Vertical(classes="dialog -ascii" if self._glyphs.ascii else "dialog"):
            yield DecideWords(id="decide-head")
            yield Static("Decision", markup=False, id="decide-title")
            yield VerdictList()
            yield DecideWords(id="reason-head")
            yield SafeInput(
                id="reason", compact=True, max_length=LONGEST_REASON, select_on_focus=False, placeholder="why"
            )
            yield ChoiceRow("Applies to", id="reach")
            yield DecideWords(id="reach-words")
            yield ChoiceRow("Until", id="until")
            with Horizontal(id="typed-row"):
                yield SafeInput(id="typed", compact=True, max_length=40, select_on_focus=False, placeholder="18:00")
                yield DecideWords(id="end-words")
            yield DecideRule()
            yield DecideWords(id="preview")
            yield DecideWords(id="written")
            yield DecideButtons(self._glyphs)

    def on_mount(self) -> None:
        """Fill the rows, and begin at the verdict."""
        for view in self.query(LineView):
            view.glyphs = self._glyphs
        self._say("written", *parts.written_words(self._who))
        self._show()
        self._ask()
        self.query_one(VerdictList).focus()

    def on_resize(self, event: events.Resize) -> None:
        """Leave out what only separates where rows are few."""
        self.set_class(event.size.height < _LOW, "-low")

    # What is shown.

    def _say(self, name: str, *spans: tuple[str, str]) -> None:
        self.query_one(f"#{name}", DecideWords).spans = spans

    def _show(self) -> None:
        """Show the form as it is now."""
        form, now_us = self.form, self._clock()
        missing = form.missing(now_us, utc=self._utc)
        self.query_one(".dialog").border_title = f" {parts.title(form)} "
        self._say("decide-head", *parts.head(form, self._glyphs))
        self._say("reason-head", *parts.reason_head(form, asked=self._asked_for is Missing.REASON))
        self._say("reach-words", *parts.reach_words(form))
        self._show_choices()
        typed = form.stands and form.ending is Until.TYPED
        for one in ("#typed", "#end-words"):
            self.query_one(one).visible = typed
        asked = self._asked_for is Missing.END
        self._say("end-words", *(parts.end_words(form, now_us, utc=self._utc, asked=asked) if typed else ()))
        buttons = self.query_one(DecideButtons)
        buttons.effect, buttons.ready = form.button(now_us, utc=self._utc), missing is None

    def _show_choices(self) -> None:
        reach, until = self.query_one("#reach", ChoiceRow), self.query_one("#until", ChoiceRow)
        reach.choices, reach.chosen = parts.reach_choices(self.form), self.form.reach
        until.visible = self.form.stands
        if self.form.stands:
            until.choices, until.chosen = parts.until_choices(self.form), self.form.ending

    # What is chosen and typed.

    def _change(self, form: Form) -> None:
        question = self.form.question
        self.form = form
        self._show()
        if form.question != question:
            self._ask()

    def on_verdict_list_verdict_chosen(self, message: VerdictList.VerdictChosen) -> None:
        """Take the verdict."""
        self._asked_for = None
        self._change(replace(self.form, verdict=message.verdict))

    @on(ChoiceRow.Taken, "#reach")
    def _reach_taken(self, message: ChoiceRow.Taken) -> None:
        self._change(replace(self.form, reach=cast("Reach", message.value)))

    @on(ChoiceRow.Taken, "#until")
    def _until_taken(self, message: ChoiceRow.Taken) -> None:
        self._asked_for = None
        self._change(replace(self.form, until=cast("Until", message.value)))

    @on(Input.Changed, "#reason")
    def _reason_changed(self, message: Input.Changed) -> None:
        self._change(replace(self.form, reason=message.value))

    @on(Input.Changed, "#typed")
    def _typed_changed(self, message: Input.Changed) -> None:
        self._change(replace(self.form, typed=message.value))

    # What it would be about: one question at a time, and only the last one's answer is shown.

    def _ask(self) -> None:
        self._say("preview", (f"{self._glyphs.pending} counting", "faint"))
        if self._asking is None:
            self._asking = self.form.question
            work = partial(self._count, self._asking)
            self.run_worker(work, thread=True, exit_on_error=False, group="preview")

    def _count(self, question: Decision) -> None:
        try:
            self.post_message(Previewed(question, self._preview(question)))
        except StoreError as error:
            self.post_message(Previewed(question, None, str(error)))

    def on_previewed(self, message: Previewed) -> None:
        """Say it, or ask again where something else is chosen by now."""
        self._asking = None
        if message.question != self.form.question:
            self._ask()
        elif message.found is None:
            self._say("preview", (f"{self._glyphs.failure} ", "error"), (message.why, "muted"))
        else:
            self._say("preview", *preview_words(message.question, message.found))

    # Deciding.

    # Enter takes the same way as the keys before it, and is no priority binding: that would overtake them, and decide
    # something else than was chosen.

    def on_confirm(self) -> None:
        """Decide, as Enter does."""
        self.action_decide()

    def on_input_submitted(self) -> None:
        """Decide, as Enter does."""
        self.action_decide()

    def on_decide_buttons_leave(self) -> None:
        """Leave, as Esc does."""
        self.action_leave()

    def action_decide(self) -> None:
        """Decide; where something is missing say so, and go there."""
        self._gather()
        now_us = self._clock()
        self._asked_for = self.form.missing(now_us, utc=self._utc)
        if self._asked_for is None:
            self.dismiss(self.form.decision(now_us, utc=self._utc))
            return
        self._show()
        self.query_one("#reason" if self._asked_for is Missing.REASON else "#typed").focus()

    def _gather(self) -> None:
        """Take what the fields hold: what they have told of it may still be on its way."""
        self.form = replace(
            self.form,
            verdict=self.query_one(VerdictList).chosen,
            reach=cast("Reach", self.query_one("#reach", ChoiceRow).chosen),
            reason=self.query_one("#reason", Input).value,
            typed=self.query_one("#typed", Input).value,
        )

    def action_leave(self) -> None:
        """Leave without a decision."""
        self.dismiss(None)
