"""The help screen: every key, from the one table of actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from tui.glyphs import UNICODE, Glyphs
from tui.widgets.help_lines import HelpLines
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from textual.app import ComposeResult


class HelpScreen(ModalScreen[None]):
    """Shows what the keys do until a key closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,enter", "leave", priority=True, show=False),
    ]

    def __init__(self, *, glyphs: Glyphs = UNICODE) -> None:
        """Draw with these signs."""
        super().__init__()
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """Yield the table and how to leave it."""
        with Vertical(id="help", classes="-ascii" if self._glyphs.ascii else "") as box:
            box.border_title = " what the keys do "
            yield HelpLines()
            yield KeyLine(self._glyphs)

    def on_mount(self) -> None:
        """Let arrows scroll."""
        self.query_one(KeyLine).keys = (("Up Down", "scroll"), ("Esc", "close"))
        lines = self.query_one(HelpLines)
        lines.glyphs = self._glyphs
        lines.focus()

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)
