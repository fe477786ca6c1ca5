"""How the query line looks: offers open, something wrong, little room, plain signs."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from config.settings import UiSettings
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import live, make_app, settled, until
from tests.pilot.query_stage import QueryStage
from tests.snapshot.test_live import Compare, an_hour
from tui.glyphs import ASCII
from tui.widgets.query_input import QueryInput
from tui.widgets.query_line import QueryLine
from tui.widgets.query_popup import QueryPopup
from tui.widgets.query_problem import QueryProblem

if TYPE_CHECKING:
    from textual.pilot import Pilot

LONG = "agent:support-bot,billing-assistant (status:failure,denied OR ms:>2s) -type:agent.* "


@pytest.fixture
def service() -> FakeService:
    """Return a store that has an hour of events."""
    return FakeService(an_hour())


async def opened(pilot: Pilot[None], text: str) -> None:
    """Open the line on the Live tab, with a text before the cursor."""
    await settled(pilot)
    await pilot.press("slash")
    await until(pilot, lambda: live(pilot).query(QueryLine))
    live(pilot).query_one(QueryInput).cursor_blink = False
    live(pilot).query_one(QueryLine).open(text)
    await pilot.pause()


async def offering(pilot: Pilot[None]) -> None:
    await opened(pilot, f"{LONG}us")
    await pilot.press("tab")
    popup = live(pilot).query_one(QueryPopup)
    await until(pilot, lambda: len(popup.candidates) > 1 and not popup.note)
    await pilot.press("down", "down")


async def wrong(pilot: Pilot[None]) -> None:
    await opened(pilot, f"{LONG}stauts:failure")
    await pilot.press("enter")
    problem = live(pilot).query_one(QueryProblem)
    await until(pilot, lambda: problem.display)


@pytest.mark.parametrize("size", [(160, 45), (80, 24)], ids=["wide", "narrow"])
def test_completion_open(snap_compare: Compare, service: FakeService, size: tuple[int, int]) -> None:
    assert snap_compare(make_app(service), terminal_size=size, run_before=offering)


@pytest.mark.parametrize("size", [(160, 45), (80, 24)], ids=["wide", "narrow"])
def test_error_under_the_caret(snap_compare: Compare, service: FakeService, size: tuple[int, int]) -> None:
    assert snap_compare(make_app(service), terminal_size=size, run_before=wrong)


def test_light(snap_compare: Compare, service: FakeService) -> None:
    app = make_app(service, ui=UiSettings(utc=True, theme="auditail-light"))
    assert snap_compare(app, terminal_size=(120, 30), run_before=offering)


async def times(pilot: Pilot[None]) -> None:
    app = cast("QueryStage", pilot.app)
    app.input.cursor_blink = False
    app.line.open(f"{app.text}since:")
    await pilot.press("tab", "down")
    await pilot.pause()


def test_ascii(snap_compare: Compare) -> None:
    app = QueryStage('tool:/^delete_/ "quota exceeded" ', glyphs=ASCII)
    assert snap_compare(app, terminal_size=(100, 16), run_before=times)


def test_without_colour(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(QueryStage("agent:x "), terminal_size=(100, 16), run_before=times)
