"""The verdicts of a decision, one below the other, each with what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.message import Message
from textual.reactive import reactive

from store.alerts.states import Verdict
from tui.alert_form import MEANING
from tui.alert_words import VERDICT_WORD
from tui.widgets.decide_choices import Confirm, radio
from tui.widgets.line import Line, pad
from tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAME: Final = 17


class VerdictList(LineView):
    """Shows all verdicts. The one under the cursor is chosen, at once."""

    chosen: reactive[Verdict] = reactive(Verdict.ACKNOWLEDGE)
    """The verdict that is chosen."""

    class VerdictChosen(Message):
        """Another verdict is chosen."""

        def __init__(self, verdict: Verdict) -> None:
            """Remember it."""
            super().__init__()
            self.verdict = verdict

    def build(self, width: int) -> Sequence[Line]:
        """Return a row for each verdict."""
        del width
        return [self._line(verdict) for verdict in Verdict]

    def _line(self, verdict: Verdict) -> Line:
        chosen = verdict is self.chosen
        name = pad(VERDICT_WORD[verdict], _NAME)
        return Line(
            (radio(self.glyphs, chosen=chosen), (name, "strong" if chosen else ""), (MEANING[verdict], "muted"))
        )

    def watch_cursor(self, before: int, after: int) -> None:
        """Choose the verdict under the cursor."""
        super().watch_cursor(before, after)
        if 0 <= after < len(Verdict):
            self.chosen = list(Verdict)[after]

    def watch_chosen(self, before: Verdict, after: Verdict) -> None:
        """Put the cursor there and tell of it."""
        self.cursor = list(Verdict).index(after)
        self.rebuild()
        if before is not after:
            self.post_message(self.VerdictChosen(after))

    def action_cursor(self, step: int) -> None:
        """Move to another verdict; from the first and the last on to the next field."""
        if not 0 <= self.cursor + step < len(self.lines):
            self.screen.focus_next() if step > 0 else self.screen.focus_previous()
            return
        super().action_cursor(step)

    def action_choose(self) -> None:
        """Leave Enter to the dialog."""
        self.post_message(Confirm())
