"""The dashboard with the Alerts tab in front, on a fake service with invented alerts."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from store.alerts.states import AlertState
from store.filters.model import Filter
from tests.pilot.alert_stories import EVIDENCE, ROWS, detail_of
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import running, until
from tests.pilot.made_up_events import made_up
from tui.alerts_rows import Listed
from tui.alerts_tools import AlertsTools
from tui.detection_state import DetectionState
from tui.screens.alerts import AlertsScreen

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from textual.pilot import Pilot

    from config.settings import UiSettings
    from store.alerts.model import AlertRow
    from tui.app import AuditailApp

NOBODY_LOOKS_S = 600.0
"""So long nothing counts as looked at, unless a test says otherwise."""


def with_alerts() -> FakeService:
    """Return a store with events and the invented alerts, the evidence of one of them among the events."""
    service = FakeService([*made_up(80), *(replace(one.event, seq=100 + one.event.seq) for one in EVIDENCE)])
    service.alerts.tell_stories()
    return service


def flood(service: FakeService, number: int) -> list[AlertRow]:
    """Have so many more alerts of one rule, each of another user; return them."""
    first = next(row for row in ROWS if row.rule == "password-spraying")
    rows = [
        replace(first, id=1000 + at, user=f"user-{at}", key=(("user_id", f"user-{at}"),), last_us=first.last_us - at)
        for at in range(number)
    ]
    service.alerts.put(rows)
    return rows


def only(service: FakeService, *rows: AlertRow) -> None:
    """Have these alerts and no others."""
    service.alerts.rows = []
    service.alerts.put(rows)
    service.alerts.details = {row.id: detail_of(row) for row in rows}


def tools_of(service: FakeService) -> AlertsTools:
    """Return tools that decide on the fake's alerts."""
    return AlertsTools(
        service.alerts,
        "lin",
        detection=lambda: DetectionState(26),
        as_json=lambda detail: f'{{"alert":{detail.row.id}}}',
    )


def alerts(pilot: Pilot[None]) -> AlertsScreen:
    """Return the Alerts tab, whatever is in front of it."""
    app = cast("AuditailApp", pilot.app)
    return next(screen for screen in app.screen_stack if isinstance(screen, AlertsScreen))


def listed(pilot: Pilot[None]) -> list[int | str]:
    """Return the numbers of the alerts of the list, and the ids of the rules that are one line, in their order."""
    targets = [line.target for line in alerts(pilot).listed.lines]
    return [target.name for target in targets if isinstance(target, Listed)]


def order(service: FakeService) -> list[int]:
    """Return the numbers of the alerts that are not muted, in the order of a list."""
    return [row.id for row in service.alerts.matching(Filter()) if row.state is not AlertState.MUTED]


def said(pilot: Pilot[None]) -> list[str]:
    """Return what was said in passing."""
    return [one.message for one in pilot.app._notifications]  # pyright: ignore[reportPrivateUsage] (no public list)


async def answered(pilot: Pilot[None]) -> None:
    """Wait until the lists have everything that was asked for."""
    await until(pilot, lambda: alerts(pilot).is_answered)


async def rested(pilot: Pilot[None]) -> None:
    """Wait until the pane is about the alert under the cursor as well."""
    await until(pilot, lambda: alerts(pilot).is_rested)


@asynccontextmanager
async def looking(
    service: FakeService,
    *,
    size: tuple[int, int] = (160, 45),
    ui: UiSettings | None = None,
    clock: Callable[[], int] | None = None,
    tools: AlertsTools | None = None,
) -> AsyncGenerator[Pilot[None]]:
    """Run the dashboard and go to the Alerts tab."""
    async with running(service, size=size, ui=ui, clock=clock, alerts=tools or tools_of(service)) as pilot:
        await pilot.press("4")
        await answered(pilot)
        await rested(pilot)
        yield pilot
