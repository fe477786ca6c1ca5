"""The Alerts tab: what it lists, and what its keys do."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from store.alerts.states import AlertState
from tests.pilot.alert_stories import ATTEMPT, DAY, EVIDENCE, MUTED_BURST, ROWS, STATEMENTS
from tests.pilot.alerts_app import (
    alerts,
    answered,
    listed,
    looking,
    only,
    order,
    rested,
    said,
    tools_of,
    with_alerts,
)
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import FrozenClock, live, running, until
from tests.pilot.made_up_events import FROZEN_US
from tests.pilot.search_app import search
from tui.app import AuditailApp
from tui.detection_state import DetectionState
from tui.screens.alerts_facts import AlertsViewed
from tui.screens.decide import DecideScreen
from tui.screens.thread import ThreadScreen
from tui.widgets.alerts_bars import AlertsFilterLine
from tui.widgets.alerts_histogram import AlertsHistogram
from tui.widgets.alerts_list import Alerts
from tui.widgets.remark_line import RemarkLine
from tui.widgets.state_line import StateLine
from tui.widgets.tab_bar import TabBar

LISTED = [row.id for row in ROWS if row.state is not AlertState.MUTED]
MUTED = [row.id for row in ROWS if row.state is AlertState.MUTED]
FIRST = LISTED[0]
SOON_S = 0.001


pytestmark = pytest.mark.usefixtures("nobody_looks")


@pytest.fixture
def service() -> FakeService:
    """Return a store with the invented alerts."""
    return with_alerts()


def bell(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Return a list that grows with every ring of the bell."""
    rung: list[bool] = []

    def ring(_app: AuditailApp) -> None:
        rung.append(True)

    monkeypatch.setattr(AuditailApp, "bell", ring)
    return rung


# What is shown.


async def test_all_that_is_to_be_looked_at_is_listed_and_muted_ones_stand_below(service: FakeService) -> None:
    async with looking(service) as pilot:
        screen = alerts(pilot)
        assert listed(pilot) == order(service)
        assert [row.id for row in screen.muted.shown.rows] == MUTED
        assert screen.board.statements == tuple(STATEMENTS)
        figures = screen.query_one(AlertsFilterLine).figures
        assert figures is not None
        assert (figures.matched, figures.within, figures.window) == (12, 11, "last 24 h")
        bars = screen.query_one(AlertsHistogram).bars
        assert sum(tally.events for tally in bars.slices) == 11
        assert sum(tally.errors for tally in bars.slices) == 4
        assert screen.pane.detail is not None
        assert screen.pane.detail.row.id == FIRST


async def test_the_badge_and_the_header_tell_how_alerts_stand(service: FakeService) -> None:
    async with running(service) as pilot:
        bar = live(pilot).query_one(TabBar)
        await until(pilot, lambda: bar.alerts is not None)
        assert "4 Alerts ▲3 " in bar.render_line(0).text
        await pilot.press("4")
        await answered(pilot)
        text = alerts(pilot).query_one(TabBar).render_line(0).text
        assert text.endswith("▲ 3 new · 7 open · 2 seen · 2 muted (250 events) ")
        service.alerts.put(replace(row, state=AlertState.SEEN) for row in ROWS if row.state is AlertState.NEW)
        await until(pilot, lambda: "▲" not in alerts(pilot).query_one(TabBar).render_line(0).text)


