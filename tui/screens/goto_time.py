"""Asks for a time to go to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from store.filters.time_text import ACCEPTED, read_time
from tui import format as fmt
from tui.glyphs import UNICODE, Glyphs
from tui.widgets.key_line import KeyLine
from tui.widgets.safe_input import SafeInput

if TYPE_CHECKING:
    from textual.app import ComposeResult


class GotoTimeScreen(ModalScreen[int | None]):
    """The answer is a time in UTC microseconds, or None where it was left. Says what was understood while typing."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", priority=True, show=False)]

    def __init__(self, *, now_us: int, utc: bool, glyphs: Glyphs = UNICODE) -> None:
        """Read times relative to `now_us` (UTC microseconds), in UTC or in local time."""
        super().__init__()
        self._now_us = now_us
        self._utc = utc
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """Yield the dialog."""
        with Vertical(classes="dialog -ascii" if self._glyphs.ascii else "dialog") as dialog:
            dialog.border_title = " go to a time "
            with Horizontal(classes="dialog-text"):
                yield Static("> ", markup=False, classes="prompt")
                yield SafeInput(placeholder="14:02", compact=True)
            yield Static("", markup=False, id="understood")
            yield KeyLine(self._glyphs)

    def on_mount(self) -> None:
        """Say what can be typed."""
        self.query_one(KeyLine).keys = ((self._glyphs.enter, "go"), ("Esc", "close"))
        self.query_one(Input).focus()
        self._show("")

    def _read(self, text: str) -> int | None:
        now = datetime.fromtimestamp(self._now_us / fmt.MICROS, tz=UTC)
        try:
            return read_time(text, now=now, utc=self._utc)
        except ValueError:
            return None

    def _show(self, text: str) -> None:
        line = self.query_one("#understood", Static)
        time_us = self._read(text)
        line.set_class(bool(text.strip()) and time_us is None, "-wrong")
        if not text.strip():
            line.update(f"such as {ACCEPTED}")
        elif time_us is None:
            line.update(f"not a time yet: {ACCEPTED}")
        else:
            zone = fmt.zone_offset(time_us, utc=self._utc)
            line.update(f"{fmt.full_time(time_us, utc=self._utc)} {zone} · {fmt.ago(self._now_us - time_us)}")

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        self._show(message.value)

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        time_us = self._read(message.value)
        if time_us is not None:
            self.dismiss(time_us)

    def action_leave(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)
