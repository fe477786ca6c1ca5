"""One pane with the whole screen: on every tab, whatever arrives meanwhile, until the focus goes elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.pilot import agents_app, alerts_app, search_app
from tests.pilot.agents_app import two_days
from tests.pilot.alert_stories import ROWS
from tests.pilot.alerts_app import alerts, with_alerts
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import live, running, until
from tests.pilot.made_up_events import made_up
from tui.widgets.detail import DetailPane
from tui.widgets.event_list import EventList
from tui.widgets.hint_bar import HintBar
from tui.widgets.query_input import QueryInput
from tui.widgets.thread_list import ThreadList

if TYPE_CHECKING:
    from textual.pilot import Pilot
    from textual.widget import Widget

SIZES = [(160, 45), (80, 24)]


def whole(pilot: Pilot[None], pane: Widget | None) -> bool:
    """Return whether a pane has all of the screen but the line of hints below it."""
    screen = pilot.app.screen
    bar = screen.query_one(HintBar)
    rest = screen.size.height - bar.size.height
    return pane is not None and pane.region == (0, 0, screen.size.width, rest) and bar.region.y == rest


@pytest.mark.parametrize("size", SIZES)
async def test_the_list_of_live(size: tuple[int, int]) -> None:
    async with running(FakeService(made_up(50)), size=size) as pilot:
        await pilot.press("z")
        assert whole(pilot, live(pilot).events)
        bar = live(pilot).query_one(HintBar)
        assert bar.render_line(0).text.startswith(" z all panes   Space pause")
        await pilot.press("z")
        assert not whole(pilot, live(pilot).events)
        assert bar.render_line(0).text.startswith(" Space pause")


@pytest.mark.parametrize("size", SIZES)
async def test_the_table_of_agents(size: tuple[int, int]) -> None:
    async with agents_app.looking(FakeService(two_days()), size=size) as pilot:
        await pilot.press("z")
        assert whole(pilot, agents_app.agents(pilot).table)
        await pilot.press("tab")
        assert agents_app.agents(pilot).maximized is None
        assert not agents_app.agents(pilot).table.has_focus


@pytest.mark.parametrize("tabs", range(3))
@pytest.mark.parametrize("size", SIZES)
async def test_a_pane_of_alerts_stays_whole_whatever_arrives(size: tuple[int, int], tabs: int) -> None:
    service = with_alerts()
    async with alerts_app.looking(service, size=size) as pilot:
        pane = alerts(pilot).panes[tabs]
        await pilot.press(*["tab"] * tabs, "z")
        assert whole(pilot, pane)
        for number in (7, 8):
            service.alerts.put([replace(ROWS[0], count=number)])
            await until(pilot, lambda: alerts(pilot).listed.shown.rows[0].count == number)  # noqa: B023
            assert whole(pilot, pane)


async def test_the_next_pane_gives_the_screen_back() -> None:
    async with alerts_app.looking(with_alerts()) as pilot:
        before = [pane.region for pane in alerts(pilot).stacked]
        await pilot.press("z", "tab")
        await until(pilot, lambda: [pane.region for pane in alerts(pilot).stacked] == before)
        assert alerts(pilot).maximized is None
        assert alerts(pilot).muted.has_focus


@pytest.mark.parametrize("tab", range(1, 6))
async def test_esc_gives_the_screen_back(tab: int) -> None:
    async with alerts_app.looking(with_alerts()) as pilot:
        await pilot.press(str(tab), "z")
        assert pilot.app.screen.maximized is not None
        await pilot.press("escape")
        assert pilot.app.screen.maximized is None


@pytest.mark.parametrize(
    ("keys", "opened"),
    [
        (["slash"], QueryInput),
        (["enter"], DetailPane),
        (["b", "z", "b"], EventList),
        (["enter", "tab", "z", "escape", "escape"], EventList),
        (["o", "z", "enter"], DetailPane),
        (["o", "enter", "tab", "z", "tab"], ThreadList),
    ],
)
async def test_what_would_be_out_of_sight_gives_the_screen_back(keys: list[str], opened: type[Widget]) -> None:
    async with search_app.searching(FakeService(made_up(50))) as pilot:
        screen = search_app.search(pilot)
        await pilot.press("z")
        assert whole(pilot, screen.events)
        await pilot.press(*keys)
        await until(pilot, lambda: pilot.app.screen.maximized is None)
        assert pilot.app.screen.query(opened).first().region.area > 0
