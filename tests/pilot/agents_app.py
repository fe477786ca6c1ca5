"""The dashboard with the Agents tab in front, on a fake service with two days of events."""

from __future__ import annotations

import random
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from tests.pilot.fake_amounts import REPORTED, UNPRICED
from tests.pilot.live_app import running, until
from tests.pilot.made_up_events import FROZEN_US, made_up
from tui.messages import ShowEvents
from tui.screens.agents import AgentsScreen

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator

    import pytest
    from textual.message import Message
    from textual.pilot import Pilot

    from config.settings import UiSettings
    from store.events import EventSummary
    from store.filters.model import Filter
    from store.service import QueryService
    from tui.agents_rows import AgentRow
    from tui.app import AuditailApp

HOUR_US = 3_600_000_000
MODELS = ("claude-opus-4-5", "claude-opus-4-5", "claude-sonnet-4-5", REPORTED, UNPRICED)


def two_days(number: int = 1200, *, end_us: int = FROZEN_US, hours: int = 52) -> Iterator[EventSummary]:
    """Yield events over so many hours, the last at `end_us`; some of them of a model."""
    dice = random.Random(11)
    for event in made_up(number, end_us=end_us, step_us=hours * HOUR_US // number):
        thinks = event.tool is None and event.agent_id is not None
        yield replace(event, model=dice.choice(MODELS) if thinks else None)


def agents(pilot: Pilot[None]) -> AgentsScreen:
    """Return the Agents tab, whatever is in front of it."""
    app = cast("AuditailApp", pilot.app)
    return next(screen for screen in app.screen_stack if isinstance(screen, AgentsScreen))


def rows(pilot: Pilot[None]) -> dict[str | None, AgentRow]:
    """Return the rows by value, in their order."""
    return {row.value: row for row in agents(pilot).table.shown.rows}


def line(pilot: Pilot[None], number: int) -> str:
    """Return what a line of the table shows; 0 is the heading."""
    return agents(pilot).table.render_line(number).text


async def answered(pilot: Pilot[None]) -> None:
    """Wait until the table has everything that was asked for."""
    await until(pilot, lambda: agents(pilot).is_answered)


async def rested(pilot: Pilot[None]) -> None:
    """Wait until the panel is about the row under the cursor as well."""
    await until(pilot, lambda: agents(pilot).is_rested)


@asynccontextmanager
async def looking(
    service: QueryService,
    *,
    size: tuple[int, int] = (160, 45),
    ui: UiSettings | None = None,
    clock: Callable[[], int] | None = None,
    wait: bool = True,
) -> AsyncGenerator[Pilot[None]]:
    """Run the dashboard and go to the Agents tab; `wait` until everything was answered."""
    async with running(service, size=size, ui=ui, clock=clock) as pilot:
        await pilot.press("3")
        if wait:
            await answered(pilot)
        yield pilot


class Opened:
    """Keeps the filters that Search would be opened with, and does not open it."""

    def __init__(self, screen: AgentsScreen, patch: pytest.MonkeyPatch) -> None:
        """Listen from now on."""
        self.filters: list[Filter] = []
        self._post = screen.post_message
        patch.setattr(screen, "post_message", self._keep)

    def _keep(self, message: Message) -> bool:
        if not isinstance(message, ShowEvents):
            return self._post(message)
        self.filters.append(message.what)
        return True

    @property
    def last(self) -> Filter:
        """The last one."""
        return self.filters[-1]
