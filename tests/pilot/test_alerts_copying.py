"""What of the Alerts tab can be copied, and where saved views lead from there."""

from __future__ import annotations

import pytest

from store.filters.model import Filter
from store.views import SHIPPED
from tests.pilot.alert_stories import ATTEMPT, EVIDENCE
from tests.pilot.alerts_app import alerts, looking, rested, said, with_alerts
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import until
from tests.pilot.search_app import search
from tui.screens.views import ViewsScreen

pytestmark = pytest.mark.usefixtures("nobody_looks")


@pytest.fixture
def service() -> FakeService:
    """Return a store with the invented alerts."""
    return with_alerts()


async def test_y_copies_the_alert_and_in_the_evidence_the_event(service: FakeService) -> None:
    async with looking(service) as pilot:
        await pilot.press("down")
        await rested(pilot)
        await pilot.press("y")
        await until(pilot, lambda: pilot.app.clipboard == f'{{"alert":{ATTEMPT}}}')
        alerts(pilot).pane.focus()
        await pilot.press("down", "y")
        text = service.canonical_json(EVIDENCE[1].event.id)
        await until(pilot, lambda: pilot.app.clipboard == text)
        assert all(one.startswith(("Copied the", "Wrote the")) for one in said(pilot))


async def test_without_an_alert_there_is_nothing_to_copy() -> None:
    async with looking(FakeService()) as pilot:
        await pilot.press("y")
        assert said(pilot) == ["There is no alert under the cursor to copy."]


async def test_a_saved_view_is_shown_in_search_and_alerts_are_none(service: FakeService) -> None:
    async with looking(service) as pilot:
        await pilot.press("v")
        await until(pilot, lambda: isinstance(pilot.app.screen, ViewsScreen))
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.current_mode == "search")
        assert search(pilot).what == Filter.parsed(SHIPPED[0].query, utc=True)
        await pilot.press("4")
        assert alerts(pilot).what.text == "state:new,open,seen"
        await pilot.press("V")
        await until(pilot, lambda: any("Y copies this list" in one for one in said(pilot)))
