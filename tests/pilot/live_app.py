"""The dashboard on a fake service with a clock that stands still, and waiting for what threads bring."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

from config.alerts import AlertSettings
from config.settings import Settings, UiSettings
from tests.pilot.made_up_events import FROZEN_US
from tui.app import AuditailApp
from tui.screens.live import LiveScreen
from tui.widgets.histogram import MirrorHistogram
from tui.widgets.state_line import StateLine

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from textual.pilot import Pilot

    from store.filters.model import Filter
    from store.service import QueryService
    from tui.alerts_tools import AlertsTools
    from tui.view_tools import ViewTools

_PATIENCE_S = 60.0
_TURN_S = 0.005


class FrozenClock:
    """Tells the same time until it is set."""

    def __init__(self, now_us: int = FROZEN_US) -> None:
        """Stand still at a time, UTC microseconds."""
        self.now_us = now_us

    def __call__(self) -> int:
        """Return the time."""
        return self.now_us


class FakeCapture:
    """Watches `./events`, or nothing; remembers added folders."""

    def __init__(self, watching: str = "./events") -> None:
        """Say that this is watched."""
        self.watching = watching
        self.added: list[str] = []

    def describe(self) -> str:
        """Return what is watched."""
        return self.watching

    def add_folder(self, path: str) -> str | None:
        """Refuse `/nowhere`, take all others."""
        if path == "/nowhere":
            return "/nowhere does not exist: give a folder that does."
        self.added.append(path)
        return None


async def until(pilot: Pilot[None], holds: Callable[[], object]) -> None:
    """Wait until something holds, for what a worker thread brings; fails after a minute."""
    give_up = time.monotonic() + _PATIENCE_S
    while True:
        await pilot.pause()
        if holds():
            return
        assert time.monotonic() < give_up, "what was waited for did not happen"
        await asyncio.sleep(_TURN_S)


def make_app(
    service: QueryService,
    *,
    clock: Callable[[], int] | None = None,
    capture: FakeCapture | None = None,
    ui: UiSettings | None = None,
    views: ViewTools | None = None,
    what: Filter | None = None,
    alerts: AlertsTools | None = None,
    bell: bool = False,
) -> AuditailApp:
    """Return the dashboard over a service; times are shown in UTC unless `ui` says otherwise."""
    settings = Settings(ui=ui or UiSettings(utc=True), alerts=AlertSettings(bell=bell))
    capture, clock = capture or FakeCapture(), clock or FrozenClock()
    return AuditailApp(service, settings=settings, capture=capture, clock=clock, views=views, what=what, alerts=alerts)


def live(pilot: Pilot[None]) -> LiveScreen:
    """Return the Live tab, whatever is in front of it."""
    app = cast("AuditailApp", pilot.app)
    return next(screen for screen in app.screen_stack if isinstance(screen, LiveScreen))


def mode(pilot: Pilot[None]) -> str:
    """Return what the state line says: loading, following or paused."""
    return live(pilot).query_one(StateLine).state.mode


async def settled(pilot: Pilot[None]) -> None:
    """Wait until the list follows and the figures are there."""
    screen = live(pilot)
    histogram = screen.query_one(MirrorHistogram)
    await until(pilot, lambda: mode(pilot) == "following" and screen.header.events is not None)
    await until(pilot, lambda: screen.has_class("-empty") or len(histogram.bars.slices) == histogram.room)


@asynccontextmanager
async def running(
    service: QueryService,
    *,
    size: tuple[int, int] = (160, 45),
    clock: Callable[[], int] | None = None,
    capture: FakeCapture | None = None,
    ui: UiSettings | None = None,
    views: ViewTools | None = None,
    what: Filter | None = None,
    alerts: AlertsTools | None = None,
    bell: bool = False,
) -> AsyncGenerator[Pilot[None]]:
    """Run the dashboard until it has settled."""
    app = make_app(service, clock=clock, capture=capture, ui=ui, views=views, what=what, alerts=alerts, bell=bell)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        yield pilot
