"""The thread of an event: opened from the list, walked, folded, widened, and left to where one was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from store.events import DENIAL, ERROR
from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from store.threads.model import Level
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import live, mode, running, until
from tests.pilot.made_up_events import made_up
from tests.pilot.thread_story import REQUEST, story
from tui.messages import AddClause
from tui.screens.thread import ThreadScreen
from tui.widgets.detail import DetailPane
from tui.widgets.hint_bar import HintBar
from tui.widgets.thread_bar import ThreadBar
from tui.widgets.thread_foot import ThreadFoot
from tui.widgets.thread_head import ThreadHead

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from store.threads.model import ThreadRow

TIMEOUT = "no answer"


def told() -> FakeService:
    """Return a service whose list is the story, and whose threads it is too."""
    steps = list(story())
    service = FakeService(step.event for step in steps if step.counts)
    service.threads.steps = steps
    return service


def screen(pilot: Pilot[None]) -> ThreadScreen:
    found = pilot.app.screen
    assert isinstance(found, ThreadScreen)
    return found


def current(pilot: Pilot[None]) -> ThreadRow:
    row = screen(pilot).steps.current
    assert row is not None
    return row


def text_of(pilot: Pilot[None], row: int) -> str:
    """Return what the tree draws in a row below its heading."""
    return screen(pilot).steps.render_line(row + 1).text


def said(pilot: Pilot[None]) -> str:
    return screen(pilot).query_one(ThreadFoot).render_line(0).text.strip()


async def opened(pilot: Pilot[None], message: str = TIMEOUT) -> None:
    """Open the thread of the newest event with that message."""
    events = live(pilot).events
    places = [index for index in range(len(events.buffer)) if events.buffer[index].message == message]
    events.move_to(places[-1])
    await pilot.press("o")
    await until(pilot, lambda: isinstance(pilot.app.screen, ThreadScreen) and screen(pilot).steps.current is not None)


async def test_o_shows_the_request_as_a_tree_with_the_cursor_on_its_event() -> None:
    service = told()
    async with running(service) as pilot:
        await opened(pilot)
        assert current(pilot).event.message == TIMEOUT
        assert service.threads.asked == [(current(pilot).event.id, None)]
        assert "request req_7f31c02" in screen(pilot).query_one(ThreadBar).render_line(0).text
        head = screen(pilot).query_one(ThreadHead).render_line(0).text
        assert "on behalf of alice · acme" in head
        assert "22 events   10.1 s   8,412 tokens   $0.0346   ✗ 2 failures   ⊘ 1 denial" in head
        drawn = [text_of(pilot, row) for row in range(22)]
        assert "✓ agent.message  where is order" in drawn[0]
        assert "│  ├─ ✓ mcp.tool_call +claude_hooks  query_orders · ord" in drawn[4]
        assert "│  │  └─ ✓ mcp.tool_result" in drawn[5]
        assert "│  └─ ◷ mcp.tool_call  track_parcel" in drawn[7]
        assert "│     └─ ✗ agent.error" in drawn[8]


async def test_a_sub_agent_hangs_under_its_call_and_what_it_lacks_is_said() -> None:
    async with running(told()) as pilot:
        await opened(pilot, "role lacks geo:read")
        rows = screen(pilot).steps.shape.rows
        at = next(index for index, row in enumerate(rows) if row.event.agent_id == "eta")
        parent = rows[at].parent
        assert parent is not None
        assert rows[parent].event.tool == "Task"
        unanswered = next(index for index, row in enumerate(rows) if row.event.tool == "notify")
        assert text_of(pilot, unanswered).rstrip(" │").endswith("no result ▏")
        assert "denied" in text_of(pilot, screen(pilot).steps.view.screen_row)


async def test_o_again_widens_and_stays_on_the_event() -> None:
    async with running(told()) as pilot:
        await opened(pilot)
        event, row = current(pilot).event, screen(pilot).steps.view.screen_row
        assert "o session   Esc back" in screen(pilot).query_one(ThreadBar).render_line(0).text
        await pilot.press("o")
        await until(pilot, lambda: len(screen(pilot).steps.shape.rows) == 24)
        assert (current(pilot).event, screen(pilot).steps.view.screen_row) == (event, row)
        assert "session ses_44d0a91" in screen(pilot).query_one(ThreadBar).render_line(0).text


async def test_o_at_the_widest_reads_it_again() -> None:
    service = told()
    async with running(service) as pilot:
        await opened(pilot)
        await pilot.press("o")
        await until(pilot, lambda: len(screen(pilot).steps.shape.rows) == 24)
        service.threads.steps.pop()
        await pilot.press("o")
        await until(pilot, lambda: len(service.threads.asked) == 3)
        assert service.threads.asked[-1][1] is Level.SESSION
        await until(pilot, lambda: said(pilot).startswith("Nothing wider"))
        await until(pilot, lambda: not any(row.sights for row in screen(pilot).steps.shape.rows))


async def test_escape_returns_to_the_same_row_and_scroll_position() -> None:
    service = told()
    service.append(made_up(400, end_us=min(step.event.ts_us for step in service.threads.steps) - 1))
    async with running(service) as pilot:
        await pilot.press("pageup", "pageup", "up", "up")
        events = live(pilot).events
        before = (events.current, events.view.top, events.view.cursor)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(pilot.app.screen, ThreadScreen))
        service.append(made_up(50))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is live(pilot))
        assert (events.current, events.view.top, events.view.cursor) == before
        assert mode(pilot) == "paused"
        assert events.has_focus


@pytest.mark.parametrize(("key", "back", "bit"), [("e", "E", ERROR), ("w", "W", DENIAL)])
async def test_trouble_is_gone_to_also_where_it_is_folded_away(key: str, back: str, bit: int) -> None:
    async with running(told()) as pilot:
        await opened(pilot, "where is order o_77813?")
        await pilot.press("home", "left")
        assert len(screen(pilot).steps.shape.shown) == 1
        await pilot.press(key)
        assert current(pilot).event.trouble & bit
        first = current(pilot)
        await pilot.press(back)
        assert current(pilot) == first
        assert said(pilot).startswith("There is no earlier")
        await pilot.press("end", key)
        await until(pilot, lambda: said(pilot).startswith("There is no later"))


async def test_left_and_right_fold_and_unfold() -> None:
    async with running(told()) as pilot:
        await opened(pilot, "allowed by support-read")
        await pilot.press("left")
        assert current(pilot).depth == 0
        await pilot.press("left")
        assert "▸ 21 more" in text_of(pilot, 0)
        assert len(screen(pilot).steps.shape.shown) == 1
        await pilot.press("right", "down", "down")
        assert len(screen(pilot).steps.shape.shown) == 22
        assert current(pilot).event.event_type == "api.request"


async def test_enter_shows_the_event_which_follows_the_cursor_and_escape_closes_it_first() -> None:
    async with running(told()) as pilot:
        await opened(pilot)
        await pilot.press("enter")
        pane = screen(pilot).query_one(DetailPane)
        await until(pilot, lambda: pane.detail is not None and pane.detail.message == TIMEOUT)
        assert pane.lines
        await pilot.press("down")
        await until(pilot, lambda: pane.detail is not None and pane.detail.summary.event_type == "agent.error")
        await pilot.press("escape")
        await until(pilot, lambda: not screen(pilot).query(DetailPane))
        assert screen(pilot).steps.has_focus


async def test_on_a_narrow_screen_the_detail_takes_the_trees_place() -> None:
    async with running(told(), size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: screen(pilot).query(DetailPane))
        assert not screen(pilot).query_one("#thread-left").display
        assert "Tab to the tree" in screen(pilot).query_one(HintBar).render_line(0).text
        await pilot.press("escape")
        await until(pilot, lambda: screen(pilot).query_one("#thread-left").display)


async def test_a_row_of_the_detail_leads_back_to_the_list() -> None:
    async with running(told()) as pilot:
        await opened(pilot)
        clause = Clause(Key.REQUEST, (REQUEST,))
        screen(pilot).query_one(HintBar).post_message(AddClause(clause))
        await until(pilot, lambda: pilot.app.screen is live(pilot))
        await until(pilot, lambda: live(pilot).what == Filter.of(clause))


async def test_an_event_with_nothing_in_common_says_so() -> None:
    async with running(FakeService(made_up(30))) as pilot:
        await pilot.press("o")
        await until(pilot, lambda: isinstance(pilot.app.screen, ThreadScreen) and screen(pilot).thread is not None)
        assert len(screen(pilot).steps.shape.rows) == 1
        assert said(pilot).endswith("no request, trace or session is named: it stands alone")


async def test_an_event_that_is_gone_says_so() -> None:
    service = FakeService(made_up(30))
    async with running(service) as pilot:
        service.threads = type(service.threads)(lambda _: None)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(pilot.app.screen, ThreadScreen))
        await until(pilot, lambda: "no longer in the store" in text_of(pilot, 1))
        await pilot.press("enter", "y", "o", "e", "left", "right", "down", "escape")
        await until(pilot, lambda: pilot.app.screen is live(pilot))


async def test_a_thread_that_was_cut_says_so() -> None:
    service = told()
    service.threads.cut = True
    async with running(service) as pilot:
        await opened(pilot)
        assert said(pilot).endswith("the 22 events around this one: there are more")


async def test_a_store_that_does_not_answer_is_said() -> None:
    service = told()
    async with running(service) as pilot:
        service.threads = None  # pyright: ignore[reportAttributeAccessIssue]  (any failure of the worker will do)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(pilot.app.screen, ThreadScreen))
        await until(pilot, lambda: said(pilot).startswith("The store did not answer"))


async def test_upper_z_goes_through_the_thread_too() -> None:
    async with running(told()) as pilot:
        await opened(pilot)
        assert "14:01:29" in text_of(pilot, 7)
        await pilot.press("Z")
        await until(pilot, lambda: "15:01:29" in text_of(pilot, 7))


async def test_a_click_puts_the_cursor_on_a_row_and_a_second_opens_it() -> None:
    async with running(told()) as pilot:
        await opened(pilot)
        await pilot.click("ThreadList", offset=(30, 5))
        assert screen(pilot).steps.view.cursor == 3
        await pilot.click("ThreadList", offset=(30, 5))
        await until(pilot, lambda: screen(pilot).query(DetailPane))
