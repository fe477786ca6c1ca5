"""Following, pausing, detaching and catching up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.events import MouseScrollUp

from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from store.service import Tally
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import FrozenClock, live, mode, running, until
from tests.pilot.made_up_events import FROZEN_US, SECOND, SHAPES, event_of, made_up
from tui.widgets.state_line import StateLine

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from store.events import EventSummary
    from tests.pilot.made_up_events import Shape

DENIED = next(shape for shape in SHAPES if shape.status == "denied")
FAILED = next(shape for shape in SHAPES if shape.status == "failure")


def arrive(service: FakeService, number: int, shape: Shape = SHAPES[0], *, late_s: int = 0) -> list[EventSummary]:
    first = service.extent().last_seq + 1
    events = [
        event_of(shape, seq=seq, ts_us=FROZEN_US + seq * 1000 - late_s * SECOND) for seq in range(first, first + number)
    ]
    service.append(events)
    return events


def arrived(pilot: Pilot[None]) -> Tally:
    return live(pilot).query_one(StateLine).state.arrived


def cursor(pilot: Pilot[None]) -> EventSummary:
    current = live(pilot).events.current
    assert current is not None
    return current


async def test_it_starts_following_with_the_cursor_on_the_newest_row() -> None:
    service = FakeService(made_up(500))
    async with running(service) as pilot:
        assert mode(pilot) == "following"
        assert cursor(pilot).seq == 500
        assert live(pilot).events.has_focus


async def test_arrivals_take_the_cursor_along() -> None:
    service = FakeService(made_up(50))
    async with running(service) as pilot:
        arrive(service, 3)
        await until(pilot, lambda: cursor(pilot).seq == 53)
        assert mode(pilot) == "following"


async def test_space_pauses_and_counts_what_arrives() -> None:
    service = FakeService(made_up(50))
    clock = FrozenClock()
    async with running(service, clock=clock) as pilot:
        await pilot.press("space")
        assert mode(pilot) == "paused"
        arrive(service, 4)
        arrive(service, 2, DENIED)
        arrive(service, 1, FAILED)
        await until(pilot, lambda: arrived(pilot) == Tally(7, 1, 2))
        assert cursor(pilot).seq == 50
        clock.now_us += 134 * SECOND
        live(pilot).tick()
        line = live(pilot).query_one(StateLine).render_line(0).text
        assert "paused 02:14  ·  7 new  ·  ✗ 1 failed  ·  ⊘ 2 denied" in line
        assert line.rstrip().endswith("End to catch up")


async def test_zeros_are_left_out_while_paused() -> None:
    async with running(FakeService(made_up(50))) as pilot:
        await pilot.press("space")
        line = live(pilot).query_one(StateLine).render_line(0).text
        assert "paused 00:00" in line
        assert not any(word in line for word in ("new", "failed", "denied"))


async def test_end_catches_up_and_forgets_the_counts() -> None:
    service = FakeService(made_up(50))
    async with running(service) as pilot:
        await pilot.press("space")
        arrive(service, 5)
        await until(pilot, lambda: arrived(pilot).events == 5)
        await pilot.press("end")
        await until(pilot, lambda: mode(pilot) == "following")
        assert cursor(pilot).seq == 55
        assert arrived(pilot) == Tally()
        arrive(service, 1)
        await until(pilot, lambda: cursor(pilot).seq == 56)


async def test_space_again_resumes() -> None:
    service = FakeService(made_up(50))
    async with running(service) as pilot:
        await pilot.press("space")
        arrive(service, 5)
        await pilot.press("space")
        await until(pilot, lambda: mode(pilot) == "following")
        await until(pilot, lambda: cursor(pilot).seq == 55)


async def test_scrolling_up_detaches_and_the_row_under_the_cursor_stays() -> None:
    service = FakeService(made_up(200))
    async with running(service) as pilot:
        await pilot.press("up", "up", "up")
        assert mode(pilot) == "paused"
        events = live(pilot).events
        before, screen_row = cursor(pilot), events.view.screen_row
        arrive(service, 40)
        await until(pilot, lambda: arrived(pilot).events == 40)
        assert cursor(pilot) is before
        assert events.view.screen_row == screen_row


async def test_the_mouse_wheel_detaches_too() -> None:
    async with running(FakeService(made_up(200))) as pilot:
        events = live(pilot).events
        top = events.view.top
        events.on_mouse_scroll_up(MouseScrollUp(events, 5, 5, 0, -1, button=0, shift=False, meta=False, ctrl=False))
        await pilot.pause()
        assert mode(pilot) == "paused"
        assert events.view.top == top - 3


async def test_down_on_the_newest_row_goes_on_following() -> None:
    async with running(FakeService(made_up(200))) as pilot:
        await pilot.press("down")
        assert mode(pilot) == "following"


async def test_scrolling_to_the_end_while_paused_shows_what_arrived() -> None:
    service = FakeService(made_up(200))
    async with running(service) as pilot:
        await pilot.press("space")
        arrive(service, 5)
        await until(pilot, lambda: arrived(pilot).events == 5)
        await pilot.press("down")
        await until(pilot, lambda: len(live(pilot).events.buffer) == 205)
        assert cursor(pilot).seq == 200
        await pilot.press("pagedown")
        assert cursor(pilot).seq == 205
        assert mode(pilot) == "paused"


async def test_after_too_many_arrivals_scrolling_on_reads_history_around_the_cursor() -> None:
    service = FakeService(made_up(200))
    async with running(service) as pilot:
        await pilot.press("up")
        before = cursor(pilot)
        arrive(service, 900)
        await until(pilot, lambda: arrived(pilot).events == 900)
        await pilot.press("down", "down")
        await until(pilot, lambda: live(pilot).events.buffer.tail_seq is None)
        assert cursor(pilot).seq in (before.seq + 1, before.seq + 2)

        def at_the_end() -> bool:
            live(pilot).events.action_cursor(120)
            return cursor(pilot).seq == 1100

        await until(pilot, at_the_end)
        assert mode(pilot) == "paused"


async def test_late_arrivals_are_marked() -> None:
    service = FakeService(made_up(50))
    async with running(service) as pilot:
        (late,) = arrive(service, 1, late_s=30)
        await until(pilot, lambda: cursor(pilot).seq == 51)
        events = live(pilot).events
        assert events.buffer.is_late(late.id)
        assert "↥" in events.render_line(min(51, events.view.height)).text
        await pilot.press("space", "space")
        await until(pilot, lambda: mode(pilot) == "following" and cursor(pilot).seq == 50)
        assert not events.buffer.is_late(late.id)


async def to_the_top(pilot: Pilot[None]) -> None:
    def at_the_top() -> bool:
        live(pilot).events.action_cursor(-120)
        return cursor(pilot).seq == 1

    await until(pilot, at_the_top)


async def test_scrolling_to_the_top_reads_older_rows_and_moves_nothing() -> None:
    service = FakeService(made_up(1500))
    async with running(service) as pilot:
        events = live(pilot).events
        await to_the_top(pilot)
        await until(pilot, lambda: events.buffer.first is not None and events.buffer.first.seq == 1)
        seqs = [events.buffer[index].seq for index in range(len(events.buffer))]
        assert seqs == sorted(set(seqs))


async def test_rows_scrolled_away_while_following_are_read_again() -> None:
    service = FakeService(made_up(20))
    async with running(service) as pilot:
        for _ in range(12):
            last = arrive(service, 90)[-1].seq
            await until(pilot, lambda last=last: cursor(pilot).seq == last)
        events = live(pilot).events
        assert len(events.buffer) == 1000
        await to_the_top(pilot)
        await until(pilot, lambda: events.buffer.first is not None and events.buffer.first.seq == 1)


async def test_a_backlog_shows_the_newest_by_time_and_not_what_was_read_last() -> None:
    service = FakeService(made_up(50))
    async with running(service) as pilot:
        arrive(service, 400, late_s=600)
        screen = live(pilot)
        await until(pilot, lambda: screen.events.buffer.tail_seq == 450)
        assert cursor(pilot).seq == 50
        buffer = screen.events.buffer
        times = [buffer[index].ts_us for index in range(len(buffer))]
        assert times == sorted(times)
        assert mode(pilot) == "following"


async def test_a_filter_while_following_shows_only_what_passes() -> None:
    service = FakeService(made_up(300))
    async with running(service) as pilot:
        screen = live(pilot)
        screen.set_filter(Filter.of(Clause(Key.STATUS, ("denied",))))
        await until(pilot, lambda: cursor(pilot).status == "denied")
        arrive(service, 3)
        events = arrive(service, 1, DENIED)
        await until(pilot, lambda: cursor(pilot).id == events[-1].id)
        rows = [screen.events.buffer[index] for index in range(len(screen.events.buffer))]
        assert {row.status for row in rows} == {"denied"}


async def test_answers_to_an_abandoned_question_are_dropped() -> None:
    service = FakeService(made_up(300))
    async with running(service) as pilot:
        screen = live(pilot)
        stale = screen.ask_view()
        screen.follow()
        await pilot.pause()
        asked = service.search.asked.count("page")
        screen.ask.oldest(stale)
        await until(pilot, lambda: service.search.asked.count("page") > asked)
        await pilot.pause()
        assert cursor(pilot).seq == 300


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let keys be pressed while a question waits at the gate: its worker does not end by itself."""
    monkeypatch.setattr("tests.pilot.quiet.ENDLESS", ("tail", "view"))


