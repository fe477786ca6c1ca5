"""The window of the Agents tab: moved, stretched, said by the filter, or where something was done last."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from store.filters.model import Filter
from tests.pilot.agents_app import HOUR_US, agents, answered, line, looking, rows, two_days
from tests.pilot.fake_service import FakeService
from tests.pilot.made_up_events import FROZEN_US, SHAPES, event_of
from tui.agents_window import DAY_US, MINUTE_US
from tui.search_window import moments
from tui.widgets.agents_bars import AgentsTabBar

if TYPE_CHECKING:
    from textual.pilot import Pilot

CALL = next(shape for shape in SHAPES if shape.event_type == "mcp.tool_call" and shape.status == "success")


@pytest.fixture
def service() -> FakeService:
    """Return a store with two days of events."""
    return FakeService(two_days())


async def settle_window(pilot: Pilot[None], *keys: str) -> tuple[int, int]:
    """Press keys and return the window that is shown after that."""
    await pilot.press(*keys)
    await answered(pilot)
    window = agents(pilot).window
    assert window is not None
    return window.start_us, window.end_us


async def test_the_window_is_moved_and_stretched(service: FakeService) -> None:
    now = (FROZEN_US // MINUTE_US + 1) * MINUTE_US
    async with looking(service) as pilot:
        bar = agents(pilot).query_one(AgentsTabBar)
        assert await settle_window(pilot) == (now - DAY_US, now)
        assert "last 24 h · compared with the 24 h before" in bar.render_line(0).text
        assert await settle_window(pilot, "left_square_bracket") == (now - 2 * DAY_US, now - DAY_US)
        assert "24 h to 2026-11-21 14:03 · nothing before it" in bar.render_line(0).text
        assert await settle_window(pilot, "right_square_bracket") == (now - DAY_US, now)
        assert await settle_window(pilot, "left_curly_bracket") == (now - 6 * HOUR_US, now)
        assert await settle_window(pilot, "left_curly_bracket", "left_curly_bracket") == (now - HOUR_US, now)
        assert await settle_window(pilot, *["right_curly_bracket"] * 5) == (now - 30 * DAY_US, now)


async def test_the_filters_times_are_the_window(service: FakeService) -> None:
    async with looking(service) as pilot:
        what = Filter.of(since_us=FROZEN_US - 3 * HOUR_US, before_us=FROZEN_US - HOUR_US)
        agents(pilot).set_filter(what)
        assert await settle_window(pilot) == (FROZEN_US - 3 * HOUR_US, FROZEN_US - HOUR_US)
        assert "window of the filter" in agents(pilot).query_one(AgentsTabBar).render_line(0).text
        earlier = (FROZEN_US - 5 * HOUR_US, FROZEN_US - 3 * HOUR_US)
        assert await settle_window(pilot, "left_square_bracket") == earlier
        assert moments(agents(pilot).what, FROZEN_US) == earlier
        longer = (FROZEN_US - 9 * HOUR_US, FROZEN_US - 3 * HOUR_US)
        assert await settle_window(pilot, "right_curly_bracket") == longer
        assert sum(row.figures.events for row in rows(pilot).values()) == len(service.matching(agents(pilot).what))


async def test_where_nothing_was_called_lately_the_window_ends_with_the_newest_call() -> None:
    newest = FROZEN_US - 90 * DAY_US
    service = FakeService(two_days(end_us=newest))
    last_call = service.matching(Filter.parsed("type:mcp.tool_call"))[-1]
    async with looking(service) as pilot:
        window = agents(pilot).window
        assert window is not None
        assert 0 < window.end_us - last_call.ts_us <= MINUTE_US
        assert "no calls in the last 24 h" in agents(pilot).query_one(AgentsTabBar).render_line(0).text
        assert rows(pilot)
        now = (FROZEN_US // MINUTE_US + 1) * MINUTE_US
        assert (await settle_window(pilot, "right_square_bracket"))[1] == window.end_us + DAY_US
        assert (await settle_window(pilot, *["right_square_bracket"] * 90))[1] == now
        assert not rows(pilot)
        assert "Nothing happened in this window" in line(pilot, 1)


async def test_who_was_silent_since_is_still_there() -> None:
    gone = replace(CALL, agent="gone")
    day_ago = FROZEN_US - 30 * HOUR_US
    events = [event_of(gone, seq=9000 + n, ts_us=day_ago - n) for n in range(5)]
    async with looking(FakeService([*two_days(), *events])) as pilot:
        row = rows(pilot)["gone"]
        assert row.silent
        assert row.change("calls") == -1
        assert "▼ 100 %" in line(pilot, list(rows(pilot)).index("gone") + 1)
        assert "1 silent" in line(pilot, len(rows(pilot)) + 1)
