"""Hostile text on the Search tab: nothing of what an event says reaches the terminal as a command."""

from __future__ import annotations

from dataclasses import replace

import pytest

from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from tests.pilot.fake_service import FakeService
from tests.pilot.hostile import TEXTS, random_texts, unsafe_on_screen
from tests.pilot.made_up_events import FROZEN_US, SHAPES, event_of
from tests.pilot.search_app import counted, search, searching
from tui.messages import ShowNotice
from tui.search_columns import KINDS

ALL = [*TEXTS, *random_texts(20)]


@pytest.mark.parametrize("size", [(160, 60), (80, 24)])
async def test_facets_list_and_bars_let_nothing_through(size: tuple[int, int]) -> None:
    events = [
        replace(
            event_of(SHAPES[0], seq=number, ts_us=FROZEN_US - 1000 * number),
            event_type=text or "x",
            agent_id=text,
            user_id=text,
            tenant_id=text,
            resource_tenant_id=text,
            tool=text,
            server=text,
            model=text,
            message=text,
        )
        for number, text in enumerate(ALL, 1)
    ]
    async with searching(FakeService(events), size=size) as pilot:
        search(pilot).events.chosen_columns = tuple(kind.name for kind in KINDS)
        await pilot.press("b", *["down", "right"] * 4)
        assert unsafe_on_screen(pilot.app) == []
        for text in ALL[:6]:
            search(pilot).set_filter(
                Filter.of(Clause(Key.AGENT, (text, None)), Clause(Key.USER, (text,), negated=True))
            )
            search(pilot).post_message(ShowNotice(text, trouble=True))
            await counted(pilot)
            assert unsafe_on_screen(pilot.app) == []
        assert pilot.app.is_running
