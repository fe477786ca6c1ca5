"""Deciding on an alert: every verdict, what is missing, how far it reaches, until when, and what it would do."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from textual import events
from textual.widgets import Input

from store.alerts.model import Decision, DecisionPreview
from store.alerts.states import STANDING, Reach, Verdict
from store.errors import StoreError
from store.filters.model import Filter
from tests.pilot.alert_stories import ATTEMPT, ATTEMPT_ROW
from tests.pilot.made_up_events import FROZEN_US
from tests.pilot.stage import Stage, screen_text, settled
from tui.glyphs import ASCII, UNICODE, Glyphs
from tui.screens.decide import DecideScreen
from tui.widgets.decide_choices import ChoiceRow
from tui.widgets.decide_verdicts import VerdictList

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from textual.pilot import Pilot

    from store.alerts.model import AlertRow

DAY = 86_400_000_000
FILTER = Filter.parsed("agent:support-bot")


def counted(decision: Decision) -> DecisionPreview:
    return DecisionPreview(1 if decision.reach is Reach.ALERT else 3, 2.1)


def dialog(
    preview: Callable[[Decision], DecisionPreview] = counted,
    *,
    row: AlertRow = ATTEMPT_ROW,
    what: Filter | None = None,
    glyphs: Glyphs = UNICODE,
) -> DecideScreen:
    return DecideScreen(row, preview, clock=lambda: FROZEN_US, utc=True, who="lin", what=what, glyphs=glyphs)


async def opened(pilot: Pilot[Any], screen: DecideScreen | None = None) -> Stage:
    assert isinstance(pilot.app, Stage)
    pilot.app.ask(screen or dialog())
    await settled(pilot)
    return pilot.app


async def typed(pilot: Pilot[Any], text: str) -> None:
    await pilot.press(*("space" if letter == " " else letter for letter in text))


def to(verdict: Verdict) -> list[str]:
    return ["down"] * list(Verdict).index(verdict)


@pytest.mark.parametrize("verdict", list(Verdict))
async def test_every_verdict_by_keys(verdict: Verdict) -> None:
    async with Stage().run_test(size=(100, 40)) as pilot:
        app = await opened(pilot)
        await pilot.press(*to(verdict), "tab")
        await typed(pilot, "U d q is why")
        await pilot.press("enter")
    until_us = FROZEN_US + 7 * DAY if verdict is Verdict.MUTE else None
    assert app.answers == [Decision(verdict, ATTEMPT, Reach.ALERT, "U d q is why", until_us)]


async def test_enter_acknowledges_at_once() -> None:
    async with Stage().run_test(size=(100, 40)) as pilot:
        app = await opened(pilot)
        await pilot.press("enter")
    assert app.answers == [Decision(Verdict.ACKNOWLEDGE, ATTEMPT, Reach.ALERT)]


@pytest.mark.parametrize("keys", [("escape",), ("tab", "x", "escape"), ("tab", "tab", "escape")])
async def test_escape_leaves_without_a_decision(keys: tuple[str, ...]) -> None:
    async with Stage().run_test(size=(100, 40)) as pilot:
        app = await opened(pilot)
        await pilot.press(*keys)
    assert app.answers == [None]


@pytest.mark.parametrize("verdict", sorted(STANDING))
async def test_a_missing_reason_is_asked_for(verdict: Verdict) -> None:
    async with Stage().run_test(size=(100, 40)) as pilot:
        app = await opened(pilot)
        await pilot.press(*to(verdict))
        assert "say why" not in screen_text(app)
        await pilot.press("enter")
        assert app.answers == []
        assert "Reason * say why" in screen_text(app)
        await typed(pilot, "so it is")  # the keys go to the reason
        assert "say why" not in screen_text(app)
        await pilot.press("enter")
    assert [answer.reason for answer in app.answers] == ["so it is"]


async def test_a_mute_needs_an_end_ahead() -> None:
    async with Stage().run_test(size=(100, 40)) as pilot:
        app = await opened(pilot)
        await pilot.press(*to(Verdict.MUTE), "tab", "x", "tab", "tab", "right", "right", "right")
        assert "○ for good" not in screen_text(app)
        assert "◉ other …" in screen_text(app)
        await pilot.press("enter")
        assert app.answers == []
        assert app.screen.focused is app.screen.query_one("#typed")
        await typed(pilot, "13:00x")
        assert "not a time: tomorrow" in screen_text(app)
        await pilot.press("backspace", "enter")
    assert [answer.until_us for answer in app.answers] == [FROZEN_US - 3_726_204_000 + DAY]


async def test_until_is_only_there_for_what_stands() -> None:
    async with Stage().run_test(size=(100, 40)) as pilot:
        app = await opened(pilot)
        assert "Until" not in screen_text(app)
        await pilot.press("tab", "tab", "tab")
        assert isinstance(app.screen.focused, VerdictList)  # what is not there is not gone to
        await pilot.press(*to(Verdict.FALSE_POSITIVE))
        assert "◉ for good" in screen_text(app)
        await pilot.press("shift+tab", "left", "left", "left")
        assert "◉ 7 days" in screen_text(app)
        await pilot.press("tab", "down", "down")
        assert "Mute until 29 Nov" in screen_text(app)
        await pilot.press("up", "up", "up")
        assert "Until" not in screen_text(app)


async def test_the_present_filter_is_offered_only_where_one_is_set() -> None:
    async with Stage().run_test(size=(100, 40)) as pilot:
        app = await opened(pilot, dialog(what=Filter()))
        assert "present filter" not in screen_text(app)
        await pilot.press("escape")
        await opened(pilot, dialog(what=FILTER))
        await pilot.press("tab", "tab", "right", "right", "right")
        assert "of this rule, found by agent:support-bot" in screen_text(app)
        await pilot.press("enter")
    assert app.answers[1] == Decision(Verdict.ACKNOWLEDGE, ATTEMPT, Reach.FILTER, what=FILTER)


async def test_the_agent_is_named_where_there_is_one() -> None:
    async with Stage().run_test(size=(100, 40)) as pilot:
        app = await opened(pilot, dialog(row=replace(ATTEMPT_ROW, agent=None)))
        assert "this rule, no agent" in screen_text(app)
        await pilot.press("tab", "tab", "right", "enter")
    assert app.answers[0].reach is Reach.RULE_AND_AGENT


async def test_the_preview_follows_verdict_and_reach() -> None:
    async with Stage().run_test(size=(100, 40)) as pilot:
        app = await opened(pilot)
        assert "Would mark this alert as seen." in screen_text(app)
        await pilot.press(*to(Verdict.MUTE), "tab", "tab", "right")
        await settled(pilot)
        assert "Would silence 3 alerts and, going by 30 days, about 2 a week." in screen_text(app)


async def test_only_the_last_question_is_answered_and_no_two_are_asked_at_once() -> None:
    asked: list[Verdict] = []
    go_on = threading.Event()

    def slowly(decision: Decision) -> DecisionPreview:
        asked.append(decision.verdict)
        assert go_on.wait(60)
        return DecisionPreview(len(asked), 0.0)

    async with Stage().run_test(size=(100, 40)) as pilot:
        assert isinstance(pilot.app, Stage)
        screen = dialog(slowly)
        pilot.app.ask(screen)
        while not asked:
            await pilot._wait_for_screen()  # pyright: ignore[reportPrivateUsage] (not until its workers are through)
        for verdict in (Verdict.RESOLVE, Verdict.FALSE_POSITIVE, Verdict.MUTE):
            screen.query_one(VerdictList).chosen = verdict
        go_on.set()
        await settled(pilot)
        await settled(pilot)
        assert asked in ([Verdict.ACKNOWLEDGE, Verdict.MUTE], [Verdict.ACKNOWLEDGE, Verdict.RESOLVE, Verdict.MUTE])
        assert "Would silence" in screen_text(pilot.app)


async def test_a_store_that_does_not_answer_stops_nobody() -> None:
    def fails(decision: Decision) -> DecisionPreview:
        raise StoreError(f"The store does not answer about {decision.verdict}.")

    async with Stage().run_test(size=(100, 40)) as pilot:
        app = await opened(pilot, dialog(fails))
        assert "✗ The store does not answer about acknowledge." in screen_text(app)
        await pilot.press("enter")
    assert app.answers != [None]


async def test_reasons_do_not_ask_again() -> None:
    asked: list[Decision] = []

    def remember(decision: Decision) -> DecisionPreview:
        asked.append(decision)
        return DecisionPreview(1, 0.0)

    async with Stage().run_test(size=(100, 40)) as pilot:
        await opened(pilot, dialog(remember))
        await pilot.press("tab")
        await typed(pilot, "because")
    assert asked == [Decision(Verdict.ACKNOWLEDGE, ATTEMPT, Reach.ALERT)]


@pytest.mark.parametrize("size", [(160, 45), (80, 24)])
async def test_everything_by_mouse(size: tuple[int, int]) -> None:
    async with Stage().run_test(size=size) as pilot:
        app = await opened(pilot, dialog(what=FILTER))

        async def click(text: str) -> None:
            rows = screen_text(app).splitlines()
            y = next(y for y, row in enumerate(rows) if text in row)
            await pilot.click(offset=(rows[y].index(text) + 1, y))
            await settled(pilot)

        await click("○ false positive")
        await click("○ this rule + support-bot")
        await click("○ 30 days")
        await click("False positive until")
        assert app.answers == []
        await typed(pilot, "known")
        await click("False positive until")
        decision = Decision(Verdict.FALSE_POSITIVE, ATTEMPT, Reach.RULE_AND_AGENT, "known", FROZEN_US + 30 * DAY)
        assert app.answers == [decision]
        await opened(pilot)
        await click("Cancel")
    assert app.answers == [decision, None]


async def test_arrows_lead_from_field_to_field() -> None:
    async with Stage().run_test(size=(100, 40)) as pilot:
        app = await opened(pilot)
        await pilot.press(*["down"] * 5)
        assert isinstance(app.screen.focused, Input)
        await pilot.press("down")
        assert isinstance(app.screen.focused, ChoiceRow)
        await pilot.press("up", "up")
        assert isinstance(app.screen.focused, VerdictList)
        assert app.screen.focused.chosen is Verdict.MUTE


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_nothing_is_out_of_reach_on_a_small_screen(size: tuple[int, int]) -> None:
    async with Stage().run_test(size=size) as pilot:
        app = await opened(pilot, dialog(what=FILTER))
        await pilot.press(*to(Verdict.ACCEPT_RISK), "tab", "tab", "right", "right", "tab")
        await settled(pilot)
        shown = screen_text(app)
        assert "◉ for good" in shown
        if size == (80, 24):
            for words in (
                "Decide on alert 118",
                "◉ accept risk",
                "Reason *",
                "◉ present filter",
                "a week",
                "Esc Cancel",
            ):
                assert words in shown


async def test_ascii_is_only_ascii() -> None:
    async with Stage().run_test(size=(100, 40)) as pilot:
        app = await opened(pilot, dialog(what=FILTER, glyphs=ASCII))
        await pilot.press(*to(Verdict.ACCEPT_RISK), "tab", "tab", "right", "right", "tab", "left", "enter")
        await settled(pilot)
        assert [row for row in screen_text(app).splitlines() if not row.isascii()] == []


async def test_enter_does_not_overtake_the_keys_before_it() -> None:
    async with Stage().run_test(size=(100, 40)) as pilot:
        app = await opened(pilot)
        for key in (*to(Verdict.RESOLVE), "enter"):  # as a terminal tells of them that were typed at once
            app.post_message(events.Key(key, None))
        await settled(pilot)
    assert [answer.verdict for answer in app.answers] == [Verdict.RESOLVE]