@pytest.mark.usefixtures("held")
async def test_a_search_that_is_not_wanted_any_more_is_called_off() -> None:
    service = FakeService(made_up(300))
    async with running(service) as pilot:
        screen = live(pilot)
        service.search.streaming = True
        service.search.gate.clear()  # it would wait for ever
        asked = service.search.asked.count("page")
        screen.set_filter(Filter.of(Clause(Key.AGENT, ("nobody",))))
        await until(pilot, lambda: service.search.asked.count("page") > asked)
        service.search.streaming = False
        screen.set_filter(Filter())
        await until(pilot, lambda: not [one for one in pilot.app.workers if one.group == "view" and one.is_running])
        assert cursor(pilot).seq == 300


@pytest.mark.usefixtures("held")
async def test_pausing_while_the_newest_page_is_on_its_way_is_pausing() -> None:
    service = FakeService(made_up(300))
    async with running(service) as pilot:
        service.search.streaming = True
        service.search.gate.clear()
        asked = service.search.asked.count("page")
        live(pilot).follow()
        await until(pilot, lambda: service.search.asked.count("page") > asked)
        await pilot.press("space")
        service.search.gate.set()
        await until(pilot, lambda: not [one for one in pilot.app.workers if one.group == "view" and one.is_running])
        assert mode(pilot) == "paused"


