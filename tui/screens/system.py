"""The System tab: whether capturing works, and what to do where it does not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Container, Vertical, VerticalScroll
from textual.message import Message
from textual.worker import Worker, WorkerState

from store.safe_text import safe_text
from tui.actions import hint
from tui.messages import ShowNotice
from tui.screens.tab_screen import TabScreen
from tui.widgets.hint_bar import HintBar
from tui.widgets.line_view import LineView
from tui.widgets.system_figures import SystemFigures
from tui.widgets.system_pane import SystemPane
from tui.widgets.system_quarantine import SystemQuarantine
from tui.widgets.system_record import SystemRecord
from tui.widgets.system_sources import SystemSources
from tui.widgets.system_store import SystemStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.widget import Widget

    from store.service import Health, QueryService
    from tui.glyphs import Glyphs

EVERY_S = 1.0


class SystemScreen(TabScreen):
    """Asks for the health once a second while it is shown."""

    NUMBER: ClassVar[int] = 5
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (156, "-roomy")]  # noqa: RUF012 (as the base class declares it)

    @dataclass
    class HealthLoaded(Message):
        """How things are."""

        health: Health

    def __init__(self, service: QueryService, *, clock: Callable[[], int], glyphs: Glyphs) -> None:
        """Ask `service`; `clock` tells UTC microseconds."""
        super().__init__(glyphs)
        self._service = service
        self._clock = clock
        self._asking = False
        self._answered = True

    def compose_body(self) -> Iterable[Widget]:
        """Yield the panes."""
        with VerticalScroll(id="system", can_focus=False):
            yield SystemFigures()
            yield SystemSources()
            with Container(id="system-below"):
                with Vertical(id="system-quarantine"):
                    yield SystemQuarantine()
                    yield SystemRecord()
                yield SystemStore()

    def on_mount(self) -> None:
        """Ask now and from now on."""
        for view in self.query(LineView):
            view.glyphs = self.glyphs
        for pane in self.query(SystemPane):
            pane.utc = self.utc
        keys = (hint("add_folder"), hint("toggle_utc"), hint("maximise"), hint("tab(1)"), hint("quit"))
        self.query_one(HintBar).hints = keys
        self.query_one(SystemSources).focus()
        self.set_interval(EVERY_S, self.ask)
        self.ask()

    def watch_utc(self, utc: bool) -> None:  # noqa: FBT001 (Textual's signature)
        """Write times in UTC or in local time."""
        for pane in self.query(SystemPane):
            pane.utc = utc

    def on_screen_resume(self) -> None:
        """Ask at once when shown again."""
        self.ask()

    def ask(self) -> None:
        """Ask for the health, unless the last question is still open or nobody looks."""
        if self.is_active and not self._asking:
            self._asking = True
            self.run_worker(partial(self._ask), thread=True, exit_on_error=False, group="health")

    def _ask(self) -> None:
        self.post_message(self.HealthLoaded(self._service.health()))

    def on_system_screen_health_loaded(self, message: HealthLoaded) -> None:
        """Show how things are."""
        self._asking, self._answered = False, True
        now_us = self._clock()
        for pane in self.query(SystemPane):
            pane.now_us = now_us
            pane.health = message.health

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say that the store did not answer; it is asked again."""
        if event.state is WorkerState.ERROR:
            self._asking = False
            if self._answered:
                self.post_message(ShowNotice("The store did not answer; it is asked again.", trouble=True))
            self._answered = False

    def on_show_notice(self, message: ShowNotice) -> None:
        """Say something for a few seconds."""
        message.stop()
        self.notify(safe_text(message.text), markup=False, severity="error" if message.trouble else "information")

    def on_system_quarantine_highlighted(self, message: SystemQuarantine.Highlighted) -> None:
        """Show the bytes of the record under the cursor."""
        self.query_one(SystemRecord).entry = message.entry
