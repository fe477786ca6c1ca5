"""The text of a picker. Space is the list's; while the text is empty or after an arrow key, so are `-`, left, right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from tui.widgets.safe_input import SafeInput

if TYPE_CHECKING:
    from textual import events

STEERING = frozenset({"minus", "left", "right"})


class PickerInput(SafeInput):
    """A one-line input that hands steering keys on. Names contain `-`, so it is text once something was typed."""

    class Steered(Message):
        """A key that belongs to the list: `space`, `minus`, `left` or `right`."""

        def __init__(self, key: str) -> None:
            """Remember the key."""
            super().__init__()
            self.key = key

    def __init__(self) -> None:
        """Start empty."""
        super().__init__(placeholder="type to narrow", compact=True, select_on_focus=False)
        self.after_arrow = False
        """Set by the screen when up or down was pressed; typing resets it."""

    def on_key(self, event: events.Key) -> None:
        """Hand steering keys to the list."""
        steering = event.key in STEERING and (not self.value or self.after_arrow)
        if steering or event.key == "space":
            event.stop()
            event.prevent_default()
            self.post_message(self.Steered(event.key))
        elif event.is_printable:
            self.after_arrow = False
