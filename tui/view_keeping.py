"""What a tab does with views: bring one back, save what is shown, copy it as a command."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from tui.clipboard import copy_text
from tui.command_line import command_line
from tui.messages import ShowNotice
from tui.screens.save_view import SaveViewScreen
from tui.screens.views import ViewsScreen

if TYPE_CHECKING:
    from tui.screens.filtered_screen import FilteredScreen
    from tui.shown_view import Offer

_NO_COMMAND: Final = "The filter has a character that no command can have."
_AND_BACK: Final = "auditail --query QUERY opens it in the dashboard"


class ViewKeeping:
    """Acts for one tab; what it has to say stands in that tab's line."""

    def __init__(self, screen: FilteredScreen) -> None:
        """Act for this tab."""
        self._screen = screen

    def choose(self) -> None:
        """Ask which view to show."""
        screen = self._screen
        dialog = ViewsScreen(screen.service, screen.view_tools.actions, utc=screen.utc, glyphs=screen.glyphs)
        screen.push(dialog, self._chosen)

    def _chosen(self, offer: Offer | None) -> None:
        if offer is None or offer.shown is None:
            return
        elsewhere = self._screen.show_view(offer.shown)
        said = f'Showing "{offer.view.name}"'
        if elsewhere:
            verb = "belong" if elsewhere.endswith("s") or " and " in elsewhere else "belongs"
            said += f"; its {elsewhere} {verb} to Search: press 2, then v"
        self._say(said)

    def save(self) -> None:
        """Ask for a name, and save what is shown."""
        screen = self._screen
        dialog = SaveViewScreen(screen.service, screen.view_tools.actions, screen.shown_view, glyphs=screen.glyphs)
        screen.push(dialog, self._saved)

    def _saved(self, name: str | None) -> None:
        if name is not None:
            self._say(f'Saved as "{name}": v brings it back')

    def copy_command(self) -> None:
        """Copy what is shown as a command, and say where it went."""
        screen = self._screen
        command = command_line(screen.shown_view, screen.view_tools.place, utc=screen.utc)
        self.copy(command, f" {screen.glyphs.none} {_AND_BACK}")

    def copy(self, command: str | None, and_more: str = "") -> None:
        """Copy a command, and say where it went; None: there is no such command."""
        screen = self._screen
        if command is None:
            self._say(_NO_COMMAND, trouble=True)
            return
        try:
            said = copy_text(screen.dashboard, command, noun="the command", name="command.sh", environ=os.environ)
        except OSError as error:
            self._say(f"The command could not be written to a file: {error}", trouble=True)
        else:
            self._say(f"{said}{and_more}")

    def _say(self, text: str, *, trouble: bool = False) -> None:
        self._screen.post_message(ShowNotice(text, trouble=trouble))
