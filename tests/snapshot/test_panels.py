"""How the panes and dialogs look: frozen clock, size and zone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from textual.geometry import Offset
from textual.widgets import Input

from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from tests.pilot.fake_quarantine import SETTINGS, FakeQuarantine
from tests.pilot.fake_service import FakeService, detail_of
from tests.pilot.made_up_events import FROZEN_US, MINUTE, SECOND, SHAPES, event_of, made_up
from tests.pilot.stage import Stage, settled
from tests.pilot.states_of_health import RECORDS, degraded, empty, fine, without_scanner
from tui.glyphs import ASCII, UNICODE, Glyphs
from tui.screens.discard import DiscardScreen
from tui.screens.goto_time import GotoTimeScreen
from tui.screens.help import HelpScreen
from tui.screens.picker import PickerQuestion, PickerScreen
from tui.screens.system import SystemScreen
from tui.system_tools import SystemTools
from tui.widgets.detail import DetailPane
from tui.widgets.detail_lines import Related

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.pilot import Pilot
    from textual.screen import Screen

    from store.health import Health
    from tests.snapshot.test_live import Compare

    Before = Callable[[Pilot[None]], Awaitable[None]]

WIDE = (160, 45)
NARROW = (80, 24)


def opening(dialog: Screen[Any], *keys: str) -> Before:
    """Return what opens a dialog, waits for its answer from the service, and presses keys."""

    async def before(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, Stage)
        pilot.app.ask(dialog)
        await settled(pilot)
        for text in pilot.app.screen.query(Input):
            text.cursor_blink = False
        await settled(pilot)  # a first answer may lead to another question
        await pilot.press(*keys)
        await settled(pilot)
        await settled(pilot)

    return before


def picker(field: Key, own: str, *, what: Filter | None = None, glyphs: Glyphs = UNICODE) -> PickerScreen:
    """Return a picker over an hour of events."""
    window = (FROZEN_US - 60 * MINUTE, FROZEN_US + 1)
    question = PickerQuestion(field, what or Filter(), own, window, Offset(20, 4))
    return PickerScreen(FakeService(made_up(4000)), question, glyphs=glyphs)


def system(health: Health, glyphs: Glyphs = UNICODE) -> SystemScreen:
    """Return the System tab in a state of health."""
    service = FakeService()
    service.health_answer = health
    service.records = list(RECORDS) if health.quarantined else []
    tools = SystemTools(FakeQuarantine(service), SETTINGS)
    return SystemScreen(service, clock=lambda: FROZEN_US, glyphs=glyphs, tools=tools)


def detail() -> DetailPane:
    """Return the pane with a denied call across tenants, its result, and metadata of several kinds."""
    shape = next(shape for shape in SHAPES if shape.status == "denied")
    event = replace(event_of(shape, seq=7, ts_us=FROZEN_US - 150 * SECOND), resource_tenant_id="globex")
    whole = detail_of(event)
    result = replace(event, id=8, event_type="mcp.tool_result", ts_us=event.ts_us + 203_000, message="role lacks users")
    headers = {f"x-{number}": number for number in range(12)}
    pane = DetailPane()
    pane.related = Related(6, 31, None)
    pane.now_us = FROZEN_US
    pane.detail = replace(whole, partner=result, metadata={**(whole.metadata or {}), "headers": headers})
    return pane


@pytest.mark.parametrize("theme", ["auditail-dark", "auditail-light"])
def test_detail(snap_compare: Compare, theme: str) -> None:
    pane = detail()

    async def before(pilot: Pilot[None]) -> None:
        pane.focus()
        await pilot.pause()
        pane.cursor = 4

    assert snap_compare(Stage(pane, theme=theme), terminal_size=(70, 50), run_before=before)


def test_agent_picker_narrowed(snap_compare: Compare) -> None:
    assert snap_compare(
        Stage(), terminal_size=(100, 30), run_before=opening(picker(Key.AGENT, "research-agent"), "r", "e")
    )


def test_agent_picker_leaving_out(snap_compare: Compare) -> None:
    what = Filter.of(Clause(Key.AGENT, ("support-bot",)))
    dialog = picker(Key.AGENT, "research-agent", what=what)
    assert snap_compare(Stage(), terminal_size=(100, 30), run_before=opening(dialog, "minus"))


@pytest.mark.parametrize("theme", ["auditail-dark", "auditail-light"])
def test_type_picker(snap_compare: Compare, theme: str) -> None:
    dialog = picker(Key.TYPE, "mcp.tool_call")
    assert snap_compare(Stage(theme=theme), terminal_size=(100, 30), run_before=opening(dialog))


def test_type_picker_in_ascii(snap_compare: Compare) -> None:
    dialog = picker(Key.TYPE, "mcp.tool_call", glyphs=ASCII)
    assert snap_compare(Stage(), terminal_size=NARROW, run_before=opening(dialog))


def test_system_healthy(snap_compare: Compare) -> None:
    assert snap_compare(Stage(), terminal_size=WIDE, run_before=opening(system(fine())))


@pytest.mark.parametrize("theme", ["auditail-dark", "auditail-light"])
def test_system_degraded(snap_compare: Compare, theme: str) -> None:
    assert snap_compare(Stage(theme=theme), terminal_size=WIDE, run_before=opening(system(degraded()), "tab"))


@pytest.mark.parametrize("theme", ["auditail-dark", "auditail-light"])
def test_system_quarantine_open(snap_compare: Compare, theme: str) -> None:
    before = opening(system(degraded()), "tab", "down", "down", "enter")
    assert snap_compare(Stage(theme=theme), terminal_size=WIDE, run_before=before)


def test_system_quarantine_narrow(snap_compare: Compare) -> None:
    assert snap_compare(Stage(), terminal_size=NARROW, run_before=opening(system(degraded()), "tab", "down", "down"))


def test_system_discarding(snap_compare: Compare) -> None:
    dialog = DiscardScreen(1204, "All records with the reason: not UTF-8")
    assert snap_compare(Stage(), terminal_size=(100, 30), run_before=opening(dialog, *"a test"))


def test_system_empty(snap_compare: Compare) -> None:
    assert snap_compare(Stage(), terminal_size=NARROW, run_before=opening(system(empty())))


def test_system_degraded_in_ascii(snap_compare: Compare) -> None:
    before = opening(system(degraded(), glyphs=ASCII), "tab", "down", "down")
    assert snap_compare(Stage(), terminal_size=(120, 60), run_before=before)


def test_system_degraded_narrow(snap_compare: Compare) -> None:
    assert snap_compare(Stage(), terminal_size=NARROW, run_before=opening(system(degraded())))


def test_system_without_scanner_wide(snap_compare: Compare) -> None:
    assert snap_compare(Stage(), terminal_size=(200, 50), run_before=opening(system(without_scanner())))


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_help(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(Stage(), terminal_size=size, run_before=opening(HelpScreen()))


def test_going_to_a_time(snap_compare: Compare) -> None:
    dialog = GotoTimeScreen(now_us=FROZEN_US, utc=False)
    assert snap_compare(Stage(), terminal_size=(100, 30), run_before=opening(dialog, *"9:30"))
