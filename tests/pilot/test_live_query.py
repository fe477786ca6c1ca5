"""The Live tab's filter as text: `/` opens it in place of the chips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from store.filters.model import Filter
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import live, running, until
from tests.pilot.made_up_events import made_up
from tui.screens.picker import PickerScreen
from tui.widgets.filter_line import FilterLine
from tui.widgets.hint_bar import HintBar
from tui.widgets.query_input import QueryInput
from tui.widgets.query_line import QueryLine
from tui.widgets.query_problem import QueryProblem

if TYPE_CHECKING:
    from textual.pilot import Pilot

BOT = Filter.parsed("agent:support-bot")


def line(pilot: Pilot[None]) -> QueryLine:
    """Return the line that is open."""
    return live(pilot).query_one(QueryLine)


async def opened(pilot: Pilot[None]) -> None:
    await pilot.press("slash")
    await until(pilot, lambda: live(pilot).query(QueryLine) and line(pilot).has_focus_within)


async def closed(pilot: Pilot[None]) -> None:
    await until(pilot, lambda: not live(pilot).query(QueryLine))
    assert live(pilot).query_one(FilterLine).display
    assert live(pilot).events.has_focus


async def test_slash_opens_the_filter_as_text_and_enter_applies_it() -> None:
    async with running(FakeService(made_up(400))) as pilot:
        live(pilot).set_filter(BOT)
        await opened(pilot)
        assert line(pilot).text == "agent:support-bot "
        assert not live(pilot).query_one(FilterLine).display
        await pilot.press(*"user:mallory", "enter")
        await closed(pilot)
        assert live(pilot).what == Filter.parsed("agent:support-bot user:mallory", utc=True)
        assert len(live(pilot).what.operands) == 2


async def test_escape_brings_the_chips_back_and_changes_nothing() -> None:
    async with running(FakeService(made_up(400))) as pilot:
        live(pilot).set_filter(BOT)
        await opened(pilot)
        await pilot.press(*"quota", "escape")
        await closed(pilot)
        assert live(pilot).what == BOT


async def test_an_emptied_line_clears_the_filter() -> None:
    async with running(FakeService(made_up(400))) as pilot:
        live(pilot).set_filter(BOT)
        await opened(pilot)
        await pilot.press("ctrl+u", "enter")
        await closed(pilot)
        assert live(pilot).what == Filter(utc=True)


async def test_what_passes_is_counted_while_typing_and_the_list_stays() -> None:
    service = FakeService(made_up(400))
    async with running(service) as pilot:
        rows = len(live(pilot).events.buffer)
        await opened(pilot)
        await pilot.press(*"agent:support-bot")
        wanted = sum(event.agent_id == "support-bot" for event in made_up(400))
        await until(pilot, lambda: line(pilot).passing == wanted)
        assert line(pilot).total == 400
        assert len(live(pilot).events.buffer) == rows
        # Pasted, not typed: a part of the term is a word to look for, and may be counted before the term is whole.
        line(pilot).query_one(QueryInput).post_message(events.Paste(" stauts:x"))
        await until(pilot, lambda: line(pilot).text.endswith(" stauts:x"))
        await pilot.press("enter")
        assert live(pilot).query_one(QueryProblem).display
        assert len(live(pilot).events.buffer) == rows
        assert line(pilot).passing == wanted


async def test_keys_of_the_tab_are_text_in_the_line() -> None:
    async with running(FakeService(made_up(50))) as pilot:
        await opened(pilot)
        await pilot.press(*"aqx5z")
        assert line(pilot).text == "aqx5z"
        assert not isinstance(pilot.app.screen, PickerScreen)


async def test_the_history_is_kept_from_one_opening_to_the_next() -> None:
    async with running(FakeService(made_up(50))) as pilot:
        await opened(pilot)
        await pilot.press(*"quota", "enter")
        await closed(pilot)
        await pilot.press("X")
        await opened(pilot)
        await pilot.press("up")
        assert line(pilot).text == "quota"


async def test_the_footer_says_what_the_keys_do_in_the_line() -> None:
    async with running(FakeService(made_up(50))) as pilot:
        await opened(pilot)
        bar = live(pilot).query_one(HintBar)
        assert bar.render_line(0).text.startswith(" ↵ run   Tab complete   ↑ history   Esc leave")
        await pilot.press("escape")
        await closed(pilot)
        assert bar.render_line(0).text.startswith(" Space pause")


async def test_another_way_to_filter_closes_the_line() -> None:
    async with running(FakeService(made_up(50))) as pilot:
        await opened(pilot)
        live(pilot).set_filter(BOT)
        await closed_by_filter(pilot)


async def closed_by_filter(pilot: Pilot[None]) -> None:
    await until(pilot, lambda: not live(pilot).query(QueryLine))
    assert live(pilot).query_one(FilterLine).display


async def test_a_click_on_the_invitation_opens_the_line() -> None:
    async with running(FakeService(made_up(50))) as pilot:
        chips = live(pilot).query_one(FilterLine)
        at = chips.render_line(0).text.index("/ any words")
        await pilot.click(FilterLine, offset=(at, 0))
        await until(pilot, lambda: live(pilot).query(QueryLine))
