"""Events of another year in the Live list: their date and their time are both there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import live, running, until
from tests.pilot.made_up_events import FROZEN_US, SHAPES, event_of, made_up
from tests.pilot.stage import screen_text
from tui.widgets.event_list import EventList

YEAR_US = 400 * 86_400_000_000


@pytest.mark.parametrize(("size", "shown"), [((160, 45), "2025-10-18 14:0"), ((80, 24), "25-10-18 14:0")])
async def test_date_and_time_of_last_years_events(size: tuple[int, int], shown: str) -> None:
    service = FakeService(made_up(40, end_us=FROZEN_US - YEAR_US))
    async with running(service, size=size) as pilot:
        assert shown in screen_text(pilot.app)


async def test_columns_move_once_when_an_event_of_last_year_arrives() -> None:
    service = FakeService(made_up(5))
    async with running(service) as pilot:
        rows = live(pilot).query_one(EventList)
        assert rows.columns[0].width == len("14:02:06.204")
        late = replace(event_of(SHAPES[0], seq=99, ts_us=FROZEN_US - YEAR_US), id=1)
        service.append([late])
        await until(pilot, lambda: "2025-10-18 14:02" in screen_text(pilot.app))
        assert rows.columns[0].width == len("2025-10-18 14:02")
