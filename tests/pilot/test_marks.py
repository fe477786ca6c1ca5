"""Marked events: one set of marks for all lists, a sign before the row, and a key that goes from one to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import live, mode, running, until
from tests.pilot.made_up_events import made_up
from tests.pilot.search_app import counted, search, searching
from tests.pilot.test_thread import opened, screen, told
from tui.glyphs import ASCII
from tui.marks import Marks
from tui.screens.search import SearchScreen
from tui.screens.thread import ThreadScreen
from tui.widgets.event_list import EventList
from tui.widgets.state_line import StateLine

if TYPE_CHECKING:
    from textual.pilot import Pilot


def at(events: EventList) -> int:
    assert events.current is not None
    return events.current.id


def signs(events: EventList) -> list[str]:
    """Return what stands before each row on the screen."""
    return [events.render_line(row + 1).text[1] for row in range(events.view.height)]


def marks(pilot: Pilot[None]) -> Marks:
    return live(pilot).marks


def test_marks_go_round() -> None:
    marked = Marks()
    for one in (5, 9, 1, 7, 7):
        marked.toggle(one)
    assert marked.behind(5) == [9, 1, 5]
    assert marked.behind(9) == [1, 5, 9]
    assert 7 not in marked


async def test_m_marks_a_row_and_takes_the_mark_off() -> None:
    async with running(FakeService(made_up(300))) as pilot:
        events = live(pilot).events
        await pilot.press("up", "m", "up")
        assert signs(events).count("◆") == 1
        await pilot.press("down", "m")
        assert "◆" not in signs(events)


async def test_the_mark_is_plain_where_only_ascii_can_be_shown() -> None:
    async with running(FakeService(made_up(300))) as pilot:
        events = live(pilot).events
        await pilot.press("up", "m")
        events.glyphs = ASCII
        events.watch_utc()
        assert ASCII.mark in signs(events)


async def test_the_next_mark_is_gone_to_wherever_it_is() -> None:
    service = FakeService(made_up(3000))
    async with running(service) as pilot:
        events = live(pilot).events
        everything = [event.id for event in made_up(3000)]
        for one in (everything[10], everything[1500], everything[2990]):
            marks(pilot).toggle(one)
        for one in (everything[10], everything[1500], everything[2990], everything[10]):
            await pilot.press("apostrophe")
            await until(pilot, lambda one=one: at(events) == one)
        assert mode(pilot) == "paused"


async def test_marks_that_the_filter_leaves_out_are_passed_over() -> None:
    async with running(FakeService(made_up(900))) as pilot:
        rows = list(made_up(900))
        acme = [event.id for event in rows if event.tenant_id == "acme"]
        other = [event.id for event in rows if event.tenant_id == "globex"]
        for one in (acme[3], other[5], acme[40]):
            marks(pilot).toggle(one)
        live(pilot).set_filter(Filter.of(Clause(Key.TENANT, ("acme",))))
        for one in (acme[3], acme[40], acme[3]):
            await pilot.press("apostrophe")
            await until(pilot, lambda one=one: at(live(pilot).events) == one)
        live(pilot).set_filter(Filter.of(Clause(Key.TENANT, ("initech",))))
        await pilot.press("apostrophe")
        await until(pilot, lambda: "no marked event" in notice(pilot))


def notice(pilot: Pilot[None]) -> str:
    said = live(pilot).query_one(StateLine).notice
    return "" if said is None else said.text


async def test_without_a_mark_the_key_says_how_to_set_one() -> None:
    async with running(FakeService(made_up(30))) as pilot:
        await pilot.press("apostrophe")
        assert "m marks" in notice(pilot)


async def test_search_shows_the_same_marks() -> None:
    async with searching(FakeService(made_up(300))) as pilot:
        await counted(pilot)
        await pilot.press("up", "up", "m", "end", "apostrophe")
        marked = at(search(pilot).events)
        assert "◆" in signs(search(pilot).events)
        await pilot.press("1")
        await pilot.pause()
        assert marked in live(pilot).events.marks
        assert "◆" in signs(live(pilot).events)


async def test_a_thread_marks_its_rows_and_the_list_shows_them() -> None:
    async with running(told()) as pilot:
        await opened(pilot)
        thread = screen(pilot)
        await pilot.press("apostrophe")
        assert not marks(pilot).behind(0)
        await pilot.press("home", "down", "m", "end", "m", "apostrophe")
        tree, last = thread.steps, len(thread.steps.shape.shown) - 1
        assert tree.view.cursor == 1
        shown = [tree.render_line(row + 1).text[1] for row in range(tree.view.height)]
        assert [tree.view.top + row for row, sign in enumerate(shown) if sign == "◆"] == [1, last]
        await pilot.press("apostrophe")
        assert tree.view.cursor == last
        await pilot.press("escape")
        await pilot.pause()
        assert "◆" in signs(live(pilot).events)


async def test_a_tabs_key_leaves_the_thread_for_the_tab() -> None:
    async with running(told()) as pilot:
        await opened(pilot)
        await pilot.press("2")
        await until(pilot, lambda: isinstance(pilot.app.screen, SearchScreen))
        assert not any(isinstance(one, ThreadScreen) for one in pilot.app.screen_stack)
