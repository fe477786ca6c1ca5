"""The Alerts tab's filter, its folded rules, and decisions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from store.alerts.model import Decision
from store.alerts.states import AlertState, Level, Reach, Verdict
from tests.pilot.alert_stories import ATTEMPT, ROWS
from tests.pilot.alerts_app import (
    alerts,
    answered,
    flood,
    listed,
    looking,
    order,
    said,
    tools_of,
    with_alerts,
)
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import until
from tests.pilot.made_up_events import FROZEN_US, SECOND
from tests.pilot.stage import screen_text
from tui.alerts_query import all_of_rule
from tui.alerts_tools import AlertsTools
from tui.screens.decide import DecideScreen
from tui.screens.picker import PickerScreen
from tui.widgets.alert_pane import AlertPane
from tui.widgets.filter_line import FilterLine
from tui.widgets.query_line import QueryLine

if TYPE_CHECKING:
    from textual.pilot import Pilot

MUTED = [row.id for row in ROWS if row.state is AlertState.MUTED]
FIRST = ROWS[0].id


pytestmark = pytest.mark.usefixtures("nobody_looks")


@pytest.fixture
def service() -> FakeService:
    """Return a store with the invented alerts."""
    return with_alerts()


# The filter.


async def test_f_keeps_the_rule_and_its_capital_leaves_it_out(service: FakeService) -> None:
    async with looking(service) as pilot:
        await pilot.press("f")
        await answered(pilot)
        assert listed(pilot) == [FIRST]
        await pilot.press("x", "F")
        await answered(pilot)
        assert alerts(pilot).what.text == "state:new,open,seen -rule:cross-tenant-success"
        assert listed(pilot) == order(service)[1:]


async def test_the_filter_is_cleared_to_everything_and_back(service: FakeService) -> None:
    service.alerts.put([replace(ROWS[0], state=AlertState.RESOLVED)])
    async with looking(service) as pilot:
        assert FIRST not in listed(pilot)
        await pilot.press("X")
        await answered(pilot)
        assert FIRST in listed(pilot)
        assert [row.id for row in alerts(pilot).muted.shown.rows] == MUTED
        await pilot.press("X")
        await answered(pilot)
        assert FIRST not in listed(pilot)


async def test_it_is_typed_with_the_keys_of_alerts(service: FakeService) -> None:
    async with looking(service) as pilot:
        await pilot.press("slash")
        await pilot.press(*"level:low")
        line = alerts(pilot).query_one(QueryLine)
        await until(pilot, lambda: line.passing == 3)
        assert line.total == len(ROWS)
        await pilot.press("enter")
        await answered(pilot)
        assert alerts(pilot).what.text == "state:new,open,seen level:low"
        assert all(row.level is Level.LOW for row in alerts(pilot).listed.shown.rows)
        assert alerts(pilot).query_one(FilterLine).display
        await pilot.press("slash", "escape")
        assert alerts(pilot).listed.has_focus


async def test_a_picker_narrows_to_an_agent(service: FakeService) -> None:
    async with looking(service) as pilot:
        await pilot.press("down", "a")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickerScreen))
        await pilot.press("enter")
        await answered(pilot)
        assert alerts(pilot).what.text == "state:new,open,seen agent:support-bot"
        assert {row.agent for row in alerts(pilot).listed.shown.rows} == {"support-bot"}


async def test_bars_narrow_to_their_time(service: FakeService) -> None:
    async with looking(service) as pilot:
        await pilot.press("shift+tab", "left", "enter")
        await answered(pilot)
        assert "since:2026-11-22T14:00:00Z" in alerts(pilot).what.text
        assert 0 < len(listed(pilot)) < 12


async def test_the_list_is_copied_as_a_command(service: FakeService) -> None:
    async with looking(service) as pilot:
        await pilot.press("Y")
        await until(pilot, lambda: said(pilot))
        assert pilot.app.clipboard == "auditail alerts list --utc -- state:new,open,seen"


# Many alerts of one rule.


async def test_many_alerts_of_one_rule_are_one_line_until_they_are_unfolded(service: FakeService) -> None:
    rows = flood(service, 40)
    async with looking(service) as pilot:
        rule = rows[0].rule_id
        assert rule in listed(pilot)
        assert not any(row.id in listed(pilot) for row in rows)
        screen = alerts(pilot)
        at = screen.listed.find(rule)
        assert at is not None
        screen.listed.cursor = at
        assert "41 alerts" in "".join(text for text, _ in screen.listed.lines[at].spans)
        await pilot.press("right")
        assert rows[-1].id in listed(pilot)
        await pilot.press("down", "down", "left")
        assert rows[-1].id not in listed(pilot)
        assert screen.listed.cursor == at
        await pilot.press("enter")
        assert rows[-1].id in listed(pilot)


async def test_no_more_than_can_be_read_are_listed(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.screens.alerts_questions.MOST_LISTED", 4)
    async with looking(service) as pilot:
        assert listed(pilot) == order(service)[:4]
        assert "and 8 more" in "".join(text for text, _ in alerts(pilot).listed.lines[-1].spans)


# Decisions.


async def test_a_decision_is_asked_for_taken_told_and_taken_back(service: FakeService) -> None:
    async with looking(service) as pilot:
        await pilot.press("down", "d")
        await until(pilot, lambda: isinstance(pilot.app.screen, DecideScreen))
        pilot.app.screen.dismiss(
            Decision(Verdict.MUTE, ATTEMPT, Reach.ALERT, "migration", FROZEN_US + 5 * 86_400 * SECOND)
        )
        await until(pilot, lambda: ATTEMPT in [row.id for row in alerts(pilot).muted.shown.rows])
        assert said(pilot) == ["1 alert muted until 27 Nov · U undoes it"]
        assert ATTEMPT not in listed(pilot)
        await pilot.press("U")
        await until(pilot, lambda: ATTEMPT in listed(pilot))
        assert said(pilot)[-1] == 'Taken back: "muted". 1 alert stands as before.'
        await pilot.press("U")
        await until(pilot, lambda: len(said(pilot)) == 3)
        assert "None of your decisions" in said(pilot)[-1]


async def test_enter_in_the_dialog_acknowledges_the_alert_under_the_cursor(service: FakeService) -> None:
    async with looking(service) as pilot:
        await pilot.press("d", "enter")
        await until(pilot, lambda: service.alerts.decided)
        assert service.alerts.decided == [Decision(Verdict.ACKNOWLEDGE, FIRST, Reach.ALERT)]
        await until(pilot, lambda: alerts(pilot).alert == replace(ROWS[0], state=AlertState.SEEN))


async def test_a_decision_that_cannot_be_taken_is_told(service: FakeService) -> None:
    async with looking(service) as pilot:
        await pilot.press("d")
        await until(pilot, lambda: isinstance(pilot.app.screen, DecideScreen))
        service.alerts.failing = True
        await pilot.press("enter")
        await until(pilot, lambda: any("Nothing was decided: disk I/O error" in one for one in said(pilot)))


async def deciding_on_a_flood(pilot: Pilot[None], rule_id: str) -> DecideScreen:
    """Put the cursor on the line of a rule, and ask what to decide."""
    screen = alerts(pilot)
    at = screen.in_hand.find(rule_id)
    assert at is not None
    screen.in_hand.cursor = at
    await pilot.press("d")
    await until(pilot, lambda: isinstance(pilot.app.screen, DecideScreen))
    assert isinstance(pilot.app.screen, DecideScreen)
    return pilot.app.screen


async def test_the_line_of_many_alerts_is_decided_on_as_a_whole(service: FakeService) -> None:
    rows = flood(service, 40)
    async with looking(service) as pilot:
        dialog = await deciding_on_a_flood(pilot, rows[0].rule_id)
        shown = screen_text(pilot.app)
        assert "Decide on 41 alerts of one rule" in shown
        assert "◉ all 41" in shown
        assert "of this rule, found by state:new,open,seen" in shown
        await pilot.press("enter")
        await until(pilot, lambda: service.alerts.decided)
        assert service.alerts.decided[0].reach is Reach.FILTER
        assert service.alerts.decided[0].alert_id == dialog.form.row.id
        await until(pilot, lambda: said(pilot) == ["41 alerts acknowledged · U undoes it"])


async def test_one_of_the_many_can_be_chosen_and_is_said_to_be_one(service: FakeService) -> None:
    rows = flood(service, 40)
    async with looking(service) as pilot:
        dialog = await deciding_on_a_flood(pilot, rows[0].rule_id)
        number = dialog.form.row.id
        await pilot.press("tab", "tab", "left", "left")
        shown = screen_text(pilot.app)
        assert f"Decide on alert {number} " in shown
        assert f"◉ alert {number} alone" in shown
        assert "1 of 41 alerts of this rule" in shown
        await pilot.press("enter")
        await until(pilot, lambda: service.alerts.decided == [Decision(Verdict.ACKNOWLEDGE, number, Reach.ALERT)])


async def test_without_a_filter_the_line_of_a_rule_is_about_the_rule(service: FakeService) -> None:
    rows = flood(service, 40)
    async with looking(service) as pilot:
        await pilot.press("X")
        await answered(pilot)
        dialog = await deciding_on_a_flood(pilot, rows[0].rule_id)
        assert dialog.form.question.what == all_of_rule(rows[0].rule)


async def test_in_a_limited_scope_one_of_many_is_decided_on_and_that_is_said(service: FakeService) -> None:
    rows = flood(service, 40)
    async with looking(service, tools=replace(tools_of(service), scoped=True)) as pilot:
        await deciding_on_a_flood(pilot, rows[0].rule_id)
        assert "1 of 41 alerts of this rule: --tenant allows no more" in screen_text(pilot.app)


async def test_of_many_muted_alerts_one_is_decided_on(service: FakeService) -> None:
    rows = flood(service, 40)
    service.alerts.put(replace(row, state=AlertState.MUTED) for row in rows)
    async with looking(service) as pilot:
        await pilot.press("tab")
        dialog = await deciding_on_a_flood(pilot, rows[0].rule_id)
        assert dialog.form.question.reach is Reach.ALERT
        assert "1 of 40 alerts of this rule" in screen_text(pilot.app)


async def test_without_anybody_to_decide_alerts_can_only_be_looked_at(service: FakeService) -> None:
    async with looking(service, tools=AlertsTools()) as pilot:
        await pilot.press("d", "U")
        assert said(pilot) == ["Alerts can only be looked at here."] * 2
        assert isinstance(alerts(pilot).pane, AlertPane)
