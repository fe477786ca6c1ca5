"""What the keys of the Live tab do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from store.events import DENIAL, ERROR
from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import FakeCapture, live, mode, running, until
from tests.pilot.made_up_events import FROZEN_US, MINUTE, made_up, one_of_each
from tui.widgets.detail import DetailPane
from tui.widgets.event_list_messages import ScaleClicked
from tui.widgets.filter_line import FilterLine
from tui.widgets.hint_bar import HintBar
from tui.widgets.state_line import StateLine
from tui.widgets.tab_bar import TabBar

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from store.events import EventSummary

ACME = Filter.of(Clause(Key.TENANT, ("acme",)))


def cursor(pilot: Pilot[None]) -> EventSummary:
    current = live(pilot).events.current
    assert current is not None
    return current


def notice(pilot: Pilot[None]) -> str:
    said = live(pilot).query_one(StateLine).notice
    return "" if said is None else said.text


async def filtered(pilot: Pilot[None], what: Filter) -> None:
    live(pilot).set_filter(what)
    await until(pilot, lambda: live(pilot).query_one(FilterLine).passing is not None)


async def test_f_without_a_cell_points_at_one_first() -> None:
    async with running(FakeService(made_up(100))) as pilot:
        await pilot.press("f")
        assert live(pilot).events.cell == "agent"
        assert not live(pilot).what
        assert notice(pilot).startswith("Choose a cell")
        assert mode(pilot) == "paused"


async def test_f_keeps_only_the_value_under_the_cell_cursor() -> None:
    async with running(FakeService(one_of_each())) as pilot:
        await pilot.press("left", "right")
        assert live(pilot).events.cell == "user"
        user = cursor(pilot).user_id
        await pilot.press("f")
        assert live(pilot).what == Filter.of(Clause(Key.USER, (user,)))
        buffer = live(pilot).events.buffer
        await until(pilot, lambda: {buffer[index].user_id for index in range(len(buffer))} == {user})


async def test_upper_f_leaves_out_one_value_after_the_other() -> None:
    async with running(FakeService(one_of_each())) as pilot:
        await pilot.press("left")
        first = cursor(pilot).agent_id
        await pilot.press("F")
        await until(pilot, lambda: cursor(pilot).agent_id != first)
        second = cursor(pilot).agent_id
        await pilot.press("F")
        assert live(pilot).what == Filter.of(Clause(Key.AGENT, (first, second), negated=True))


async def test_the_cell_cursor_stays_within_the_columns_that_can_be_filtered_by() -> None:
    async with running(FakeService(made_up(100))) as pilot:
        await pilot.press(*["left"] * 9)
        assert live(pilot).events.cell == "type"
        await pilot.press(*["right"] * 20)
        assert live(pilot).events.cell == "status"
        await pilot.press("escape")
        assert live(pilot).events.cell is None


async def test_x_drops_the_last_clause_and_upper_x_all() -> None:
    async with running(FakeService(made_up(100))) as pilot:
        both = ACME.with_clause(Clause(Key.AGENT, ("support-bot",), negated=True))
        await filtered(pilot, both)
        await pilot.press("x")
        assert live(pilot).what == ACME
        await filtered(pilot, both)
        await pilot.press("X")
        assert live(pilot).what == Filter()


async def test_a_click_on_a_chips_cross_drops_it() -> None:
    async with running(FakeService(made_up(100))) as pilot:
        await filtered(pilot, ACME.with_clause(Clause(Key.AGENT, ("support-bot",))))
        text = live(pilot).query_one(FilterLine).render_line(0).text
        assert "tenant:acme × " in text
        await pilot.click(FilterLine, offset=(text.index("×"), 0))
        assert live(pilot).what == Filter.of(Clause(Key.AGENT, ("support-bot",)))


async def test_the_count_says_how_many_of_how_many() -> None:
    async with running(FakeService(made_up(400))) as pilot:
        line = live(pilot).query_one(FilterLine)
        assert line.render_line(0).text.rstrip().endswith("400 events in the last hour")
        await filtered(pilot, ACME)
        assert line.render_line(0).text.rstrip().endswith(f"{line.passing} of 400 in the last hour")
        assert line.passing == sum(event.tenant_id == "acme" for event in made_up(400))


async def test_a_filter_that_nothing_passes_says_what_to_do() -> None:
    async with running(FakeService(made_up(100))) as pilot:
        live(pilot).set_filter(Filter.of(Clause(Key.AGENT, ("nobody",))))
        events = live(pilot).events
        await until(pilot, lambda: not len(events.buffer))
        assert "X clears it" in events.render_line(2).text


async def test_a_filter_while_paused_keeps_its_place() -> None:
    async with running(FakeService(made_up(600))) as pilot:
        await pilot.press(*["pageup"] * 6, *["down"] * 5)
        before, row = cursor(pilot), live(pilot).events.view.screen_row
        await filtered(pilot, Filter.of(Clause(Key.AGENT, (before.agent_id,))))
        await until(pilot, lambda: len(live(pilot).events.buffer) < 600)
        assert cursor(pilot).id == before.id
        assert live(pilot).events.view.screen_row == row
        assert mode(pilot) == "paused"


@pytest.mark.parametrize(("key", "back", "bit"), [("e", "E", ERROR), ("w", "W", DENIAL)])
async def test_trouble_is_gone_to_in_both_directions(key: str, back: str, bit: int) -> None:
    events = tuple(made_up(2000))
    troubled = [event.seq for event in events if event.trouble & bit]
    async with running(FakeService(events)) as pilot:
        await pilot.press(back)
        await until(pilot, lambda: cursor(pilot).seq == max(s for s in troubled if s < 2000))
        await pilot.press(back)
        await until(pilot, lambda: cursor(pilot).seq == troubled[-2 if troubled[-1] < 2000 else -3])
        await pilot.press(key)
        await until(pilot, lambda: cursor(pilot).seq == [s for s in troubled if s < 2000][-1])


async def test_trouble_beyond_what_is_in_hand_is_found_in_the_store() -> None:
    quiet = [event for event in made_up(3000) if not event.trouble and event.seq > 500]
    (failed,) = [event for event in one_of_each(end_us=FROZEN_US - 30 * MINUTE) if event.event_type == "agent.error"]
    async with running(FakeService([failed, *quiet])) as pilot:
        await pilot.press("E")
        await until(pilot, lambda: cursor(pilot).id == failed.id)
        await pilot.press("E")
        await until(pilot, lambda: notice(pilot) == "There is no earlier error")
        assert cursor(pilot).id == failed.id


async def test_home_goes_to_the_oldest_event_and_end_back() -> None:
    async with running(FakeService(made_up(3000))) as pilot:
        await pilot.press("home")
        await until(pilot, lambda: cursor(pilot).seq == 1)
        assert mode(pilot) == "paused"
        await pilot.press("pagedown")
        assert cursor(pilot).seq == live(pilot).events.view.height
        await pilot.press("G")
        await until(pilot, lambda: cursor(pilot).seq == 3000)


async def test_a_time_is_gone_to() -> None:
    async with running(FakeService(made_up(3000))) as pilot:
        await pilot.press("ctrl+g", *"13:55:00", "enter")
        wanted = FROZEN_US - FROZEN_US % MINUTE - 7 * MINUTE
        await until(pilot, lambda: mode(pilot) == "paused" and cursor(pilot).ts_us >= wanted)
        assert cursor(pilot).ts_us - wanted < MINUTE
        events = live(pilot).events
        assert events.buffer[events.view.cursor - 1].ts_us < wanted


async def test_the_time_scale_goes_to_a_share_of_all_events() -> None:
    async with running(FakeService(made_up(3000))) as pilot:
        events = live(pilot).events
        events.post_message(ScaleClicked(events, 0.5))
        await until(pilot, lambda: cursor(pilot).seq == 1501)
        await until(pilot, lambda: 0.4 < events.scale[0] < 0.6)


async def test_enter_opens_the_detail_which_follows_the_cursor() -> None:
    async with running(FakeService(made_up(300))) as pilot:
        await pilot.press("enter")
        assert mode(pilot) == "paused"
        pane = live(pilot).query_one(DetailPane)
        await until(pilot, lambda: pane.detail is not None and pane.detail.summary.seq == 300)
        await pilot.press("up")
        await until(pilot, lambda: pane.detail is not None and pane.detail.summary.seq == 299)
        await pilot.press("enter")
        await until(pilot, lambda: not live(pilot).query("#detail"))
        assert live(pilot).events.has_focus


async def test_on_a_narrow_screen_the_detail_takes_the_lists_place() -> None:
    async with running(FakeService(made_up(300)), size=(90, 30)) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: live(pilot).query("#detail"))
        assert not live(pilot).query_one("#left").display
        assert live(pilot).query_one("#detail").has_focus
        await pilot.press("escape")
        await until(pilot, lambda: live(pilot).query_one("#left").display)
        assert live(pilot).events.has_focus


async def test_the_picker_narrows_the_list() -> None:
    async with running(FakeService(made_up(300))) as pilot:
        own = cursor(pilot).agent_id
        await pilot.press("a")
        await until(pilot, lambda: len(pilot.app.screen_stack) == 2)
        await pilot.press("enter")
        await until(pilot, lambda: live(pilot).what)
        assert live(pilot).what == Filter.of(Clause(Key.AGENT, (own,)))


async def test_upper_z_switches_between_local_time_and_utc() -> None:
    async with running(FakeService(made_up(50))) as pilot:
        events = live(pilot).events
        assert "14:02:06.204" in events.render_line(events.view.height).text
        await pilot.press("Z")
        assert "15:02:06.204" in events.render_line(events.view.height).text


async def test_z_maximises_the_list_and_brings_it_back() -> None:
    async with running(FakeService(made_up(50))) as pilot:
        await pilot.press("z")
        assert live(pilot).maximized is live(pilot).events
        await pilot.press("z")
        assert live(pilot).maximized is None


async def test_5_shows_the_system_tab_and_1_comes_back() -> None:
    async with running(FakeService(made_up(50))) as pilot:
        await pilot.press("5")
        await until(pilot, lambda: pilot.app.screen.query_one(TabBar).number == 5)
        assert "following" in pilot.app.screen.query_one(TabBar).render_line(0).text
        await pilot.press("1")
        await until(pilot, lambda: pilot.app.screen is live(pilot))


async def test_a_folder_is_added_or_refused_with_a_reason() -> None:
    capture = FakeCapture()
    async with running(FakeService(made_up(50)), capture=capture) as pilot:
        await pilot.press("plus", *"/somewhere", "enter")
        await until(pilot, lambda: capture.added == ["/somewhere"])
        await pilot.press("plus", *"/nowhere", "enter")
        await until(pilot, lambda: notice(pilot) == "/nowhere does not exist: give a folder that does.")


async def test_hints_say_what_the_keys_do_now() -> None:
    async with running(FakeService(made_up(50))) as pilot:
        bar = live(pilot).query_one(HintBar)
        assert bar.render_line(0).text.startswith(" Space pause   ↵ detail")
        await pilot.press("space")
        assert bar.render_line(0).text.startswith(" Space resume   End catch up")
        assert bar.render_line(0).text.rstrip().endswith("? more")


async def test_hints_name_views_and_marks_where_there_is_room() -> None:
    async with running(FakeService(made_up(50)), size=(220, 40)) as pilot:
        hints = live(pilot).query_one(HintBar).render_line(0).text.rstrip()
        assert "v V views/save   Y copy command   m ' mark/next" in hints
        assert hints.endswith("? help")


async def test_a_click_on_a_hint_runs_it() -> None:
    async with running(FakeService(made_up(50))) as pilot:
        await pilot.click(HintBar, offset=(3, 0))
        await until(pilot, lambda: mode(pilot) == "paused")


async def test_a_click_puts_the_cursor_on_a_row_and_a_second_opens_it() -> None:
    async with running(FakeService(made_up(100))) as pilot:
        events = live(pilot).events
        await pilot.click("#events", offset=(20, 10))
        assert events.view.screen_row == 8
        assert mode(pilot) == "paused"
        await pilot.click("#events", offset=(20, 10))
        await until(pilot, lambda: live(pilot).query("#detail"))
