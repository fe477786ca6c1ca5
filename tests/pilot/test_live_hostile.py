"""Hostile text: nothing of what an event says reaches the terminal as a command, in any part of the tab."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from textual.geometry import Region

from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import FakeCapture, live, running, until
from tests.pilot.made_up_events import FROZEN_US, SHAPES, event_of
from tui.messages import ShowNotice
from tui.widgets.filter_line import FilterLine

if TYPE_CHECKING:
    from textual.pilot import Pilot

HOSTILE = "[/]\x1b]52;c;aGk=\x07\x9b2J\u202e\u200b\x00\n[bold]"


def screen_text(pilot: Pilot[None]) -> str:
    """Return what all widgets of the tab draw."""
    drawn: list[str] = []
    for widget in live(pilot).query("*"):
        size = widget.size
        if widget.display and size.width and size.height and not widget.is_container:
            strips = widget.render_lines(Region(0, 0, size.width, size.height))
            drawn += [strip.text for strip in strips]
    return "\n".join(drawn)


@pytest.mark.parametrize("size", [(160, 45), (80, 24)])
async def test_no_part_of_the_tab_lets_hostile_text_through(size: tuple[int, int]) -> None:
    event = replace(
        event_of(SHAPES[0], seq=1, ts_us=FROZEN_US),
        event_type=HOSTILE,
        agent_id=HOSTILE,
        user_id=HOSTILE,
        tenant_id=HOSTILE,
        tool=HOSTILE,
        server=HOSTILE,
        message=HOSTILE,
    )
    async with running(FakeService([event]), size=size, capture=FakeCapture(HOSTILE)) as pilot:
        live(pilot).set_filter(Filter.of(Clause(Key.AGENT, (HOSTILE,))))
        await until(pilot, lambda: live(pilot).query_one(FilterLine).passing == 1)
        before = screen_text(pilot)
        live(pilot).post_message(ShowNotice(HOSTILE))
        await pilot.press("enter")
        await until(pilot, lambda: live(pilot).query("#detail"))
        await pilot.pause()
        shown = before + screen_text(pilot)
    assert "[/]␛]52" in shown
    assert not [c for c in shown if c != "\n" and (ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u200b")]
