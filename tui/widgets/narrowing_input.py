"""The text above a list in a dialog: what is typed narrows the list, and `D` is the list's while nothing is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from tui.widgets.safe_input import SafeInput

if TYPE_CHECKING:
    from textual import events


class NarrowingInput(SafeInput):
    """A one-line input that hands `D` on while it is empty or an arrow key was pressed last."""

    class DropPressed(Message):
        """The row under the cursor is to be dropped."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__(placeholder="type to narrow", compact=True, select_on_focus=False)
        self.after_arrow = False
        """Set by the screen when up or down was pressed; typing resets it."""

    def on_key(self, event: events.Key) -> None:
        """Hand on what belongs to the list."""
        if event.key == "D" and (not self.value or self.after_arrow):
            event.stop()
            event.prevent_default()
            self.post_message(self.DropPressed())
        elif event.is_printable:
            self.after_arrow = False
