"""Asks why records of the quarantine are to be dropped; without a reason nothing is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from store.safe_text import safe_text
from tui.format import count
from tui.glyphs import UNICODE, Glyphs
from tui.widgets.key_line import KeyLine
from tui.widgets.safe_input import SafeInput

if TYPE_CHECKING:
    from textual.app import ComposeResult

_EXPLAINED: Final = (
    "What is kept of them here is dropped for good; the files stay as they are. That you did so, when and why is "
    "recorded as an event."
)
_MISSING: Final = "Say why: the reason is recorded."


class DiscardScreen(ModalScreen[str | None]):
    """The answer is the reason, never empty, or None where the dialog was left."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", priority=True, show=False)]

    def __init__(self, records: int, what: str, *, glyphs: Glyphs = UNICODE) -> None:
        """Ask about so many records; `what` says which (a reason, or a file and line)."""
        super().__init__()
        self._records = records
        self._what = what
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """Yield the dialog."""
        number = f"{count(self._records)} record{'' if self._records == 1 else 's'}"
        with Vertical(classes="dialog -ascii" if self._glyphs.ascii else "dialog") as dialog:
            dialog.border_title = f" discard {number} "
            yield Static(safe_text(self._what), markup=False, classes="explained -what")
            with Horizontal(classes="dialog-text"):
                yield Static("> ", markup=False, classes="prompt")
                yield SafeInput(placeholder="why they are not needed", compact=True, max_length=500)
            yield Static(_EXPLAINED, markup=False, classes="explained")
            yield Static("", markup=False, id="understood")
            yield KeyLine(self._glyphs)

    def on_mount(self) -> None:
        """Give the focus to the text."""
        self.query_one(KeyLine).keys = ((self._glyphs.enter, "discard for good"), ("Esc", "keep them"))
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        reason = message.value.strip()
        if reason:
            self.dismiss(reason)
            return
        understood = self.query_one("#understood", Static)
        understood.add_class("-wrong")
        understood.update(_MISSING)

    def action_leave(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)
