"""Giving the whole screen to one pane, on whatever screen it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.app import App

if TYPE_CHECKING:
    from textual.events import DescendantFocus
    from textual.screen import Screen


def give_back(screen: Screen[Any]) -> None:
    """Show all panes again; where they are shown nothing moves, as it would with Textual's `minimize` alone."""
    if screen.maximized is not None:
        screen.minimize()


class MaximisingApp(App[None]):
    """Shows one pane alone, above the hints, until it is given back or the focus goes elsewhere."""

    ALLOW_IN_MAXIMIZED_VIEW = "HintBar"

    def action_maximise(self) -> None:
        """Give the whole screen to the focused pane, or take it back."""
        if self.screen.maximized is not None:
            give_back(self.screen)
        elif self.screen.focused is not None:
            self.screen.maximize(self.screen.focused)

    def action_focus_next(self) -> None:
        """Go to the next pane, also where it is out of sight."""
        give_back(self.screen)
        super().action_focus_next()

    def action_focus_previous(self) -> None:
        """Go to the pane before, also where it is out of sight."""
        give_back(self.screen)
        super().action_focus_previous()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Take the screen back for a widget that would have the focus out of sight."""
        if not event.widget.is_in_maximized_view:
            give_back(event.widget.screen)
