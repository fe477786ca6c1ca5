"""An app with the dashboard's themes and styles around one widget or dialog, which remembers what was asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.app import App

from assets import find, names
from tui.messages import AddClause, AddFolder, CloseDetail, RetryFolder, ShowEvents, ShowNotice
from tui.themes import OWN_THEMES, ink_defaults
from tui.widgets.detail import DetailPane

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.message import Message
    from textual.pilot import Pilot
    from textual.screen import Screen
    from textual.widget import Widget


class Stage(App[None]):
    """Shows `actor` alone on its screen; `answers` are what dialogs were left with, `posted` the messages upwards."""

    def __init__(self, actor: Widget | None = None, *, theme: str = "auditail-dark") -> None:
        """Show a widget, or nothing until a dialog is opened."""
        super().__init__(css_path=[find(name) for name in names("tcss", ".tcss")])
        for own in OWN_THEMES:
            self.register_theme(own)
        self.theme = theme
        self.actor = actor
        self.answers: list[Any] = []
        self.posted: list[Message] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return our extra colours for themes that lack them."""
        return ink_defaults(self.current_theme)

    def compose(self) -> ComposeResult:
        """Yield the widget."""
        if self.actor is not None:
            yield self.actor

    def ask(self, dialog: Screen[Any]) -> None:
        """Open a dialog and keep its answer."""
        self.push_screen(dialog, self.answers.append)

    def on_add_clause(self, message: AddClause) -> None:
        """Keep it."""
        self.posted.append(message)

    def on_add_folder(self, message: AddFolder) -> None:
        """Keep it."""
        self.posted.append(message)

    def on_retry_folder(self, message: RetryFolder) -> None:
        """Keep it."""
        self.posted.append(message)

    def on_show_events(self, message: ShowEvents) -> None:
        """Keep it."""
        self.posted.append(message)

    def on_close_detail(self, message: CloseDetail) -> None:
        """Keep it."""
        self.posted.append(message)

    def on_show_notice(self, message: ShowNotice) -> None:
        """Keep it."""
        self.posted.append(message)

    def on_detail_pane_event_chosen(self, message: DetailPane.EventChosen) -> None:
        """Keep it."""
        self.posted.append(message)


def screen_text(app: App[Any]) -> str:
    """Return what the terminal would show, row by row, without styles."""
    strips = app.screen._compositor.render_strips()  # pyright: ignore[reportPrivateUsage] (what is drawn has no public view)
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until all workers are through and everything they posted has been handled and drawn."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType] (Textual leaves it open)
    await pilot.pause()
