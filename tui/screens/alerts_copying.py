"""What of the Alerts tab can be copied and kept: an alert or an event as JSON, the list as a command."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from tui.alerts_command import alerts_command
from tui.messages import ShowEvents, ShowNotice
from tui.screens.alerts_deciding import AlertsDecidingView

if TYPE_CHECKING:
    from tui.screens.alerts_facts import TextKnown
    from tui.shown_view import ShownView

_NOTHING: Final = "There is no alert under the cursor to copy."
_NO_TEXT: Final = "This event is no longer in the store."
_NO_VIEW: Final = "Views keep filters of events: Y copies this list of alerts as a command."


class AlertsCopyingView(AlertsDecidingView):
    """Copies what is looked at, and leads to saved views, which are of events."""

    def action_copy_command(self) -> None:
        """Copy the list as a command."""
        self.views.copy(alerts_command(self.what, self.view_tools.place, utc=self.utc))

    def action_copy_json(self) -> None:
        """Copy the chosen event of the evidence, else the alert whole."""
        event = self.pane.event if self.pane.has_focus else None
        detail, as_json = self.pane.detail, self.tools.as_json
        if event is not None:
            self.ask_store.event_text(event.id)
        elif detail is not None and as_json is not None and self.alert is not None:
            self.ask_store.alert_text(as_json, detail)
        else:
            self.post_message(ShowNotice(_NOTHING))

    def on_text_known(self, message: TextKnown) -> None:
        """Copy it, and say where it went."""
        from tui.clipboard import copy_text  # noqa: PLC0415 (not needed for the first paint)

        if message.text is None:
            self.post_message(ShowNotice(_NO_TEXT, trouble=True))
            return
        noun, name = f"{message.noun} as JSON", f"{message.noun.split()[-1]}.json"
        try:
            said = copy_text(self.dashboard, message.text, noun=noun, name=name, environ=os.environ)
        except OSError as error:
            self.post_message(ShowNotice(f"It could not be written to a file: {error}", trouble=True))
        else:
            self.post_message(ShowNotice(said))

    def show_view(self, view: ShownView) -> str:
        """Show a saved view where events are listed."""
        self.post_message(ShowEvents(view.what))
        return view.arrangement_words

    def action_save_view(self) -> None:
        """Say that alerts are not kept as a view."""
        self.post_message(ShowNotice(_NO_VIEW))
