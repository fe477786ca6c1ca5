"""The Search tab: its list, its numbers and what can be stopped."""

from __future__ import annotations

import pytest

from store.events import ERROR
from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import live, running, until
from tests.pilot.made_up_events import FROZEN_US, MINUTE, made_up, one_of_each
from tests.pilot.search_app import counted, cursor, listed, passing, said, search, searching, state
from tui.messages import ShowEvents
from tui.widgets.event_list_messages import ScaleClicked
from tui.widgets.query_line import QueryLine
from tui.widgets.search_chips import SearchChips
from tui.widgets.search_histogram import SearchHistogram
from tui.widgets.tab_bar import TabBar


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let keys be pressed while a question waits at the gate: its worker does not end by itself."""
    monkeypatch.setattr("tests.pilot.quiet.ENDLESS", ("tail", "page", "count", "edge-top"))


ACME = Filter.of(Clause(Key.TENANT, ("acme",)))
NOBODY = Filter.of(Clause(Key.AGENT, ("nobody",)))


async def test_2_shows_the_newest_events_and_counts_all() -> None:
    async with searching(FakeService(made_up(3000))) as pilot:
        assert pilot.app.screen.query_one(TabBar).number == 2
        assert cursor(pilot).seq == 3000
        assert search(pilot).events.has_focus
        assert passing(pilot) == 3000
        assert said(pilot).startswith("row 3,000 of 3,000")
        assert said(pilot).endswith("sorted by time, newest last")


async def test_the_list_pages_on_to_the_oldest_event() -> None:
    async with searching(FakeService(made_up(900))) as pilot:
        for _ in range(40):
            await pilot.press("pageup")
            await until(pilot, lambda: state(pilot) == "found")
        await until(pilot, lambda: cursor(pilot).seq == 1)
        assert [event.seq for event in listed(pilot)] == list(range(1, len(listed(pilot)) + 1))


async def test_home_and_end_go_to_both_ends() -> None:
    async with searching(FakeService(made_up(900))) as pilot:
        await pilot.press("home")
        await until(pilot, lambda: cursor(pilot).seq == 1)
        await pilot.press("G")
        await until(pilot, lambda: cursor(pilot).seq == 900)


async def test_end_counts_what_has_arrived_since() -> None:
    service = FakeService(made_up(100))
    async with searching(service) as pilot:
        service.append(event for event in made_up(140) if event.seq > 100)
        await until(pilot, lambda: search(pilot).header.events == 140)
        await pilot.press("end")
        await until(pilot, lambda: passing(pilot) == 140)


async def test_a_query_is_typed_counted_and_shown() -> None:
    service = FakeService(made_up(400))
    acme = sum(event.tenant_id == "acme" for event in made_up(400))
    async with searching(service) as pilot:
        await pilot.press("slash", *"tenant:acme")
        await until(pilot, lambda: passing(pilot) == acme)
        assert not search(pilot).what
        await pilot.press("enter")
        await counted(pilot)
        assert search(pilot).what.text == "tenant:acme"
        assert {event.tenant_id for event in listed(pilot)} == {"acme"}
        assert search(pilot).events.has_focus


async def test_a_query_that_was_left_changes_nothing() -> None:
    async with searching(FakeService(made_up(400))) as pilot:
        await pilot.press("slash", *"tenant:acme")
        await until(pilot, lambda: passing(pilot) not in (None, 400))
        await pilot.press("escape", "escape")
        assert search(pilot).query_one(QueryLine).text == ""
        assert passing(pilot) == 400
        assert search(pilot).events.has_focus


async def test_a_number_opens_the_events_behind_it() -> None:
    async with running(FakeService(made_up(400))) as pilot:
        pilot.app.post_message(ShowEvents(ACME))
        await until(pilot, lambda: pilot.app.screen.query_one(TabBar).number == 2)
        await counted(pilot)
        assert search(pilot).what == ACME
        assert {event.tenant_id for event in listed(pilot)} == {"acme"}


async def test_live_has_the_same_filter() -> None:
    async with searching(FakeService(made_up(400))) as pilot:
        search(pilot).set_filter(ACME)
        await counted(pilot)
        await pilot.press("1")
        assert live(pilot).what == ACME


async def test_nothing_found_says_what_to_do_and_x_undoes_it() -> None:
    async with searching(FakeService(made_up(400))) as pilot:
        search(pilot).set_filter(NOBODY)
        await counted(pilot)
        assert "X clears it" in search(pilot).events.render_line(2).text
        assert passing(pilot) == 0
        await pilot.press("x")
        await counted(pilot)
        assert passing(pilot) == 400


async def test_another_filter_keeps_the_place_in_the_list() -> None:
    async with searching(FakeService(made_up(2000))) as pilot:
        await pilot.press(*["pageup"] * 12, *["down"] * 5)
        before, row = cursor(pilot), search(pilot).events.view.screen_row
        search(pilot).set_filter(Filter.of(Clause(Key.AGENT, (before.agent_id,))))
        await counted(pilot)
        assert cursor(pilot).id == before.id
        assert search(pilot).events.view.screen_row == row


@pytest.mark.usefixtures("held")
async def test_a_long_search_says_how_far_it_is_and_shows_what_it_has_found() -> None:
    service = FakeService(made_up(4000))
    async with searching(service) as pilot:
        service.search.streaming = True
        service.search.gate.clear()
        search(pilot).set_filter(Filter.of(Clause(Key.STATUS, ("failure",))))
        await until(pilot, lambda: state(pilot) == "searching")
        assert "searched back to" in said(pilot)
        assert said(pilot).endswith("Esc stops")
        service.search.gate.set()
        await counted(pilot)
        assert len(listed(pilot)) == min(sum(event.status == "failure" for event in made_up(4000)), 200)


@pytest.mark.usefixtures("held")
async def test_esc_stops_a_search_and_r_goes_on() -> None:
    service = FakeService(made_up(4000))
    async with searching(service) as pilot:
        service.search.streaming = True
        service.search.gate.clear()
        search(pilot).set_filter(ACME)
        await until(pilot, lambda: state(pilot) == "searching")
        await pilot.press("escape")
        await until(pilot, lambda: state(pilot) == "stopped")
        stopped = len(listed(pilot))
        assert 0 < stopped < 200
        service.search.gate.set()
        await pilot.press("r")
        await until(pilot, lambda: len(listed(pilot)) == stopped + 200)


@pytest.mark.usefixtures("held")
async def test_counts_come_in_parts_and_keys_are_answered_meanwhile() -> None:
    service = FakeService(made_up(1000))
    async with searching(service) as pilot:
        service.search.counting_in_parts = True
        service.search.gate.clear()
        acme = sum(event.tenant_id == "acme" for event in made_up(1000))
        search(pilot).set_filter(ACME)
        await until(pilot, lambda: search(pilot).is_answered and passing(pilot) == acme - acme // 2)
        assert not search(pilot).query_one(QueryLine).complete
        assert "counted back to" in search(pilot).query_one(SearchChips).render_line(0).text
        before = cursor(pilot)
        await pilot.press("up")
        assert cursor(pilot) is not before
        service.search.gate.set()
        await counted(pilot)
        assert passing(pilot) == acme


@pytest.mark.usefixtures("held")
async def test_esc_stops_a_count_once_there_is_nothing_else_to_leave() -> None:
    service = FakeService(made_up(1000))
    async with searching(service) as pilot:
        service.search.counting_in_parts = True
        service.search.gate.clear()
        search(pilot).set_filter(ACME)
        await until(pilot, lambda: search(pilot).is_answered and passing(pilot) not in (None, 1000))
        chips = search(pilot).query_one(SearchChips)
        await pilot.press("escape")
        assert not chips.counting
        assert "counted back to" in chips.render_line(0).text


async def test_a_store_that_does_not_answer_is_said_and_asked_again() -> None:
    service = FakeService(made_up(300))
    async with searching(service) as pilot:
        service.search.failing = True
        search(pilot).set_filter(ACME)
        await until(pilot, lambda: state(pilot) == "failed")
        service.search.failing = False
        await pilot.press("r")
        await counted(pilot)
        assert {event.tenant_id for event in listed(pilot)} == {"acme"}


async def test_e_goes_to_the_previous_error_in_the_store() -> None:
    quiet = [event for event in made_up(3000) if not event.trouble and event.seq > 500]
    (failed,) = [event for event in one_of_each(end_us=FROZEN_US - 30 * MINUTE) if event.event_type == "agent.error"]
    assert failed.trouble & ERROR
    async with searching(FakeService([failed, *quiet])) as pilot:
        await pilot.press("E")
        await until(pilot, lambda: cursor(pilot).id == failed.id)
        await pilot.press("E")
        await until(pilot, lambda: "There is no earlier error" in said(pilot))


async def test_a_time_is_gone_to() -> None:
    async with searching(FakeService(made_up(3000))) as pilot:
        await pilot.press("ctrl+g", *"13:55:00", "enter")
        wanted = FROZEN_US - FROZEN_US % MINUTE - 7 * MINUTE
        await until(pilot, lambda: wanted <= cursor(pilot).ts_us < wanted + MINUTE)
        events = search(pilot).events
        assert events.buffer[events.view.cursor - 1].ts_us < wanted


async def test_the_scroll_bar_goes_to_a_share_of_the_result() -> None:
    async with searching(FakeService(made_up(3000))) as pilot:
        search(pilot).set_filter(ACME)
        await counted(pilot)
        events = search(pilot).events
        events.post_message(ScaleClicked(events, 0.5))
        half = [event.seq for event in made_up(3000) if event.tenant_id == "acme"]
        await until(pilot, lambda: abs(cursor(pilot).seq - half[len(half) // 2]) < 60)
        await until(pilot, lambda: 0.4 < events.scale[0] < 0.6)
        assert said(pilot).startswith("row about ")


async def test_enter_opens_the_detail_and_esc_closes_it() -> None:
    async with searching(FakeService(made_up(300))) as pilot:
        asked = service_counts(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: search(pilot).query("#detail"))
        await pilot.press("escape")
        await until(pilot, lambda: not search(pilot).query("#detail"))
        assert search(pilot).events.has_focus
        assert service_counts(pilot) == asked


def service_counts(pilot: object) -> int:
    """Return how often something was counted: less room is no reason to."""
    screen = search(pilot)  # pyright: ignore[reportArgumentType]
    service = screen.service
    assert isinstance(service, FakeService)
    return service.search.asked.count("count")


async def test_an_empty_store_says_so() -> None:
    service = FakeService()
    async with running(service) as pilot:
        await pilot.press("2")
        await until(pilot, lambda: state(pilot) == "found")
        assert "The store has no events yet." in search(pilot).events.render_line(2).text
        assert not search(pilot).query_one(SearchHistogram).bars.slices


@pytest.mark.usefixtures("held")
async def test_paging_on_that_takes_long_can_be_stopped_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.search_walk.PATIENCE_S", 1e9)
    service = FakeService(made_up(4000))
    async with searching(service) as pilot:
        service.search.streaming = True
        service.search.gate.clear()
        await pilot.press(*["pageup"] * 8)
        await until(pilot, lambda: state(pilot) == "searching")
        await pilot.press("escape")
        await until(pilot, lambda: state(pilot) == "stopped")
        service.search.gate.set()
        await pilot.press("r")
        await counted(pilot)
