"""The evidence pane: a cursor over events, choosing by key and mouse, growing, folding, and being empty."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from store.alerts.model import Evidence
from tests.pilot.alert_stories import ATTEMPT, DETAILS, EVIDENCE, EXPIRED, MUTED_BURST, NAMELESS
from tests.pilot.made_up_events import FROZEN_US
from tests.pilot.stage import Stage, screen_text, settled
from tui.glyphs import ASCII
from tui.widgets.alert_evidence import FOLDED
from tui.widgets.alert_pane import EMPTY, AlertPane

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from store.alerts.model import AlertDetail
    from store.events import EventSummary


class PaneStage(Stage):
    """Shows a pane, and remembers the events that were chosen in it."""

    def __init__(self, detail: AlertDetail | None = None) -> None:
        """Begin with this alert."""
        super().__init__()
        self.pane = AlertPane()
        self.pane.utc, self.pane.now_us = True, FROZEN_US
        self.pane.show(detail)
        self.chosen: list[tuple[int, EventSummary]] = []

    def compose(self) -> ComposeResult:
        """Yield the pane."""
        yield self.pane

    def on_alert_pane_evidence_chosen(self, message: AlertPane.EvidenceChosen) -> None:
        """Remember it."""
        self.chosen.append((message.detail.row.id, message.event))


def many(number: int) -> AlertDetail:
    events = [replace(EVIDENCE[0].event, id=index, message=f"try {index}") for index in range(number)]
    return replace(DETAILS[ATTEMPT], evidence=tuple(Evidence(event, hit=True) for event in events))


async def test_arrows_go_over_the_evidence_and_enter_chooses_an_event() -> None:
    app = PaneStage(DETAILS[ATTEMPT])
    async with app.run_test(size=(61, 45)) as pilot:
        assert app.pane.event == EVIDENCE[0].event
        await pilot.press("down", "down", "enter", "up", "enter")
        await pilot.press("end", "enter")
    assert app.chosen == [(ATTEMPT, EVIDENCE[index].event) for index in (2, 1, 4)]


async def test_a_second_click_chooses_an_event() -> None:
    app = PaneStage(DETAILS[ATTEMPT])
    async with app.run_test(size=(61, 45)) as pilot:
        y = next(y for y, row in enumerate(screen_text(app).splitlines()) if "14:01:44" in row)
        await pilot.click(offset=(20, y))
        assert (app.pane.event, app.chosen) == (EVIDENCE[2].event, [])
        await pilot.click(offset=(20, y))
    assert app.chosen == [(ATTEMPT, EVIDENCE[2].event)]


async def test_the_rest_is_scrolled_to_where_the_screen_is_low() -> None:
    app = PaneStage(DETAILS[ATTEMPT])
    async with app.run_test(size=(61, 12)) as pilot:
        await pilot.press(*["down"] * 30)
        assert "Known false positives: Staff" in screen_text(app)
        await pilot.press("home")
        assert "HIGH Attempt" in screen_text(app)


async def test_the_first_event_is_in_sight_where_it_stands_below_the_first_screen() -> None:
    app = PaneStage(DETAILS[ATTEMPT])
    async with app.run_test(size=(61, 8)) as pilot:
        await pilot.press("down", "up")
        assert "14:01:23.310" in screen_text(app)


async def test_an_alert_that_grows_keeps_the_cursor_on_its_event() -> None:
    app = PaneStage(DETAILS[ATTEMPT])
    async with app.run_test(size=(61, 45)) as pilot:
        await pilot.press("down", "down")
        app.pane.show(replace(DETAILS[ATTEMPT], evidence=EVIDENCE[1:]))
        await settled(pilot)
        assert app.pane.event == EVIDENCE[2].event
        app.pane.show(DETAILS[MUTED_BURST])
        await settled(pilot)
        assert app.pane.event == DETAILS[MUTED_BURST].evidence[0].event


@pytest.mark.parametrize("how", ["key", "mouse"])
async def test_much_evidence_is_unfolded_once(how: str) -> None:
    app = PaneStage(many(50))
    async with app.run_test(size=(61, 80)) as pilot:
        rows = screen_text(app).splitlines()
        y = next(y for y, row in enumerate(rows) if "38 more between" in row)
        if how == "key":
            await pilot.press(*["down"] * (FOLDED // 2), "enter")
        else:
            await pilot.click(offset=(10, y))
        assert screen_text(app).count("query_orders") == 50
        app.pane.show(replace(many(51), rule_agents=9))
        await settled(pilot)
        assert screen_text(app).count("query_orders") == 51
        app.pane.show(DETAILS[EXPIRED])
        app.pane.show(many(50))
        await settled(pilot)
        assert screen_text(app).count("query_orders") == FOLDED


async def test_what_is_said_where_there_is_no_alert() -> None:
    app = PaneStage()
    async with app.run_test(size=(61, 12)) as pilot:
        assert EMPTY.split(".", maxsplit=1)[0] in screen_text(app)
        await pilot.press("down", "enter", "end")
        app.pane.show(None, "The store did not answer.", trouble=True)
        await settled(pilot)
        assert "✗ The store did not answer." in screen_text(app)
    assert app.chosen == []


async def test_times_follow_the_zone() -> None:
    app = PaneStage(DETAILS[ATTEMPT])
    async with app.run_test(size=(61, 45)) as pilot:
        assert "first    14:01:23" in screen_text(app)
        app.pane.utc = False
        await settled(pilot)
        assert "first    15:01:23" in screen_text(app)


@pytest.mark.parametrize("number", [ATTEMPT, MUTED_BURST, EXPIRED, NAMELESS])
async def test_ascii_is_only_ascii(number: int) -> None:
    app = PaneStage(DETAILS[number])
    app.pane.glyphs = ASCII
    async with app.run_test(size=(61, 45)) as pilot:
        await settled(pilot)
        rows = [row.rstrip() for row in screen_text(app).splitlines()]
        assert [row for row in rows if not row.isascii()] == []
