"""How the Alerts tab looks in its states: frozen clock, size and zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.settings import UiSettings
from tests.pilot.alerts_app import alerts, answered, flood, rested, tools_of, with_alerts
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import make_app, settled, until
from tests.snapshot.test_live import Compare
from tui.screens.decide import DecideScreen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.pilot import Pilot


pytestmark = pytest.mark.usefixtures("nobody_looks")


@pytest.fixture
def service() -> FakeService:
    """Return a store with the invented alerts."""
    return with_alerts()


def showing(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Return what goes to the Alerts tab and presses keys there."""

    async def run(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await pilot.press("4")
        await answered(pilot)
        await until(pilot, lambda: alerts(pilot).alerts is not None)
        await rested(pilot)
        for key in keys:
            await pilot.press(key)
            await answered(pilot)
            await rested(pilot)
        await pilot.pause()

    return run


def test_evidence(snap_compare: Compare, service: FakeService) -> None:
    app = make_app(service, alerts=tools_of(service))
    assert snap_compare(app, terminal_size=(160, 45), run_before=showing("down"))


def test_light(snap_compare: Compare, service: FakeService) -> None:
    app = make_app(service, ui=UiSettings(utc=True, theme="auditail-light"), alerts=tools_of(service))
    assert snap_compare(app, terminal_size=(160, 45), run_before=showing("down", "down"))


def test_wide_with_one_rule_unfolded(snap_compare: Compare, service: FakeService) -> None:
    flood(service, 9)
    app = make_app(service, alerts=tools_of(service))
    assert snap_compare(app, terminal_size=(200, 50), run_before=showing("down", "down", "right"))


def test_narrow(snap_compare: Compare, service: FakeService) -> None:
    app = make_app(service, alerts=tools_of(service))
    assert snap_compare(app, terminal_size=(80, 24), run_before=showing("down"))


def test_narrow_evidence(snap_compare: Compare, service: FakeService) -> None:
    app = make_app(service, alerts=tools_of(service))
    assert snap_compare(app, terminal_size=(80, 24), run_before=showing("down", "enter"))


def test_invariants(snap_compare: Compare, service: FakeService) -> None:
    app = make_app(service, alerts=tools_of(service))
    assert snap_compare(app, terminal_size=(120, 35), run_before=showing("tab", "tab"))


def test_ascii(snap_compare: Compare, service: FakeService) -> None:
    app = make_app(service, ui=UiSettings(utc=True, ascii=True), alerts=tools_of(service))
    assert snap_compare(app, terminal_size=(120, 40), run_before=showing("tab"))


def test_empty(snap_compare: Compare) -> None:
    service = FakeService()

    async def run(pilot: Pilot[None]) -> None:
        await showing()(pilot)
        await until(pilot, lambda: alerts(pilot).listed.empty_words[1].startswith("26 rules"))

    assert snap_compare(make_app(service, alerts=tools_of(service)), terminal_size=(120, 30), run_before=run)


def test_deciding(snap_compare: Compare, service: FakeService) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await showing("down")(pilot)
        await pilot.press("d")
        await until(pilot, lambda: isinstance(pilot.app.screen, DecideScreen))
        await pilot.pause()

    assert snap_compare(make_app(service, alerts=tools_of(service)), terminal_size=(160, 45), run_before=run)
