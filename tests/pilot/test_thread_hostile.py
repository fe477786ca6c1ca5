"""No thread lets hostile text do anything, in tree, bars, waterfall or detail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from store.threads.step import Step
from tests.pilot.fake_service import FakeService
from tests.pilot.hostile import TEXTS, random_texts, unsafe_on_screen
from tests.pilot.live_app import running, until
from tests.pilot.made_up_events import FROZEN_US, SECOND, SHAPES, event_of
from tui.screens.thread import ThreadScreen

ALL = [*TEXTS, *random_texts(10)]


def hostile_steps() -> list[Step]:
    """Return a chain of steps, each under the one before, that say the worst in every field."""
    steps: list[Step] = []
    for seq, text in enumerate(ALL, 1):
        plain = event_of(SHAPES[seq % len(SHAPES)], seq=seq, ts_us=FROZEN_US - (len(ALL) - seq) * SECOND)
        event = replace(plain, event_type=text or "x", agent_id=text, user_id=text, tenant_id=text, tool=text)
        event = replace(event, server=text, model=text, message=text[:400])
        parent = f"span-{seq - 1}" if seq > 1 else None
        steps.append(Step(event, text, request_id=TEXTS[1], span_id=f"span-{seq}", parent_id=parent))
        steps.append(replace(steps[-1], event=replace(event, id=event.id + 1), counts=0))
    return steps


@pytest.mark.parametrize("size", [(160, 45), (80, 24), (24, 10)])
async def test_a_hostile_thread(size: tuple[int, int]) -> None:
    steps = hostile_steps()
    service = FakeService(step.event for step in steps if step.counts)
    service.threads.steps = steps
    async with running(service, size=size) as pilot:
        await pilot.press("o")
        await until(pilot, lambda: isinstance(pilot.app.screen, ThreadScreen))
        screen = pilot.app.screen
        assert isinstance(screen, ThreadScreen)
        await until(pilot, lambda: screen.thread is not None)
        assert unsafe_on_screen(pilot.app) == []
        for key in ("home", "enter", *["down"] * len(ALL), "left", "escape"):
            await pilot.press(key)
            assert unsafe_on_screen(pilot.app) == []
        assert pilot.app.is_running
