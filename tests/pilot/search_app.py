"""The dashboard with the Search tab in front, on a fake service."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

from tests.pilot.live_app import running, until
from tui.screens.search import SearchScreen
from tui.widgets.query_line import QueryLine
from tui.widgets.search_state import SearchStateLine

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from textual.pilot import Pilot

    from config.settings import UiSettings
    from store.events import EventSummary
    from tests.pilot.fake_service import FakeService
    from tui.app import AuditailApp


def search(pilot: Pilot[None]) -> SearchScreen:
    """Return the Search tab, whatever is in front of it."""
    app = cast("AuditailApp", pilot.app)
    return next(screen for screen in app.screen_stack if isinstance(screen, SearchScreen))


def cursor(pilot: Pilot[None]) -> EventSummary:
    """Return the event under the cursor."""
    current = search(pilot).events.current
    assert current is not None
    return current


def state(pilot: Pilot[None]) -> str:
    """Return what the state line says is going on."""
    return search(pilot).query_one(SearchStateLine).state.mode


def said(pilot: Pilot[None]) -> str:
    """Return the state line's text."""
    return search(pilot).query_one(SearchStateLine).render_line(0).text.strip()


def passing(pilot: Pilot[None]) -> int | None:
    """Return how many events the query line says there are."""
    return search(pilot).query_one(QueryLine).passing


def listed(pilot: Pilot[None]) -> list[EventSummary]:
    """Return the rows in hand, from the top."""
    buffer = search(pilot).events.buffer
    return [buffer[index] for index in range(len(buffer))]


async def counted(pilot: Pilot[None]) -> None:
    """Wait until rows and numbers of the present filter are there."""
    screen = search(pilot)
    await until(
        pilot,
        lambda: screen.is_answered and state(pilot) == "found" and screen.counted_for == screen.what,
    )


@asynccontextmanager
async def searching(
    service: FakeService, *, size: tuple[int, int] = (160, 45), ui: UiSettings | None = None, wait: bool = True
) -> AsyncGenerator[Pilot[None]]:
    """Run the dashboard and go to the Search tab; `wait` until everything was counted."""
    async with running(service, size=size, ui=ui) as pilot:
        await pilot.press("2")
        if wait:
            await counted(pilot)
        yield pilot
