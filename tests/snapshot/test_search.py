"""How the Search tab looks in its states: frozen clock, size and zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.settings import UiSettings
from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import make_app, settled, until
from tests.pilot.search_app import counted, search, state
from tests.snapshot.test_live import Compare, an_hour

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.pilot import Pilot

CHIPS = Filter.of(
    Clause(Key.AGENT, ("support-bot", "billing-assistant")), Clause(Key.TYPE, ("agent.message",), negated=True)
)


@pytest.fixture
def service() -> FakeService:
    """Return a store that has an hour of events."""
    return FakeService(an_hour())


def showing(*keys: str, what: Filter | None = None) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Return what goes to the Search tab, filters and presses keys there."""

    async def run(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await pilot.press("2")
        await counted(pilot)
        if what is not None:
            search(pilot).set_filter(what)
            await counted(pilot)
        await pilot.press(*keys)
        await pilot.pause()

    return run


def test_everything(snap_compare: Compare, service: FakeService) -> None:
    assert snap_compare(make_app(service), terminal_size=(160, 45), run_before=showing())


def test_light(snap_compare: Compare, service: FakeService) -> None:
    app = make_app(service, ui=UiSettings(utc=True, theme="auditail-light"))
    assert snap_compare(app, terminal_size=(160, 45), run_before=showing("b", "down", what=CHIPS))


def test_wide(snap_compare: Compare, service: FakeService) -> None:
    assert snap_compare(make_app(service), terminal_size=(200, 50), run_before=showing("enter", what=CHIPS))


def test_narrow(snap_compare: Compare, service: FakeService) -> None:
    assert snap_compare(make_app(service), terminal_size=(80, 24), run_before=showing(what=CHIPS))


def test_narrow_facets(snap_compare: Compare, service: FakeService) -> None:
    assert snap_compare(make_app(service), terminal_size=(80, 24), run_before=showing("b", "down"))


def test_nothing_found(snap_compare: Compare, service: FakeService) -> None:
    nobody = Filter.of(Clause(Key.AGENT, ("nobody",)))
    assert snap_compare(make_app(service), terminal_size=(120, 30), run_before=showing(what=nobody))


def test_a_chosen_window(snap_compare: Compare, service: FakeService) -> None:
    brackets = ["left_square_bracket"] * 4
    assert snap_compare(make_app(service), terminal_size=(160, 45), run_before=showing(*brackets))


def test_facets_that_are_left_out(snap_compare: Compare, service: FakeService) -> None:
    assert snap_compare(make_app(service), terminal_size=(140, 40), run_before=showing("b", "tab", what=CHIPS))


def test_ascii(snap_compare: Compare, service: FakeService) -> None:
    app = make_app(service, ui=UiSettings(utc=True, ascii=True))
    keys = ["left_square_bracket"] * 2
    assert snap_compare(app, terminal_size=(120, 30), run_before=showing(*keys, what=CHIPS))


def test_sorting(snap_compare: Compare, service: FakeService) -> None:
    assert snap_compare(make_app(service), terminal_size=(120, 30), run_before=showing("s", "down"))


def test_columns(snap_compare: Compare, service: FakeService) -> None:
    keys = ("c", "down", "space", "down", "left", "left")
    assert snap_compare(make_app(service), terminal_size=(120, 30), run_before=showing(*keys))


def test_searching(snap_compare: Compare, service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.pilot.quiet.ENDLESS", ("tail", "page"))

    async def held(pilot: Pilot[None]) -> None:
        await showing()(pilot)
        service.search.streaming = True
        service.search.gate.clear()
        search(pilot).set_filter(Filter.of(Clause(Key.AGENT, ("nobody",))))
        await until(pilot, lambda: state(pilot) == "searching" and search(pilot).counted_for == search(pilot).what)

    assert snap_compare(make_app(service), terminal_size=(120, 30), run_before=held)
