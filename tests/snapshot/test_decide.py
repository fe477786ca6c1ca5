"""How the dialog looks in which an alert is decided on: frozen clock, size and zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import Input

from store.filters.model import Filter
from tests.pilot.alert_app import AlertStage, preview
from tests.pilot.alert_stories import ATTEMPT_ROW, DETAILS
from tests.pilot.made_up_events import FROZEN_US
from tests.pilot.stage import settled
from tui.glyphs import ASCII, UNICODE, Glyphs
from tui.screens.decide import DecideScreen
from tui.widgets.alert_pane import AlertPane

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.pilot import Pilot

    from tests.snapshot.test_live import Compare

WIDE = (160, 45)
NARROW = (80, 24)
MUTE = ("down", "down", "down", "down", "tab", *"migration", "tab", "right", "tab", "right", "right", "tab", *"18:00")
RISK = ("down", "down", "down", "enter", "tab", "right", "right")


def stage(*, glyphs: Glyphs = UNICODE, theme: str = "auditail-dark") -> AlertStage:
    """Return the dialog over the pane of its alert."""
    pane = AlertPane()
    pane.glyphs, pane.utc, pane.now_us = glyphs, True, FROZEN_US
    pane.show(DETAILS[ATTEMPT_ROW.id])
    what = Filter.parsed("agent:support-bot")
    dialog = DecideScreen(ATTEMPT_ROW, preview, clock=lambda: FROZEN_US, utc=True, who="lin", what=what, glyphs=glyphs)
    return AlertStage(pane, dialog, theme=theme)


def pressing(*keys: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Return what presses keys in the open dialog."""

    async def before(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        for text in pilot.app.screen.query(Input):
            text.cursor_blink = False
        await pilot.press(*keys)
        await settled(pilot)

    return before


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_mute_until_a_typed_time(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(stage(), terminal_size=size, run_before=pressing(*MUTE))


def test_a_missing_reason_light(snap_compare: Compare) -> None:
    assert snap_compare(stage(theme="auditail-light"), terminal_size=NARROW, run_before=pressing(*RISK))


def test_as_it_opens_in_ascii(snap_compare: Compare) -> None:
    assert snap_compare(stage(glyphs=ASCII), terminal_size=NARROW, run_before=pressing())
