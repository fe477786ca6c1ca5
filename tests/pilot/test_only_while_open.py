"""The tab bar says whether capturing ends with the dashboard, in as many words as there is room for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import FrozenClock, live, running, until
from tests.pilot.made_up_events import SECOND, made_up
from tui.widgets.state_line import StateLine
from tui.widgets.tab_bar import TabBar

if TYPE_CHECKING:
    from textual.pilot import Pilot

WHOLE = "capturing only while open"
SHORT = "only while open"


def scanned(events: int = 50, **scanner: Any) -> FakeService:
    """Return a store whose scanner has these properties."""
    service = FakeService(made_up(events))
    service.health_answer = replace(service.health(), scanner=replace(service.health().scanner, **scanner))
    return service


def bar(pilot: Pilot[None]) -> str:
    """Return what the tab bar of the present tab says."""
    return pilot.app.screen.query_one(TabBar).render_line(0).text


@pytest.mark.parametrize(
    "scanner", [{"kind": "service"}, {"kind": "ingest"}, {"kind": "dashboard", "running": False}], ids=str
)
async def test_nothing_is_said_where_it_would_be_wrong(scanner: dict[str, Any]) -> None:
    async with running(scanned(**scanner)) as pilot:
        assert "following" in bar(pilot)
        assert SHORT not in bar(pilot)


@pytest.mark.parametrize(("width", "words"), [(160, WHOLE), (130, WHOLE), (120, SHORT), (110, SHORT), (80, SHORT)])
async def test_a_dashboards_own_scanner_is_told(width: int, words: str) -> None:
    async with running(scanned(kind="dashboard"), size=(width, 30)) as pilot:
        said = bar(pilot)
        assert f" · {words} · " in said
        assert (WHOLE in said) is (words == WHOLE)
        assert "1 Live" in said
        assert said.rstrip().endswith(("50", "50 events"))
        await pilot.press("5")
        await until(pilot, lambda: pilot.app.screen.query_one(TabBar).number == 5)
        assert words in bar(pilot)


async def test_it_goes_away_when_a_service_has_taken_over() -> None:
    clock, service = FrozenClock(), scanned(kind="dashboard")
    async with running(service, clock=clock) as pilot:
        assert WHOLE in bar(pilot)
        service.health_answer = replace(service.health(), scanner=replace(service.health().scanner, kind="service"))
        clock.now_us += 2 * SECOND
        live(pilot).tick()
        await until(pilot, lambda: SHORT not in bar(pilot))


async def test_a_narrow_bar_that_waits_is_full_already() -> None:
    async with running(scanned(0, kind="dashboard"), size=(80, 24)) as pilot:
        assert "waiting for the first event" in bar(pilot)
        assert SHORT not in bar(pilot)


async def test_a_click_says_how_to_go_on() -> None:
    async with running(scanned(kind="dashboard")) as pilot:
        at = bar(pilot).index(WHOLE)
        await pilot.click(TabBar, offset=(at + 3, 0))
        notice = live(pilot).query_one(StateLine).notice
        assert notice is not None
        assert "auditail service install" in notice.text
