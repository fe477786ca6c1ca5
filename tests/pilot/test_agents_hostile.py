"""Hostile names on the Agents tab: nothing of what an event says reaches the terminal as a command."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.settings import UiSettings
from tests.pilot.agents_app import agents, answered, looking
from tests.pilot.fake_service import FakeService
from tests.pilot.hostile import TEXTS, random_texts, unsafe_on_screen
from tests.pilot.made_up_events import FROZEN_US, SHAPES, event_of
from tests.pilot.search_app import counted
from tui.messages import ShowNotice
from tui.screens.agents_questions import DIMENSIONS

ALL = [*TEXTS, *random_texts(12)]


@pytest.mark.parametrize("size", [(160, 60), (80, 24)])
async def test_table_bars_and_panel_let_nothing_through(size: tuple[int, int]) -> None:
    events = [
        replace(
            event_of(SHAPES[0], seq=number, ts_us=FROZEN_US - 1000 * number),
            agent_id=text,
            user_id=text,
            tenant_id=text,
            tool=text,
            server=text,
            model=text,
            message=text,
        )
        for number, text in enumerate(ALL, 1)
    ]
    async with looking(FakeService(events), size=size, ui=UiSettings(utc=True)) as pilot:
        for by in DIMENSIONS:
            agents(pilot).tell_by(by)
            await answered(pilot)
            await pilot.press("down", "right", "s", "escape")
            assert unsafe_on_screen(pilot.app) == []
        await pilot.press("end", "up", "up", "f")
        await answered(pilot)
        assert unsafe_on_screen(pilot.app) == []
        agents(pilot).post_message(ShowNotice(TEXTS[1], trouble=True))
        await pilot.press("Y", "enter")
        await counted(pilot)
        assert unsafe_on_screen(pilot.app) == []
