"""The evidence pane or the decide dialog alone, to be looked at.

python -m tests.pilot.alert_app [--alert 118] [--decide] [--filter QUERY] [--theme NAME] [--ascii] [--wide]
"""

from __future__ import annotations

import argparse

from store.alerts.model import Decision, DecisionPreview
from store.alerts.states import Reach
from store.filters.model import Filter
from tests.pilot.alert_stories import ATTEMPT, DETAILS
from tests.pilot.made_up_events import FROZEN_US
from tests.pilot.stage import Stage
from tui.glyphs import glyphs_for
from tui.screens.decide import DecideScreen
from tui.widgets.alert_pane import AlertPane


def preview(decision: Decision) -> DecisionPreview:
    """Say that a wider reach is about three alerts."""
    return DecisionPreview(1 if decision.reach is Reach.ALERT else 3, 2.1)


class AlertStage(Stage):
    """Shows the pane, and the dialog over it where one is given."""

    def __init__(self, pane: AlertPane, dialog: DecideScreen | None, *, theme: str = "auditail-dark") -> None:
        """Show these."""
        super().__init__(pane, theme=theme)
        self._dialog = dialog

    def on_mount(self) -> None:
        """Open the dialog."""
        if self._dialog is not None:
            self.ask(self._dialog)


def main() -> None:
    """Show it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--alert", type=int, default=ATTEMPT, choices=sorted(DETAILS))
    parser.add_argument("--decide", action="store_true")
    parser.add_argument("--filter", default="")
    parser.add_argument("--theme", default="auditail-dark")
    parser.add_argument("--ascii", action="store_true")
    parser.add_argument("--wide", action="store_true", help="give the pane the whole width")
    told = parser.parse_args()
    glyphs = glyphs_for(ascii_only=told.ascii)
    pane = AlertPane()
    pane.glyphs, pane.utc, pane.now_us = glyphs, True, FROZEN_US
    if told.wide:
        pane.styles.width = "1fr"
    detail = DETAILS[told.alert]
    pane.show(detail)
    dialog = DecideScreen(
        detail.row,
        preview,
        clock=lambda: FROZEN_US,
        utc=True,
        who="lin",
        what=Filter.parsed(told.filter),
        glyphs=glyphs,
    )
    AlertStage(pane, dialog if told.decide else None, theme=told.theme).run()


if __name__ == "__main__":
    main()
