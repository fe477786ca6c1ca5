"""The tabs: which there are, and how each is made when it is shown for the first time."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Final

from tui.alerts_tools import AlertsTools
from tui.marks import Marks
from tui.query_history import QueryHistory
from tui.screens.filtered_screen import FilteredScreen
from tui.screens.live import LiveScreen
from tui.system_tools import SystemTools
from tui.view_tools import ViewTools

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from config.budgets import Budget
    from store.filters.model import Filter
    from store.service import QueryService
    from tui.capture import Capture
    from tui.glyphs import Glyphs
    from tui.screens.tab_screen import TabScreen

MODES: Final = {1: "live", 2: "search", 3: "agents", 4: "alerts", 5: "system"}
"""The name of each tab's mode, by its number."""

AHEAD_S: Final = 1.0
"""So long after the first paint the other tabs are loaded."""
_NOT_AT_FIRST: Final = ("tui.screens.search", "tui.screens.agents", "tui.screens.alerts", "tui.screens.system")


def load_ahead() -> None:
    """Load what the other tabs are made of, so that they open at once; for a thread, when the first one is painted."""
    for name in _NOT_AT_FIRST:
        import_module(name)


@dataclass(frozen=True, slots=True)
class TabParts:
    """What tabs are made of. Only the tabs that need them get `tools`, `views`, `history`, `budgets` and `alerts`."""

    service: QueryService
    capture: Capture
    clock: Callable[[], int]
    glyphs: Glyphs
    tools: SystemTools = field(default_factory=SystemTools)
    views: ViewTools = field(default_factory=ViewTools)
    history: QueryHistory = field(default_factory=QueryHistory)
    budgets: Sequence[Budget] = ()
    alerts: AlertsTools = field(default_factory=AlertsTools)
    marks: Marks = field(default_factory=Marks)

    def make(self, number: int, what: Filter) -> TabScreen:
        """Return a new screen for the tab with that number; `what` is the present filter."""
        tab = {1: self._live, 2: self._search, 3: self._agents, 4: self._alerts, 5: self._system}[number]()
        if isinstance(tab, FilteredScreen):
            tab.history, tab.view_tools, tab.marks = self.history, self.views, self.marks
            if not tab.OWN_FILTER:
                tab.set_reactive(FilteredScreen.what, what)
        return tab

    def _live(self) -> TabScreen:
        return LiveScreen(self.service, self.capture.describe, clock=self.clock, glyphs=self.glyphs)

    def _search(self) -> TabScreen:
        from tui.screens.search import SearchScreen  # noqa: PLC0415 (not needed for the first paint)

        return SearchScreen(self.service, clock=self.clock, glyphs=self.glyphs)

    def _agents(self) -> TabScreen:
        from tui.screens.agents import AgentsScreen  # noqa: PLC0415 (not needed for the first paint)

        return AgentsScreen(self.service, clock=self.clock, glyphs=self.glyphs, budgets=self.budgets)

    def _alerts(self) -> TabScreen:
        from tui.screens.alerts import AlertsScreen  # noqa: PLC0415 (not needed for the first paint)

        return AlertsScreen(self.service, clock=self.clock, glyphs=self.glyphs, tools=self.alerts)

    def _system(self) -> TabScreen:
        from tui.screens.system import SystemScreen  # noqa: PLC0415 (not needed for the first paint)

        return SystemScreen(self.service, clock=self.clock, glyphs=self.glyphs, tools=self.tools)
