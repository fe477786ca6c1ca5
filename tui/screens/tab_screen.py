"""The frame that all tabs share: tab bar above, hints below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual.reactive import reactive
from textual.screen import Screen

from store.alerts.model import AlertCounts
from tui.header_state import HeaderState
from tui.messages import RunAction
from tui.widgets.hint_bar import HintBar
from tui.widgets.tab_bar import TabBar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.app import App, ComposeResult
    from textual.widget import Widget

    from tui.glyphs import Glyphs


Answer = TypeVar("Answer")


class TabScreen(Screen[None]):
    """Base of a tab's screen. The app sets `utc`, `header` and `alerts` on every tab alike."""

    NUMBER: ClassVar[int] = 0
    """The key that shows this tab."""

    utc = reactive(default=False)
    """Show times in UTC instead of local time."""
    header: reactive[HeaderState] = reactive(HeaderState())
    """What the tab bar says at its right."""
    alerts: reactive[AlertCounts | None] = reactive(None)
    """How alerts stand; None: not known yet."""

    def __init__(self, glyphs: Glyphs) -> None:
        """Draw with these signs."""
        super().__init__()
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        """Yield the frame with `compose_body` between its bars."""
        yield self.tab_bar().data_bind(TabScreen.header, TabScreen.alerts)
        yield from self.compose_body()
        yield HintBar(self.glyphs)

    def tab_bar(self) -> TabBar:
        """Return the bar at the top."""
        return TabBar(self.NUMBER, self.glyphs)

    def compose_body(self) -> Iterable[Widget]:
        """Yield what is between the bars."""
        raise NotImplementedError

    @property
    def dashboard(self) -> App[Any]:
        """The application that this tab is in."""
        return self.app  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  (Textual leaves it open)

    def push(self, dialog: Screen[Answer], answered: Callable[[Answer | None], None]) -> None:
        """Open a dialog over this tab; `answered` gets None where it was left without an answer."""
        self.dashboard.push_screen(dialog, answered)

    async def on_run_action(self, message: RunAction) -> None:
        """Run the action whose hint was clicked."""
        await self.run_action(message.command)
