"""The application: themes, tabs, dialogs. What a tab does is in its screen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.reactive import reactive

from assets import find, names
from store.filters.model import Filter
from tui.actions import Place, bindings_of
from tui.alerts_tools import AlertsTools
from tui.alerts_watch import AlertsCounted, AlertsWatch
from tui.folders import Folders
from tui.format import now_us
from tui.glyphs import glyphs_for
from tui.header_state import HeaderState
from tui.maximising import MaximisingApp
from tui.messages import AddFolder, HeaderChanged, RetryFolder, ShowEvents, ShowTab
from tui.query_history import QueryHistory
from tui.screens.filtered_screen import FilteredScreen
from tui.system_tools import SystemTools
from tui.tabs import AHEAD_S, MODES, TabParts, load_ahead
from tui.themes import OWN_THEMES, ink_defaults
from tui.view_tools import ViewTools

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.binding import BindingType
    from textual.command import Provider
    from textual.screen import Screen

    from config.settings import Settings
    from store.service import QueryService
    from tui.capture import Capture
    from tui.screens.tab_screen import TabScreen

_AGENTS = 3
"""The tab whose numbers lead to events in Search."""


def _palette() -> type[Provider]:
    from tui.palette import ActionProvider  # noqa: PLC0415 (not needed for the first paint)

    return ActionProvider


class AuditailApp(MaximisingApp):
    """The dashboard over one store. `service` answers every question; `clock` tells UTC microseconds."""

    TITLE = "auditail"
    DEFAULT_MODE = "live"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_palette}
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(Place.APP)]

    utc: reactive[bool] = reactive(default=False)
    """Show times in UTC instead of local time."""
    header: reactive[HeaderState] = reactive(HeaderState())
    """What every tab bar says at its right."""

    def __init__(
        self,
        service: QueryService,
        *,
        settings: Settings,
        capture: Capture,
        clock: Callable[[], int] = now_us,
        tools: SystemTools | None = None,
        views: ViewTools | None = None,
        what: Filter | None = None,
        history: QueryHistory | None = None,
        alerts: AlertsTools | None = None,
    ) -> None:
        """Look at what `service` can see; `capture` is asked what is watched and to watch more.

        `tools`, `views`, `alerts`: what tabs may do; `what`: the filter to begin with; `history`: earlier ones.
        """
        self._glyphs = glyphs_for(ascii_only=settings.ui.ascii)
        self._folders = Folders(self, capture, self._glyphs)
        self._watch = AlertsWatch(self, service, clock, bell=settings.alerts.bell)
        searched = QueryHistory() if history is None else history
        parts = (tools or SystemTools(), views or ViewTools(), searched, settings.budgets, alerts or AlertsTools())
        self._parts = TabParts(service, capture, clock, self._glyphs, *parts)
        self._what = what or Filter()
        self._opened: tuple[Filter, Filter] | None = None
        """What was shown to see the events behind a number, and the filter that the number was counted under."""
        self._tabs: dict[int, TabScreen] = {}
        super().__init__(css_path=[find(name) for name in names("tcss", ".tcss")])
        for theme in OWN_THEMES:
            self.register_theme(theme)
        self.theme = settings.ui.theme if settings.ui.theme in self.available_themes else OWN_THEMES[0].name
        self.set_reactive(AuditailApp.utc, settings.ui.utc)
        for number, mode in MODES.items():
            self.add_mode(mode, partial(self._make_tab, number))  # pyright: ignore[reportUnknownMemberType]  (Textual's)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return our extra colours for themes that lack them."""
        return ink_defaults(self.current_theme)

    def on_ready(self) -> None:
        """Keep an eye on alerts, and load the other tabs once the first one has settled."""
        self._watch.start()
        self.set_timer(AHEAD_S, partial(self.run_worker, load_ahead, thread=True, exit_on_error=False))

    def _make_tab(self, number: int) -> Screen[None]:
        tab = self._parts.make(number, self._what)
        tab.set_reactive(type(tab).utc, self.utc)
        tab.set_reactive(type(tab).header, self.header)
        tab.set_reactive(type(tab).alerts, self._watch.counts)
        # A new screen is styled when it is mounted: Textual would also read all style sheets anew, twice.
        tab._css_update_count = self._css_update_count  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        self._tabs[number] = tab
        return tab

    def watch_utc(self, utc: bool) -> None:  # noqa: FBT001 (Textual's signature)
        """Tell every tab."""
        for tab in self._tabs.values():
            tab.utc = utc

    def watch_header(self, header: HeaderState) -> None:
        """Tell every tab."""
        for tab in self._tabs.values():
            tab.header = header

    def on_header_changed(self, message: HeaderChanged) -> None:
        """Take over what the Live tab found."""
        self.header = message.header

    def on_alerts_counted(self, message: AlertsCounted) -> None:
        """Tell every tab how alerts stand."""
        self._watch.take(message.counts)
        for tab in self._tabs.values():
            tab.alerts = message.counts

    async def on_show_tab(self, message: ShowTab) -> None:
        """Show a tab."""
        await self.action_tab(message.number)

    async def on_show_events(self, message: ShowEvents) -> None:
        """Show the events behind a number; who goes back to where it stands finds the filter that it stands under."""
        if len(self.screen_stack) == 1:
            self._opened = (message.what, self._present)
            await self._show(2, message.what)

    def on_add_folder(self, message: AddFolder) -> None:
        """Ask for a folder, unless the message has one, and watch it."""
        self._folders.add(message.path)

    def on_retry_folder(self, message: RetryFolder) -> None:
        """Have a folder read again."""
        self._folders.watch(message.path, "Reading {} again")

    async def action_tab(self, number: int) -> None:
        """Show the tab with that number, unless a dialog is open. One filter holds for all lists of events."""
        if len(self.screen_stack) == 1:
            what = self._present
            if number == _AGENTS and self._opened is not None and what == self._opened[0]:
                what = self._opened[1]
            await self._show(number, what)

    @property
    def _present(self) -> Filter:
        return self._what if self._sharing is None else self._sharing.what

    @property
    def _sharing(self) -> FilteredScreen | None:
        shown = self.screen
        return shown if isinstance(shown, FilteredScreen) and not shown.OWN_FILTER else None

    async def _show(self, number: int, what: Filter) -> None:
        self._what = what
        await self.switch_mode(MODES[number])
        shown = self._sharing
        if shown is not None and shown.what != what:
            shown.set_filter(what)

    def action_toggle_utc(self) -> None:
        """Switch between local time and UTC."""
        self.utc = not self.utc

    def action_help(self) -> None:
        """Show what the keys do."""
        from tui.screens.help import HelpScreen  # noqa: PLC0415 (not needed for the first paint)

        self.push_screen(HelpScreen(glyphs=self._glyphs))

    def action_add_folder(self) -> None:
        """Ask which folder to watch."""
        self._folders.ask()
