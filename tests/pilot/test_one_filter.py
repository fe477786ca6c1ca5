"""One filter holds for Live and Search, whichever of them it was set on."""

from __future__ import annotations

from store.filters.model import Filter
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import live, running, until
from tests.pilot.made_up_events import made_up
from tests.pilot.search_app import counted, listed, search
from tui.messages import ShowEvents
from tui.widgets.filter_line import FilterLine
from tui.widgets.query_line import QueryLine

BOT = Filter.parsed("agent:support-bot")
DENIED = Filter.parsed("status:denied")


async def test_what_is_set_on_one_tab_is_there_on_the_other() -> None:
    async with running(FakeService(made_up(200))) as pilot:
        live(pilot).set_filter(BOT)
        await pilot.press("2")
        await counted(pilot)
        assert search(pilot).what == BOT
        assert search(pilot).query_one(QueryLine).text == "agent:support-bot"
        assert {row.agent_id for row in listed(pilot)} == {"support-bot"}
        search(pilot).set_filter(DENIED)
        await pilot.press("1")
        assert live(pilot).what == DENIED
        assert live(pilot).query_one(FilterLine).what == DENIED
        await until(pilot, lambda: {row.status for row in live(pilot).events.buffer} == {"denied"})
        live(pilot).set_filter(Filter())
        await pilot.press("2")
        assert search(pilot).what == Filter()


async def test_it_passes_through_a_tab_without_events() -> None:
    async with running(FakeService(made_up(50))) as pilot:
        live(pilot).set_filter(BOT)
        await pilot.press("5", "2")
        assert search(pilot).what == BOT


async def test_a_number_s_events_are_shown_on_search_and_then_on_live() -> None:
    async with running(FakeService(made_up(50))) as pilot:
        await pilot.press("2", "1")
        pilot.app.post_message(ShowEvents(DENIED))
        await until(pilot, lambda: pilot.app.current_mode == "search")
        assert search(pilot).what == DENIED
        await pilot.press("1")
        assert live(pilot).what == DENIED


async def test_a_tab_that_shows_it_already_asks_nothing_anew() -> None:
    service = FakeService(made_up(50))
    async with running(service) as pilot:
        await pilot.press("2")
        await counted(pilot)
        await pilot.press("1")
        await pilot.pause()
        before = service.search.asked.count("page")
        await pilot.press("2", "1")
        assert service.search.asked.count("page") == before


async def test_the_dashboard_can_begin_with_a_filter() -> None:
    async with running(FakeService(made_up(200)), what=BOT) as pilot:
        assert live(pilot).query_one(FilterLine).what == BOT
        assert {row.agent_id for row in live(pilot).events.buffer} == {"support-bot"}
        await pilot.press("2")
        await counted(pilot)
        assert {row.agent_id for row in listed(pilot)} == {"support-bot"}
