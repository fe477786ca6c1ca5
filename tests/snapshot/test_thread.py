"""How a thread looks: frozen clock, size and zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.settings import UiSettings
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import make_app, until
from tests.pilot.made_up_events import made_up
from tests.pilot.test_thread import opened, screen, told
from tests.snapshot.test_live import drawn, following
from tui.screens.thread import ThreadScreen
from tui.widgets.detail import DetailPane

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tests.snapshot.test_live import Compare


async def showing(pilot: Pilot[None]) -> None:
    """Open the thread."""
    await following(pilot)
    await opened(pilot)
    await drawn(pilot)


async def showing_session(pilot: Pilot[None]) -> None:
    """Open the thread and widen it."""
    await showing(pilot)
    await pilot.press("o")
    await drawn(pilot)


async def showing_detail(pilot: Pilot[None]) -> None:
    """Open the thread and its event."""
    await showing(pilot)
    await pilot.press("enter")
    pane = screen(pilot).query_one(DetailPane)
    await until(pilot, lambda: pane.detail is not None and pane.lines and screen(pilot).steps.size.width == 160 - 58)
    await drawn(pilot)


async def showing_alone(pilot: Pilot[None]) -> None:
    """Open the thread of an event that has none."""
    await following(pilot)
    await pilot.press("o")
    await drawn(pilot)
    assert isinstance(pilot.app.screen, ThreadScreen)


@pytest.mark.parametrize("theme", ["auditail-dark", "auditail-light"])
def test_a_request(snap_compare: Compare, theme: str) -> None:
    app = make_app(told(), ui=UiSettings(utc=True, theme=theme))
    assert snap_compare(app, terminal_size=(160, 45), run_before=showing)


def test_a_session(snap_compare: Compare) -> None:
    assert snap_compare(make_app(told()), terminal_size=(160, 45), run_before=showing_session)


def test_detail_open(snap_compare: Compare) -> None:
    assert snap_compare(make_app(told()), terminal_size=(160, 45), run_before=showing_detail)


def test_narrow(snap_compare: Compare) -> None:
    assert snap_compare(make_app(told()), terminal_size=(80, 24), run_before=showing)


def test_wide(snap_compare: Compare) -> None:
    assert snap_compare(make_app(told()), terminal_size=(200, 50), run_before=showing)


def test_ascii(snap_compare: Compare) -> None:
    app = make_app(told(), ui=UiSettings(utc=True, ascii=True))
    assert snap_compare(app, terminal_size=(120, 30), run_before=showing)


def test_an_event_alone(snap_compare: Compare) -> None:
    assert snap_compare(make_app(FakeService(made_up(30))), terminal_size=(120, 30), run_before=showing_alone)
