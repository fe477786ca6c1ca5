"""How the Agents tab looks in its states: frozen clock, size and zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.settings import UiSettings
from store.analytics.model import Dimension
from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from tests.pilot.agents_app import agents, answered, rested, two_days
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import make_app, settled, until
from tests.snapshot.test_live import Compare
from tui.widgets.agents_bars import AgentsFilterLine
from tui.widgets.chart import is_loaded
from tui.widgets.panel_agent import AgentPanel

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.pilot import Pilot

ONE_TENANT = Filter.of(Clause(Key.TENANT, ("acme", "globex")))


@pytest.fixture
def service() -> FakeService:
    """Return a store with two days of events."""
    return FakeService(two_days())


def showing(
    *keys: str, what: Filter | None = None, by: Dimension | None = None
) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Return what goes to the Agents tab, filters, chooses a dimension and presses keys there."""

    async def run(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await pilot.press("3")
        await answered(pilot)
        if what is not None:
            agents(pilot).set_filter(what)
        if by is not None:
            agents(pilot).tell_by(by)
        await answered(pilot)
        await pilot.press(*keys)
        await rested(pilot)
        await until(pilot, is_loaded)
        await pilot.pause()

    return run


def test_loaded(snap_compare: Compare, service: FakeService) -> None:
    assert snap_compare(make_app(service), terminal_size=(160, 45), run_before=showing("down", "right"))


def test_one_agent(snap_compare: Compare, service: FakeService) -> None:
    assert snap_compare(make_app(service), terminal_size=(160, 45), run_before=showing("f"))


def test_models(snap_compare: Compare, service: FakeService) -> None:
    run = showing("down", what=ONE_TENANT, by=Dimension.MODEL)
    assert snap_compare(make_app(service), terminal_size=(160, 45), run_before=run)


def test_light(snap_compare: Compare, service: FakeService) -> None:
    app = make_app(service, ui=UiSettings(utc=True, theme="auditail-light"))
    assert snap_compare(app, terminal_size=(160, 45), run_before=showing("down", "down", what=ONE_TENANT))


def test_narrow(snap_compare: Compare, service: FakeService) -> None:
    assert snap_compare(make_app(service), terminal_size=(80, 24), run_before=showing("down", what=ONE_TENANT))


def test_wide(snap_compare: Compare, service: FakeService) -> None:
    run = showing("left_curly_bracket", by=Dimension.TOOL)
    assert snap_compare(make_app(service), terminal_size=(200, 50), run_before=run)


def test_ascii(snap_compare: Compare, service: FakeService) -> None:
    app = make_app(service, ui=UiSettings(utc=True, ascii=True))
    assert snap_compare(app, terminal_size=(120, 35), run_before=showing("down"))


def test_empty(snap_compare: Compare) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await pilot.press("3")
        await answered(pilot)
        await until(pilot, lambda: not agents(pilot).query_one(AgentPanel).display)

    assert snap_compare(make_app(FakeService()), terminal_size=(120, 30), run_before=run)


def test_sorting(snap_compare: Compare, service: FakeService) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await showing()(pilot)
        await pilot.press("s", "down", "down")

    assert snap_compare(make_app(service), terminal_size=(120, 35), run_before=run)


def test_counting(snap_compare: Compare, service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.pilot.quiet.ENDLESS", ("tail", "table", "facts"))

    async def held(pilot: Pilot[None]) -> None:
        await showing()(pilot)
        service.analytics.in_parts = True
        service.analytics.gate.clear()
        agents(pilot).set_filter(Filter.parsed("invoice"))
        await until(pilot, lambda: agents(pilot).query_one(AgentsFilterLine).reading is not None)
        await until(pilot, lambda: agents(pilot).query_one(AgentPanel).facts is None)

    assert snap_compare(make_app(service), terminal_size=(120, 35), run_before=held)
