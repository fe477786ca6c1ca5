"""The Alerts tab on a real store: an attack appears while it happens, is looked at, decided on, and taken back."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from cli.alert_tools import StoreAlerts
from config.alerts import DetectionSettings
from detect.observer import Detector
from store.alerts.states import AlertState
from store.filters.model import Filter
from store.scope import EVERYTHING
from tests.events import ARRIVED_US, BASE_US, SECOND, add_source, batch, line, open_reader, open_store
from tests.pilot.alerts_app import NOBODY_LOOKS_S, alerts, answered, listed, rested
from tests.pilot.live_app import FrozenClock, live, running, until
from tests.pilot.search_app import counted, passing
from tui.alerts_tools import AlertsTools
from tui.screens.decide import DecideScreen
from tui.widgets.tab_bar import TabBar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from store.reader import StoreReader
    from store.store import Store

ATTEMPT = {
    "event_type": "mcp.tool_call", "agent_id": "support-bot", "user_id": "mallory", "tenant_id": "acme",
    "resource_tenant_id": "globex", "tool": "query_orders", "status": "denied",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A store that is appended to, read, and decided in."""

    store: Store
    reader: StoreReader
    tools: AlertsTools

    def attack(self, number: int) -> None:
        """Let somebody try so often to reach another tenant."""
        before = self.reader.extent().events
        tries = [line(f"try {before + at}", BASE_US + (before + at) * SECOND, **ATTEMPT) for at in range(number)]
        self.store.append([batch(add_source(self.store), *tries)])


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Give a store with the shipped rules at work."""
    with ExitStack() as stack:
        store = stack.enter_context(open_store(tmp_path))
        store.observe_with(Detector(DetectionSettings(), clock=lambda: ARRIVED_US))
        reader = open_reader(tmp_path)
        stack.callback(reader.close)
        yield Place(store, reader, AlertsTools(StoreAlerts(tmp_path / "events.db", EVERYTHING), "lin"))


async def test_an_attack_is_seen_opened_decided_on_and_taken_back(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.alerts_detail.VIEWED_S", NOBODY_LOOKS_S)
    async with running(place.reader, clock=FrozenClock(ARRIVED_US), alerts=place.tools) as pilot:
        place.attack(3)
        bar = live(pilot).query_one(TabBar)
        await until(pilot, lambda: "▲1" in bar.render_line(0).text)
        await pilot.press("4")
        await answered(pilot)
        await rested(pilot)
        screen = alerts(pilot)
        (number,) = listed(pilot)
        assert screen.alert is not None
        assert (screen.alert.agent, screen.alert.count) == ("support-bot", 3)
        assert screen.pane.detail is not None
        assert [one.hit for one in screen.pane.detail.evidence] == [True] * 3

        await pilot.press("enter")
        await counted(pilot)
        assert passing(pilot) == 3

        await pilot.press("4", "d")
        await until(pilot, lambda: isinstance(pilot.app.screen, DecideScreen))
        await pilot.press("down", "down", "tab", *"known", "enter")
        await until(pilot, lambda: listed(pilot) == [])
        (decided,) = place.reader.newest(Filter.parsed("type:system.alert_decided"), 10).rows
        assert "known" in (decided.message or "")
        await pilot.press("U")
        await until(pilot, lambda: listed(pilot) == [number])
        assert screen.alert.state is AlertState.NEW


async def test_what_was_looked_at_is_open_and_grows_before_ones_eyes(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.alerts_detail.VIEWED_S", 0.001)
    place.attack(3)
    async with running(place.reader, clock=FrozenClock(ARRIVED_US), alerts=place.tools) as pilot:
        await pilot.press("4")
        await until(pilot, lambda: (row := alerts(pilot).alert) is not None and row.state is AlertState.OPEN)
        place.attack(2)
        await until(pilot, lambda: (shown := alerts(pilot).pane.detail) is not None and shown.row.count == 5)
        assert len(listed(pilot)) == 1
