"""Saved views: chosen, saved, dropped, with whatever can go wrong; and what is shown copied as a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from store.filters.model import Filter
from store.searching import Sort
from store.views import SHIPPED, SavedView
from tests.pilot.fake_service import FakeService
from tests.pilot.fake_views import FakeViews
from tests.pilot.live_app import live, running, until
from tests.pilot.made_up_events import made_up
from tests.pilot.search_app import search
from tests.pilot.stage import screen_text
from tui.command_line import CommandPlace
from tui.screens.save_view import SaveViewScreen
from tui.screens.views import ViewsScreen
from tui.view_tools import ViewTools
from tui.widgets.notice_line import NoticeLine
from tui.widgets.view_list import ViewList

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

MINE = SavedView("Mine", "agent:support-bot", ("time", "tool", "agent"), "duration:desc")
BROKEN = SavedView("From before", "agnet:x")


def service(*views: SavedView) -> FakeService:
    made = FakeService(made_up(50))
    made.views = list(views)
    return made


def tools(of: FakeService) -> tuple[FakeViews, ViewTools]:
    actions = FakeViews(of)
    return actions, ViewTools(actions, CommandPlace("/data/s.db"))


async def choosing(pilot: Pilot[None]) -> ViewsScreen:
    """Press `v`, and wait until the views are there."""
    await pilot.press("v")
    await until(pilot, lambda: isinstance(pilot.app.screen, ViewsScreen) and rows(pilot))
    screen = pilot.app.screen
    assert isinstance(screen, ViewsScreen)
    return screen


def rows(pilot: Pilot[None]) -> list[str]:
    return [offer.view.name for offer in pilot.app.screen.query_one(ViewList).offers]


def said(pilot: Pilot[None]) -> str:
    """Return the notice in the line of the tab in front."""
    notice = pilot.app.screen_stack[0].query_one(NoticeLine).notice
    return "" if notice is None else notice.text


async def test_views_are_listed_with_their_queries_and_narrowed_by_typing() -> None:
    async with running(service(MINE)) as pilot:
        await choosing(pilot)
        assert rows(pilot) == ["Mine", *(view.name for view in SHIPPED)]
        text = screen_text(pilot.app)
        assert "agent:support-bot" in text
        assert text.count("shipped") == len(SHIPPED)
        assert "columns: time, tool, agent · sorted by duration, longest first" in text
        await pilot.press(*"cost")
        assert rows(pilot) == ["Expensive requests"]
        await pilot.press(*"lier")
        assert rows(pilot) == []
        assert "No view has this in its name or its query." in screen_text(pilot.app)
        await pilot.press("enter", "escape")
        assert live(pilot).what == Filter()


async def test_live_takes_the_filter_and_says_what_belongs_to_search() -> None:
    async with running(service(MINE, SavedView("Plain", "has:denial"))) as pilot:
        await choosing(pilot)
        await pilot.press("enter")
        assert live(pilot).what == Filter.parsed(MINE.query, utc=True)
        assert said(pilot) == 'Showing "Mine"; its columns and order belong to Search: press 2, then v'
        await choosing(pilot)
        await pilot.press("down", "enter")
        assert live(pilot).what == Filter.parsed("has:denial", utc=True)
        assert said(pilot) == 'Showing "Plain"'


async def test_search_takes_filter_columns_and_order() -> None:
    async with running(service(MINE, SavedView("Plain", "has:denial"))) as pilot:
        await pilot.press("2")
        await choosing(pilot)
        await pilot.press("enter")
        screen = search(pilot)
        assert screen.what == Filter.parsed(MINE.query, utc=True)
        assert screen.events.chosen_columns == MINE.columns
        assert screen.sort == Sort("duration")
        await until(pilot, lambda: screen.events.current is not None and screen.events.current.agent_id)
        assert said(pilot) == 'Showing "Mine"'
        await choosing(pilot)
        await pilot.press("down", "enter")
        assert (screen.events.chosen_columns, screen.sort) == ((), Sort())


async def test_one_that_cannot_be_understood_says_why_and_is_not_shown() -> None:
    async with running(service(BROKEN)) as pilot:
        dialog = await choosing(pilot)
        text = screen_text(pilot.app)
        assert "✗ agnet:x" in text
        assert "Cannot be shown: there is no key agnet:" in text
        await pilot.press("enter")
        assert pilot.app.screen is dialog


@pytest.mark.parametrize("key", ["D", "delete"])
async def test_ones_own_is_dropped_after_asking(key: str) -> None:
    known = service(MINE)
    _, views = tools(known)
    async with running(known, views=views) as pilot:
        await choosing(pilot)
        await pilot.press(key)
        assert 'Drop "Mine" for good?' in screen_text(pilot.app)
        await pilot.press("escape")
        assert 'Drop "Mine"' not in screen_text(pilot.app)
        assert known.views == [MINE]
        await pilot.press(key, "enter")
        await until(pilot, lambda: rows(pilot) == [view.name for view in SHIPPED])
        assert known.views == []
        await pilot.press("escape")
        assert live(pilot).what == Filter()


async def test_moving_on_takes_the_question_back() -> None:
    known = service(MINE)
    _, views = tools(known)
    async with running(known, views=views) as pilot:
        await choosing(pilot)
        await pilot.press("D", "down", "enter")
        assert known.views == [MINE]
        assert live(pilot).what == Filter.parsed(SHIPPED[0].query, utc=True)


async def test_a_shipped_one_cannot_be_dropped_and_d_is_a_letter_while_typing() -> None:
    known = service(MINE)
    _, views = tools(known)
    async with running(known, views=views) as pilot:
        await choosing(pilot)
        await pilot.press("down", "D")
        assert "comes with auditail and cannot be dropped" in screen_text(pilot.app)
        await pilot.press("d", "D")
        assert pilot.app.screen.query_one(Input).value == "dD"


async def test_what_the_store_refuses_to_drop_is_still_there() -> None:
    known = service(MINE)
    actions, views = tools(known)
    actions.broken = "the disk is full: make room"
    async with running(known, views=views) as pilot:
        await choosing(pilot)
        await pilot.press("D", "enter")
        await until(pilot, lambda: '"Mine" is still there: the disk is full: make room' in screen_text(pilot.app))
        assert rows(pilot)[0] == "Mine"


async def test_what_is_shown_is_saved_under_a_name() -> None:
    known = service()
    _, views = tools(known)
    what = Filter.parsed("agent:support-bot -status:success", utc=True)
    async with running(known, views=views, what=what) as pilot:
        await pilot.press("2")
        search(pilot).events.chosen_columns = ("time", "agent")
        search(pilot).set_sort(Sort("cost"))
        await pilot.press("V")
        text = screen_text(pilot.app)
        for told in ("agent:support-bot -status:success", "time, agent", "by cost, highest first"):
            assert told in text
        assert pilot.app.screen.query_one(Input).value == ""
        await pilot.press(*"Q1", "enter")
        await until(pilot, lambda: said(pilot) == 'Saved as "Q1": v brings it back')
        assert known.views == [SavedView("Q1", "agent:support-bot -status:success", ("time", "agent"), "cost:desc")]


async def test_a_name_is_needed_and_what_it_replaces_is_said() -> None:
    known = service(MINE)
    actions, views = tools(known)
    async with running(known, views=views) as pilot:
        await pilot.press("V", "enter")
        await until(pilot, lambda: "Not saved: give the view a name" in screen_text(pilot.app))
        await pilot.press(*"Mine")
        assert "It replaces the view of that name: agent:support-bot" in screen_text(pilot.app)
        actions.broken = "no space"
        await pilot.press("enter")
        await until(pilot, lambda: "Not saved: no space" in screen_text(pilot.app))
        actions.broken = None
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, SaveViewScreen))
        assert known.views == [SavedView("Mine", "")]


async def test_a_shipped_name_can_be_taken() -> None:
    async with running(service()) as pilot:
        await pilot.press("V")
        await until(pilot, lambda: isinstance(pilot.app.screen, SaveViewScreen))
        await pilot.press(*"Denials")
        await until(pilot, lambda: "takes the place of the one that comes with auditail" in screen_text(pilot.app))
        await pilot.press("enter")
        assert "Views cannot be saved here." in screen_text(pilot.app)


async def test_views_that_cannot_be_read_are_said_to_be() -> None:
    known = service()
    async with running(known) as pilot:
        del known.views
        await pilot.press("v")
        await until(pilot, lambda: "The views could not be read" in screen_text(pilot.app))
        await pilot.press("escape")


@pytest.fixture
def without_clipboard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TERM", "linux")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def written(folder: Path) -> list[str]:
    """Return the commands that were written to files in new folders there."""
    return [file.read_text() for file in folder.glob("*/command.sh")]


async def test_what_is_shown_is_copied_as_a_command(without_clipboard: Path) -> None:
    known = service()
    _, views = tools(known)
    async with running(known, views=views, what=Filter.parsed("agent:support-bot ms:>2s")) as pilot:
        await pilot.press("2", "Y")
        await until(pilot, lambda: said(pilot).startswith("Wrote the command to "))
        assert said(pilot).endswith("command.sh · auditail --query QUERY opens it in the dashboard")
    command = "auditail --store=/data/s.db infra logs --utc -- agent:support-bot 'ms:>2s'"
    assert written(without_clipboard) == [command]


async def test_what_no_command_can_say_is_not_copied(without_clipboard: Path) -> None:
    async with running(service(), what=Filter.parsed('agent:"a\0b"')) as pilot:
        await pilot.press("Y")
        await until(pilot, lambda: said(pilot) == "The filter has a character that no command can have.")
    assert written(without_clipboard) == []


async def test_a_folder_that_cannot_be_written_is_said(
    without_clipboard: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(without_clipboard / "nowhere"))
    async with running(service()) as pilot:
        await pilot.press("Y")
        await until(pilot, lambda: said(pilot).startswith("The command could not be written to a file: "))
