"""What the panes of the System tab share: the health they show, the present time, and how to write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.reactive import reactive

from tui import format as fmt
from tui.system_rates import Rates
from tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from store.health import Health


class SystemPane(LineView):
    """Base of the panes. Until `health` is there, each shows where its numbers will be."""

    health: reactive[Health | None] = reactive(None)
    """What is shown; None: being read."""
    rates: reactive[Rates] = reactive(Rates())
    """What follows from comparing `health` with the answers before."""
    now_us = reactive(0)
    """The time that "… ago" counts from, UTC microseconds."""
    utc = reactive(default=False)
    """Whether times are in UTC instead of local time."""

    def show(self, health: Health, rates: Rates, now_us: int) -> None:
        """Take over an answer as a whole, so that the lines are built once."""
        self.set_reactive(SystemPane.now_us, now_us)
        self.set_reactive(SystemPane.rates, rates)
        self.set_reactive(SystemPane.health, health)
        before = len(self.lines)
        self.rebuild()
        if len(self.lines) != before:
            self.refresh(layout=True)

    def watch_health(self) -> None:
        """Show what is known now."""
        self.rebuild()

    watch_now_us = watch_utc = watch_health

    def ago(self, time_us: int | None) -> str:
        """Return how long ago a time was; `never` for None."""
        return "never" if time_us is None else fmt.ago(self.now_us - time_us)
