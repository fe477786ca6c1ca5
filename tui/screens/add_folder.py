"""Asks for a folder to watch."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui.glyphs import UNICODE, Glyphs
from tui.widgets.key_line import KeyLine
from tui.widgets.safe_input import SafeInput

if TYPE_CHECKING:
    from textual.app import ComposeResult

_EXPLAINED = (
    "A folder of JSON or JSONL event files, or of Claude Code transcripts: ~/.claude/projects. "
    "Folders in it are read too. Files are only read, never changed."
)


class AddFolderScreen(ModalScreen[str | None]):
    """The answer is a path as it was typed, or None where it was left. Whether it exists is for the caller to find."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", priority=True, show=False)]

    def __init__(self, *, glyphs: Glyphs = UNICODE) -> None:
        """Draw with these signs."""
        super().__init__()
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """Yield the dialog."""
        with Vertical(classes="dialog -ascii" if self._glyphs.ascii else "dialog") as dialog:
            dialog.border_title = " watch a folder "
            with Horizontal(classes="dialog-text"):
                yield Static("> ", markup=False, classes="prompt")
                yield SafeInput(placeholder="path of the folder", compact=True)
            yield Static(_EXPLAINED, markup=False, classes="explained")
            yield KeyLine(self._glyphs)

    def on_mount(self) -> None:
        """Give the focus to the text."""
        self.query_one(KeyLine).keys = ((self._glyphs.enter, "watch it from now on"), ("Esc", "close"))
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        path = message.value.strip()
        if path:
            self.dismiss(path)

    def action_leave(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)