async def test_the_bell_rings_for_a_new_alert_and_for_nothing_else(
    service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung = bell(monkeypatch)
    async with running(service, bell=True) as pilot:
        bar = live(pilot).query_one(TabBar)
        await until(pilot, lambda: bar.alerts is not None)
        service.alerts.put([replace(ROWS[0], id=300, historical=True)])
        await until(pilot, lambda: bar.alerts is not None and bar.alerts.by_state[AlertState.NEW] == 4)
        assert not rung
        service.alerts.put([replace(ROWS[0], id=301)])
        await until(pilot, lambda: bar.alerts is not None and bar.alerts.by_state[AlertState.NEW] == 5)
        assert rung == [True]


async def test_a_paused_list_counts_alerts(service: FakeService) -> None:
    clock = FrozenClock()
    async with running(service, clock=clock) as pilot:
        screen = live(pilot)
        await until(pilot, lambda: screen.alerts is not None)
        await pilot.press("space")
        assert "alert" not in screen.query_one(StateLine).render_line(0).text
        service.alerts.put([replace(ROWS[0], id=301)])
        await until(pilot, lambda: "▲ 1 alert" in screen.query_one(StateLine).render_line(0).text)


async def test_a_new_alert_comes_by_itself_and_the_cursor_stays_where_it_is(service: FakeService) -> None:
    async with looking(service) as pilot:
        await pilot.press("down", "down")
        screen = alerts(pilot)
        chosen, before = screen.alert, screen.listed.cursor
        service.alerts.put([replace(ROWS[0], id=301, last_us=FROZEN_US - 1)])
        await until(pilot, lambda: 301 in listed(pilot))
        assert screen.alert == chosen
        assert screen.listed.cursor == before + 1


async def test_an_alert_that_grew_is_read_again(service: FakeService) -> None:
    async with looking(service) as pilot:
        service.alerts.put([replace(ROWS[0], count=7)])
        await until(pilot, lambda: (shown := alerts(pilot).pane.detail) is not None and shown.row.count == 7)


async def test_the_axis_of_a_year_says_whole_dates(service: FakeService) -> None:
    only(service, *(replace(ROWS[0], id=number, last_us=FROZEN_US - number * 30 * DAY) for number in range(1, 9)))
    async with looking(service) as pilot:
        bars = alerts(pilot).query_one(AlertsHistogram)
        axis = bars.render_line(bars.size.height - 1).text
        assert re.fullmatch(r"(\s+\d{1,2} [A-Z][a-z]{2} \d{4}){3,}\s*", axis), axis


async def test_a_pane_that_was_hidden_shows_what_it_was_given_meanwhile(service: FakeService) -> None:
    muted = [row for row in ROWS if row.state is AlertState.MUTED]
    async with looking(service) as pilot:
        pane = alerts(pilot).muted
        for display, rows in ((False, ()), (True, muted)):  # shown in its former size, nobody tells it to build lines
            pane.display = False
            await pilot.pause()
            pane.show(Alerts(tuple(rows), len(rows)), FROZEN_US)
            pane.display = display
            await pilot.pause()
        assert [line.target is not None for line in pane.lines] == [False, *[True] * len(muted)]


# States of the tab.


async def test_without_alerts_it_says_what_is_watched() -> None:
    async with looking(FakeService()) as pilot:
        await until(pilot, lambda: alerts(pilot).listed.empty_words[1].startswith("26 rules watch every event"))
        assert alerts(pilot).query_one(TabBar).render_line(0).text.endswith("no alerts ")
        await pilot.press("d", "o", "f", "enter", "tab", "tab", "U")
        assert not isinstance(pilot.app.screen, DecideScreen)


async def test_what_is_wrong_with_rules_stands_in_a_line_that_is_else_not_there(service: FakeService) -> None:
    said_of_it = ("1 rule cannot be used: `auditail rules list` says why", "page cannot be told of alerts (no)")
    state = DetectionState(26, problems=("rules/own.yml:3: no title",), attention=said_of_it)
    async with looking(service, tools=replace(tools_of(service), detection=lambda: state)) as pilot:
        line = alerts(pilot).query_one(RemarkLine)
        await until(pilot, lambda: line.display)
        text = line.render_line(0).text
        assert text.startswith(f" ✗ {said_of_it[0]} ")
        assert text.endswith(" 1 more: 5 says all ")
        await pilot.click(RemarkLine, offset=(158, 0))
        await until(pilot, lambda: pilot.app.current_mode == "system")


async def test_where_rules_are_fine_nothing_is_said_of_them(service: FakeService) -> None:
    async with looking(service) as pilot:
        assert not alerts(pilot).query_one(RemarkLine).display


async def test_where_all_is_decided_it_says_so(service: FakeService) -> None:
    only(service, replace(ROWS[0], state=AlertState.RESOLVED), replace(ROWS[1], state=AlertState.ACCEPTED))
    async with looking(service) as pilot:
        await until(pilot, lambda: "1 resolved, 1 accepted" in alerts(pilot).listed.empty_words[0])
        await pilot.press("X")
        await answered(pilot)
        assert listed(pilot) == [119, ATTEMPT]


async def test_a_store_that_does_not_answer_is_told_and_asked_again(service: FakeService) -> None:
    service.alerts.failing = True
    async with running(service, alerts=tools_of(service)) as pilot:
        await pilot.press("4")
        await until(
            pilot, lambda: alerts(pilot).listed.empty_words == ("The store did not answer.", "Press r to ask again.")
        )
        await until(pilot, lambda: any("disk I/O error" in one for one in said(pilot)))
        service.alerts.failing = False
        await pilot.press("r")
        await until(pilot, lambda: listed(pilot) == order(service))


async def test_an_alert_that_is_gone_is_said_to_be(service: FakeService) -> None:
    async with looking(service) as pilot:
        del service.alerts.details[ATTEMPT]
        await pilot.press("down")
        await until(pilot, lambda: alerts(pilot).pane.detail is None)
        assert "no longer in the store" in alerts(pilot).pane.notice


# Looked at.


async def test_what_is_in_sight_for_a_while_is_no_longer_new(
    service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.alerts_detail.VIEWED_S", SOON_S)
    async with looking(service) as pilot:
        await until(pilot, lambda: service.alerts.looked_at == [FIRST])
        await until(pilot, lambda: (row := alerts(pilot).alert) is not None and row.state is AlertState.OPEN)
        await pilot.press("down")
        await until(pilot, lambda: service.alerts.looked_at == [FIRST, ATTEMPT])


async def test_list_and_pane_say_at_once_that_it_is_no_longer_new(service: FakeService) -> None:
    async with looking(service) as pilot:
        screen = alerts(pilot)
        screen.on_alerts_viewed(AlertsViewed((FIRST,)))  # nothing is asked or answered before the next line
        assert screen.pane.detail is not None
        assert screen.pane.detail.row.state is AlertState.OPEN
        assert [row.state for row in screen.listed.shown.rows[:2]] == [AlertState.OPEN, AlertState.NEW]


async def test_on_a_narrow_screen_it_is_in_sight_only_in_its_pane(
    service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.alerts_detail.VIEWED_S", SOON_S)
    async with looking(service, size=(80, 24)) as pilot:
        await pilot.press("down")
        await rested(pilot)
        assert service.alerts.looked_at == []
        await pilot.press("enter")
        await until(pilot, lambda: service.alerts.looked_at == [ATTEMPT])


# Keys.


async def test_enter_shows_the_evidence_in_search_and_the_own_filter_stays(service: FakeService) -> None:
    async with looking(service) as pilot:
        await pilot.press("down", "enter")
        await until(pilot, lambda: pilot.app.current_mode == "search")
        assert search(pilot).what.text == f"alert:{ATTEMPT}"
        await pilot.press("4")
        assert alerts(pilot).what.text == "state:new,open,seen"
        await pilot.press("1")
        assert live(pilot).what.text == f"alert:{ATTEMPT}"


async def test_an_event_of_the_pane_leads_to_the_evidence_and_its_thread(service: FakeService) -> None:
    async with looking(service) as pilot:
        await pilot.press("down")
        await rested(pilot)
        alerts(pilot).pane.focus()
        await pilot.press("down", "o")
        await until(pilot, lambda: isinstance(pilot.app.screen, ThreadScreen))
        await pilot.press("escape", "enter")
        await until(pilot, lambda: pilot.app.current_mode == "search")
        assert search(pilot).what.text == f"alert:{ATTEMPT}"


async def test_a_thread_without_evidence_is_said_to_be_none(service: FakeService) -> None:
    async with looking(service) as pilot:
        await pilot.press("o")
        assert said(pilot) == ["The events of this alert are no longer in the store."]


async def test_tab_goes_round_all_panes(service: FakeService) -> None:
    async with looking(service) as pilot:
        screen = alerts(pilot)
        around = [screen.muted, screen.board, screen.pane, screen.query_one(AlertsHistogram), screen.listed]
        for pane in around:
            await pilot.press("tab")
            assert screen.focused is pane
        await pilot.press("shift+tab", "shift+tab")
        assert screen.focused is screen.pane
        await pilot.press("escape")
        assert screen.focused is screen.listed


async def test_the_pane_is_about_the_list_that_the_keys_are_in(service: FakeService) -> None:
    async with looking(service) as pilot:
        await pilot.press("tab")
        await until(pilot, lambda: (shown := alerts(pilot).pane.detail) is not None and shown.row.id == MUTED_BURST)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.current_mode == "search")
        assert search(pilot).what.text == f"alert:{MUTED_BURST}"


async def test_a_narrow_screen_shows_one_pane_at_a_time(service: FakeService) -> None:
    async with looking(service, size=(80, 24)) as pilot:
        screen = alerts(pilot)
        assert [pane.display for pane in screen.stacked] == [True, False, False]
        assert not screen.pane.display
        await pilot.press("tab", "tab")
        assert [pane.display for pane in screen.stacked] == [False, False, True]
        assert screen.board.has_focus
        await pilot.press("escape", "enter")
        assert screen.pane.display
        assert not screen.listed.region.width
        await pilot.press("escape")
        assert screen.listed.has_focus
        assert screen.listed.region.width == 80


async def test_maximising_gives_a_pane_the_whole_screen_and_takes_it_back(service: FakeService) -> None:
    async with looking(service) as pilot:
        screen = alerts(pilot)
        before = screen.board.size.height
        await pilot.press("tab", "tab", "z")
        await pilot.pause()
        assert screen.board.size.height > 30
        await pilot.press("z")
        await pilot.pause()
        assert screen.board.size.height == before


async def test_an_invariant_leads_to_its_alerts(service: FakeService) -> None:
    service.alerts.put([replace(ROWS[0], state=AlertState.RESOLVED)])
    async with looking(service) as pilot:
        assert FIRST not in listed(pilot)
        await pilot.press("tab", "tab", "enter")
        await answered(pilot)
        assert alerts(pilot).what.text == "rule:cross-tenant-success"
        assert listed(pilot) == [FIRST]
        assert alerts(pilot).listed.has_focus


async def test_rows_that_are_listed_get_their_sign_when_an_alert_is_found_in_them(service: FakeService) -> None:
    known, service.alerts.details = service.alerts.details, {}
    event = EVIDENCE[-1].event
    async with running(service) as pilot:
        rows = live(pilot).events.buffer
        at = next(index for index in range(len(rows)) if rows[index].ts_us == event.ts_us)
        assert not rows[at].alerted
        hits = tuple(replace(one, event=rows[at]) for one in EVIDENCE[-1:])
        service.alerts.details = {ATTEMPT: replace(known[ATTEMPT], evidence=hits)}
        service.alerts.put([replace(ROWS[0], id=301)])
        await until(pilot, lambda: rows[at].alerted)
        assert [rows[index].alerted for index in range(len(rows))].count(True) == 1
        assert "▲" in "".join(live(pilot).events.render_line(y).text for y in range(1, 30))
