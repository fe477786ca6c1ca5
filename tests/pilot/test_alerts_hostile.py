"""Hostile text in alerts: nothing of what an event, a rule or a decision says reaches the terminal as a command."""

from __future__ import annotations

from dataclasses import replace

import pytest

from store.alerts.model import InvariantRow, ShedRow
from store.alerts.states import AlertState, Level
from tests.pilot.alert_stories import ROWS
from tests.pilot.alerts_app import alerts, answered, looking, rested, tools_of
from tests.pilot.fake_service import FakeService
from tests.pilot.hostile import TEXTS, random_texts, unsafe_on_screen
from tests.pilot.made_up_events import FROZEN_US
from tui.messages import ShowNotice

ALL = [*TEXTS, *random_texts(12)]
STATES = (AlertState.NEW, AlertState.SEEN, AlertState.MUTED)


def hostile_alerts() -> FakeService:
    """Return a store whose alerts, invariants and forgetful rules say nothing that is harmless."""
    service = FakeService()
    fields = ("agent_id", "user_id", "tenant_id", "resource_tenant_id", "metadata.ip")
    for number, text in enumerate(ALL):
        row = replace(
            ROWS[number % len(ROWS)],
            id=number + 1,
            rule_id=text if number % 2 else "one",
            rule=text,
            title=text,
            state=STATES[number % len(STATES)],
            until_us=FROZEN_US,
            agent=text,
            user=text,
            key=tuple((field, text) for field in fields) if number % 3 else (),
            explanation=text,
        )
        service.alerts.put([row])
        service.alerts.statements.append(InvariantRow(text, text, text, Level.HIGH, 1, number % 2, None))
        service.alerts.forgotten.append(ShedRow(text, 1, 2, FROZEN_US))
    return service


@pytest.mark.parametrize("size", [(160, 100), (80, 24)])
async def test_lists_board_bars_and_notices_let_nothing_through(size: tuple[int, int]) -> None:
    async with looking(hostile_alerts(), size=size) as pilot:
        for _ in range(5):
            assert unsafe_on_screen(pilot.app) == []
            await pilot.press("tab", "down")
        await pilot.press("escape", "end", "right", "f")
        await answered(pilot)
        await rested(pilot)
        assert unsafe_on_screen(pilot.app) == []
        await pilot.press("X", "Y")
        alerts(pilot).post_message(ShowNotice(TEXTS[1], trouble=True))
        await answered(pilot)
        assert unsafe_on_screen(pilot.app) == []


async def test_a_store_may_fail_in_any_words() -> None:
    service = hostile_alerts()
    async with looking(service, tools=tools_of(service)) as pilot:
        for text in TEXTS:
            for group in ("alerts", "decision"):
                alerts(pilot)._told = False  # pyright: ignore[reportPrivateUsage] (it is said once)
                alerts(pilot).question_failed(group, text)
            await pilot.pause()
            assert unsafe_on_screen(pilot.app) == []