async def test_a_filter_set_just_before_a_pause_shows_only_what_passes() -> None:
    service = FakeService(made_up(300))
    async with running(service) as pilot:
        screen = live(pilot)
        screen.set_filter(Filter.of(Clause(Key.STATUS, ("denied",))))
        screen.pause()  # as leaving the newest row by a key does, whose message comes a little later
        await until(pilot, lambda: cursor(pilot).status == "denied")
        rows = [screen.events.buffer[index] for index in range(len(screen.events.buffer))]
        assert {row.status for row in rows} == {"denied"}
        assert mode(pilot) == "paused"
        arrive(service, 1, DENIED)
        await until(pilot, lambda: screen.query_one(StateLine).state.arrived.denials == 1)


async def test_a_store_that_fails_is_said_so_and_asked_again() -> None:
    class Failing(FakeService):
        broken = False

        def change_token(self) -> int:
            if self.broken:
                self.broken = False
                raise OSError("disk I/O error")
            return super().change_token()

    service = Failing(made_up(50))
    async with running(service) as pilot:
        service.broken = True
        line = live(pilot).query_one(StateLine)
        await until(pilot, lambda: line.notice is not None)
        assert line.notice is not None
        assert line.notice.text == "The store did not answer: disk I/O error"
        arrive(service, 1)
        await until(pilot, lambda: cursor(pilot).seq == 51)


async def test_the_first_event_opens_the_list() -> None:
    service = FakeService()
    async with running(service) as pilot:
        screen = live(pilot)
        assert screen.has_class("-empty")
        assert screen.header.mode == "waiting"
        arrive(service, 1)
        await until(pilot, lambda: screen.events.current is not None)
        await until(pilot, lambda: not screen.has_class("-empty"))
        assert screen.events.has_focus
