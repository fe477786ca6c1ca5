"""Help, palette, going to a time, adding a folder, and the page of an empty store."""

from __future__ import annotations

from typing import Any

import pytest

from config.settings import Settings
from tests.pilot.by_hand import MadeUpCapture
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import until
from tests.pilot.made_up_events import FROZEN_US, made_up
from tests.pilot.stage import Stage, screen_text, settled
from tui.actions import ACTIONS, Place
from tui.app import AuditailApp
from tui.messages import AddFolder
from tui.palette import UNLISTED, ActionProvider, listed
from tui.screens.add_folder import AddFolderScreen
from tui.screens.goto_time import GotoTimeScreen
from tui.screens.help import HelpScreen
from tui.screens.picker import PickerScreen
from tui.widgets.first_run import FirstRun
from tui.widgets.help_lines import HelpLines


def dashboard() -> AuditailApp:
    return AuditailApp(FakeService(made_up(50)), settings=Settings(), capture=MadeUpCapture(), clock=lambda: FROZEN_US)


@pytest.mark.parametrize("size", [(160, 60), (80, 24)])
async def test_help_tells_every_action(size: tuple[int, int]) -> None:
    app = Stage()
    async with app.run_test(size=size) as pilot:
        app.ask(HelpScreen())
        await settled(pilot)
        told = "\n".join("".join(text for text, _ in line.spans) for line in app.screen.query_one(HelpLines).lines)
    assert [action.help for action in ACTIONS if action.help not in told] == []


@pytest.mark.parametrize("key", ["escape", "q", "question_mark", "f1"])
async def test_help_closes(key: str) -> None:
    app = Stage()
    async with app.run_test(size=(100, 30)) as pilot:
        app.ask(HelpScreen())
        await settled(pilot)
        await pilot.press(key)
        assert not isinstance(app.screen, HelpScreen)


async def test_the_palette_offers_every_action_that_needs_no_key_under_the_finger() -> None:
    app = dashboard()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        provider = ActionProvider(app.screen)
        found = [hit.text async for hit in provider.discover()]
    elsewhere = (Place.LIST, Place.SEARCH, Place.AGENTS, Place.ALERTS, Place.SYSTEM)
    expected = [action.help for action in ACTIONS if action.place not in elsewhere and action.name not in UNLISTED]
    assert found == expected


async def test_the_palette_finds_by_meaning_and_runs_what_it_finds() -> None:
    app = dashboard()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        provider = ActionProvider(app.screen)
        hits = [hit async for hit in provider.search("filter by agent")]
        best = max(hits, key=lambda hit: hit.score)
        assert best.text == "Filter by agent"
        run: Any = best.command
        await run()
        await pilot.pause()
        assert isinstance(app.screen, PickerScreen)


async def test_the_palette_of_another_tab_leaves_out_what_only_live_can_do() -> None:
    app = dashboard()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("5")
        await pilot.pause()
        found = {hit.text async for hit in ActionProvider(app.screen).discover()}
    assert {"Leave auditail", "Watch one more folder"} <= found
    assert "Filter by agent" not in found
    assert len(listed()) > len(found)


async def test_a_time_is_said_back_while_it_is_typed_and_then_gone_to() -> None:
    app = Stage()
    async with app.run_test(size=(100, 30)) as pilot:
        app.ask(GotoTimeScreen(now_us=FROZEN_US, utc=False))
        await settled(pilot)
        await pilot.press(*"14:30")
        assert "2026-11-22 14:30:00.000 +01:00 · 32 min ago" in screen_text(app)
        await pilot.press("enter")
    assert app.answers == [1_795_354_200_000_000]


async def test_what_is_no_time_stays_until_it_is_one() -> None:
    app = Stage()
    async with app.run_test(size=(100, 30)) as pilot:
        app.ask(GotoTimeScreen(now_us=FROZEN_US, utc=True))
        await settled(pilot)
        await pilot.press(*"25:99", "enter")
        assert "not a time yet" in screen_text(app)
        assert app.answers == []
        await pilot.press("escape")
        assert app.answers == [None]


async def test_a_folder_is_answered_as_typed() -> None:
    app = Stage()
    async with app.run_test(size=(100, 30)) as pilot:
        app.ask(AddFolderScreen())
        await settled(pilot)
        await pilot.press("enter", *"~/q events", "enter")
    assert app.answers == ["~/q events"]


async def test_no_folder_is_answered_by_escape() -> None:
    app = Stage()
    async with app.run_test(size=(100, 30)) as pilot:
        app.ask(AddFolderScreen())
        await settled(pilot)
        await pilot.press("x", "escape")
    assert app.answers == [None]


@pytest.mark.parametrize("size", [(160, 45), (80, 24)])
async def test_a_newcomer_is_told_what_to_do(size: tuple[int, int]) -> None:
    page = FirstRun()
    app = Stage(page)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        text = screen_text(app)
        for told in ("watch a folder", "auditail --watch PATH", "auditail demo", '"event_type"', "press +"):
            assert told in text
        page.watching = "./events"
        await pilot.pause()
        assert "watching ./events" in screen_text(app)
        await pilot.click(page, offset=(4, next(i for i, line in enumerate(page.lines) if line.target == "add")))
    assert [type(message) for message in app.posted] == [AddFolder]


class GrowingCapture(MadeUpCapture):
    """Watches nothing until a folder is added."""

    folder = ""

    def describe(self) -> str:
        """Return the folder that was added."""
        return self.folder

    def add_folder(self, path: str) -> str | None:
        """Take it."""
        self.folder = path
        return None


async def test_an_added_folder_is_named_on_the_page_of_an_empty_store() -> None:
    app = AuditailApp(FakeService(), settings=Settings(), capture=GrowingCapture(), clock=lambda: FROZEN_US)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "nothing is watched yet" in screen_text(app))
        await pilot.press("plus")
        await pilot.pause()
        await pilot.press(*"/data", "enter")
        await until(pilot, lambda: "watching /data: drop a file there" in screen_text(app))
