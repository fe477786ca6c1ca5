"""How the panel of the Agents tab looks: frozen clock, size and zone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot

from tests.pilot.panel_facts import agent, model, nothing
from tests.pilot.stage import Stage, settled
from tests.snapshot.test_live import Compare
from tui.agent_facts import AgentFacts
from tui.glyphs import ASCII, UNICODE, Glyphs
from tui.widgets.panel_agent import AgentPanel

WIDE = (160, 32)


def panel(facts: AgentFacts | None, glyphs: Glyphs = UNICODE) -> AgentPanel:
    """Return the panel with these facts; None: they are still being read."""
    made = AgentPanel()
    made.glyphs = glyphs
    made.utc = True
    made.about = "code-reviewer"
    made.facts = facts
    return made


def pressing(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Return what waits until everything is drawn, goes into the panel and presses keys."""

    async def run(pilot: Pilot[None]) -> None:
        await settled(pilot)
        if keys:
            pilot.app.query_one(AgentPanel).focus()
            await pilot.press(*keys)
        else:
            pilot.app.set_focus(None)
        await settled(pilot)

    return run


@pytest.mark.parametrize("theme", ["auditail-dark", "auditail-light"])
def test_one_agent(snap_compare: Compare, theme: str) -> None:
    assert snap_compare(Stage(panel(agent()), theme=theme), terminal_size=WIDE, run_before=pressing())


def test_a_number_is_chosen(snap_compare: Compare) -> None:
    keys = ("right",) * 3 + ("down",) * 3
    assert snap_compare(Stage(panel(agent())), terminal_size=WIDE, run_before=pressing(*keys))


def test_an_hour_is_chosen(snap_compare: Compare) -> None:
    keys = ("down", "down", "left", "left")
    assert snap_compare(Stage(panel(agent())), terminal_size=WIDE, run_before=pressing(*keys))


def test_very_wide(snap_compare: Compare) -> None:
    assert snap_compare(Stage(panel(agent())), terminal_size=(200, 32), run_before=pressing())


def test_two_columns(snap_compare: Compare) -> None:
    assert snap_compare(Stage(panel(agent())), terminal_size=(120, 45), run_before=pressing())


def test_narrow(snap_compare: Compare) -> None:
    assert snap_compare(Stage(panel(agent())), terminal_size=(80, 24), run_before=pressing("down"))


def test_ascii(snap_compare: Compare) -> None:
    assert snap_compare(Stage(panel(agent(), ASCII)), terminal_size=WIDE, run_before=pressing("down"))


def test_without_colour(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(Stage(panel(agent())), terminal_size=WIDE, run_before=pressing("down"))


def test_a_model(snap_compare: Compare) -> None:
    assert snap_compare(Stage(panel(model())), terminal_size=WIDE, run_before=pressing())


def test_nothing_in_the_window(snap_compare: Compare) -> None:
    assert snap_compare(Stage(panel(nothing())), terminal_size=WIDE, run_before=pressing())


def test_on_its_way(snap_compare: Compare) -> None:
    assert snap_compare(Stage(panel(None)), terminal_size=WIDE, run_before=pressing())


def test_no_answer(snap_compare: Compare) -> None:
    made = panel(None)
    made.notice, made.trouble = "The store did not answer; it is asked again.", True
    assert snap_compare(Stage(made), terminal_size=(100, 12), run_before=pressing())
