"""The pickers: what they offer, what keys do, and what they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.geometry import Offset

from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import until
from tests.pilot.made_up_events import FROZEN_US, MINUTE, SHAPES, event_of, one_of_each
from tests.pilot.quiet import ENDLESS
from tests.pilot.stage import Stage, screen_text, settled
from tui.glyphs import UNICODE
from tui.screens.picker import PickerQuestion, PickerScreen
from tui.widgets.picker_input import PickerInput
from tui.widgets.picker_list import PickerList

if TYPE_CHECKING:
    from textual.pilot import Pilot

WINDOW = (FROZEN_US - 60 * MINUTE, FROZEN_US + 1)


def question(field: Key, *, own: str | None = None, what: Filter | None = None, x: int = 20) -> PickerQuestion:
    return PickerQuestion(field=field, what=what or Filter(), own=own, window=WINDOW, anchor=Offset(x, 5))


async def opened(pilot: Pilot[None], asked: PickerQuestion, service: FakeService | None = None) -> PickerScreen:
    assert isinstance(pilot.app, Stage)
    picker = PickerScreen(service or FakeService(one_of_each()), asked, glyphs=UNICODE)
    pilot.app.ask(picker)
    await settled(pilot)
    return picker


def offered(picker: PickerScreen) -> list[str | None]:
    return [choice.value for choice in picker.query_one(PickerList).choices]


async def test_values_come_most_frequent_first_but_the_rows_own_before_all() -> None:
    app = Stage()
    async with app.run_test(size=(100, 40)) as pilot:
        picker = await opened(pilot, question(Key.AGENT, own="research-agent"))
        assert offered(picker)[0] == "research-agent"
        assert offered(picker)[1] == "code-reviewer"
        assert None in offered(picker)
        assert "this row" in screen_text(app)
        assert "(no agent)" in screen_text(app)
        await pilot.press("enter")
        assert app.answers == [Clause(Key.AGENT, ("research-agent",))]


async def test_counts_and_shares_of_trouble_stand_beside_the_values() -> None:
    app = Stage()
    async with app.run_test(size=(100, 40)) as pilot:
        await opened(pilot, question(Key.AGENT))
        row = next(row for row in screen_text(app).splitlines() if "code-reviewer" in row)
        assert row.split()[1:7] == ["code-reviewer", "━━━━━━", "5", "✗", "40.0", "%"]
        assert f"{len(SHAPES)} events, last hour" in screen_text(app)


async def test_typing_narrows_and_letters_are_no_shortcuts() -> None:
    app = Stage()
    async with app.run_test(size=(100, 40)) as pilot:
        picker = await opened(pilot, question(Key.AGENT))
        await pilot.press("R", "e", "minus")
        assert picker.query_one(PickerInput).value == "Re-"
        await pilot.press("backspace")
        assert offered(picker) == ["code-reviewer", "research-agent"]
        assert "4 more do not match" in screen_text(app)
        await pilot.press("down", "enter")
        assert app.answers == [Clause(Key.AGENT, ("research-agent",))]


async def test_space_takes_several_and_tab_leaves_them_out() -> None:
    app = Stage()
    async with app.run_test(size=(100, 40)) as pilot:
        await opened(pilot, question(Key.USER))
        await pilot.press("space", "space", "tab")
        assert "user is not" in screen_text(app)
        await pilot.press("enter")
        (answer,) = app.answers
        assert answer.negated
        assert len(answer.values) == 2


async def test_minus_excludes_while_nothing_is_typed() -> None:
    app = Stage()
    async with app.run_test(size=(100, 40)) as pilot:
        await opened(pilot, question(Key.AGENT, own="support-bot"))
        await pilot.press("minus", "enter")
        assert app.answers == [Clause(Key.AGENT, ("support-bot",), negated=True)]


async def test_minus_excludes_after_an_arrow_key() -> None:
    app = Stage()
    async with app.run_test(size=(100, 40)) as pilot:
        picker = await opened(pilot, question(Key.AGENT))
        await pilot.press("r", "e", "down", "minus")
        assert picker.query_one(PickerInput).value == "re"
        await pilot.press("enter")
        assert app.answers == [Clause(Key.AGENT, ("research-agent",), negated=True)]


async def test_escape_answers_nothing() -> None:
    app = Stage()
    async with app.run_test(size=(100, 40)) as pilot:
        await opened(pilot, question(Key.AGENT))
        await pilot.press("space", "escape")
        assert app.answers == [None]


async def test_the_value_for_events_without_one_can_be_chosen() -> None:
    app = Stage()
    async with app.run_test(size=(100, 40)) as pilot:
        await opened(pilot, question(Key.AGENT))
        await pilot.press("n", "o", "space", "enter")
        assert app.answers == [Clause(Key.AGENT, (None,))]


async def test_what_was_not_seen_can_be_filtered_by_all_the_same() -> None:
    app = Stage()
    async with app.run_test(size=(100, 40)) as pilot:
        await opened(pilot, question(Key.AGENT))
        await pilot.press(*"zeta")
        assert "not seen here" in screen_text(app)
        await pilot.press("enter")
        assert app.answers == [Clause(Key.AGENT, ("zeta",))]


async def test_the_present_clause_is_taken_already_and_can_be_added_to() -> None:
    what = Filter.of(Clause(Key.AGENT, ("support-bot",)))
    app = Stage()
    async with app.run_test(size=(100, 40)) as pilot:
        picker = await opened(pilot, question(Key.AGENT, what=what))
        assert picker.query_one(PickerList).marks == {"support-bot"}
        await pilot.press(*"code", "space", "enter")
        assert app.answers == [Clause(Key.AGENT, ("code-reviewer", "support-bot"))]


async def test_enter_alone_replaces_the_present_clause() -> None:
    what = Filter.of(Clause(Key.AGENT, ("support-bot",)))
    app = Stage()
    async with app.run_test(size=(100, 40)) as pilot:
        await opened(pilot, question(Key.AGENT, own="content-writer", what=what))
        await pilot.press("enter")
        assert app.answers == [Clause(Key.AGENT, ("content-writer",))]


async def test_counts_leave_the_picked_field_out_of_the_filter_and_keep_the_rest() -> None:
    what = Filter.of(Clause(Key.AGENT, ("support-bot",)), Clause(Key.TENANT, ("acme",)))
    app = Stage()
    async with app.run_test(size=(100, 40)) as pilot:
        picker = await opened(pilot, question(Key.AGENT, what=what))
        assert "content-writer" in offered(picker)
        assert "research-agent" not in offered(picker)
        assert "under the present filter" in screen_text(app)


async def test_an_empty_window_falls_back_to_all_time() -> None:
    old = event_of(SHAPES[0], seq=1, ts_us=FROZEN_US - 300 * MINUTE)
    app = Stage()
    async with app.run_test(size=(100, 40)) as pilot:
        picker = await opened(pilot, question(Key.AGENT), FakeService([old]))
        assert offered(picker) == ["code-reviewer"]
        assert "1 event, all time" in screen_text(app)


async def test_types_are_a_tree_whose_groups_can_be_chosen() -> None:
    app = Stage()
    async with app.run_test(size=(100, 40)) as pilot:
        picker = await opened(pilot, question(Key.TYPE, own="mcp.tool_call"))
        listed = picker.query_one(PickerList)
        assert listed.choice is not None
        assert listed.choice.value == "mcp.tool_call"
        await pilot.press("left")
        assert "mcp.tool_call" not in offered(picker)
        assert listed.choice.value == "mcp.*"
        await pilot.press("right")
        assert "mcp.tool_call" in offered(picker)
        await pilot.press("left", "enter")
        assert app.answers == [Clause(Key.TYPE, ("mcp.*",))]


async def test_typing_finds_types_in_folded_groups() -> None:
    app = Stage()
    async with app.run_test(size=(100, 40)) as pilot:
        picker = await opened(pilot, question(Key.TYPE))
        await pilot.press(*"fail")
        assert offered(picker) == ["auth.*", "auth.failed"]
        await pilot.press("down", "enter")
        assert app.answers == [Clause(Key.TYPE, ("auth.failed",))]


@pytest.mark.parametrize(("x", "expected"), [(3, 3), (30, 30), (75, 40)])
async def test_it_opens_under_its_column_and_stays_on_the_screen(x: int, expected: int) -> None:
    app = Stage()
    async with app.run_test(size=(100, 40)) as pilot:
        picker = await opened(pilot, question(Key.AGENT, x=x))
        region = picker.query_one("#picker").region
        assert (region.x, region.y, region.width) == (expected, 5, 60)


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (200, 50)])
async def test_its_foot_is_on_the_screen_at_every_size(size: tuple[int, int]) -> None:
    app = Stage()
    async with app.run_test(size=size) as pilot:
        picker = await opened(pilot, question(Key.TYPE))
        assert picker.region.contains_region(picker.query_one("#picker").region)


async def test_while_values_are_counted_the_rows_own_can_already_be_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.pilot.quiet.ENDLESS", (*ENDLESS, "facet"))
    service = FakeService(one_of_each())
    service.search.counting_in_parts = True
    service.search.gate.clear()
    app = Stage()
    async with app.run_test(size=(100, 40)) as pilot:
        picker = PickerScreen(service, question(Key.AGENT, own="support-bot"), glyphs=UNICODE)
        app.ask(picker)
        await until(pilot, lambda: len(offered(picker)) > 1)
        assert "◌ counting" in screen_text(app)
        assert "so far" in screen_text(app)
        some = offered(picker)
        await pilot.press("down")
        service.search.gate.set()
        await until(pilot, lambda: "so far" not in screen_text(app))
        choice = picker.query_one(PickerList).choice
        assert choice is not None
        assert choice.value == some[1]
        await pilot.press("enter")
        assert app.answers == [Clause(Key.AGENT, (some[1],))]


async def test_leaving_it_calls_the_count_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.pilot.quiet.ENDLESS", (*ENDLESS, "facet"))
    service = FakeService(one_of_each())
    service.search.counting_in_parts = True
    service.search.gate.clear()
    app = Stage()
    async with app.run_test(size=(100, 40)) as pilot:
        app.ask(PickerScreen(service, question(Key.AGENT, own="support-bot"), glyphs=UNICODE))
        await pilot.pause()
        workers = list(app.workers)
        await pilot.press("enter")
        assert app.answers == [Clause(Key.AGENT, ("support-bot",))]
        await until(pilot, lambda: all(worker.is_finished for worker in workers))
        assert not service.search.gate.is_set()


async def test_without_counts_a_value_can_be_typed() -> None:
    service = FakeService(one_of_each())
    service.search.failing = True
    app = Stage()
    async with app.run_test(size=(100, 40)) as pilot:
        app.ask(PickerScreen(service, question(Key.AGENT), glyphs=UNICODE))
        await settled(pilot)
        assert "could not be counted" in screen_text(app)
        await pilot.press(*"x", "enter")
        assert app.answers == [Clause(Key.AGENT, ("x",))]


async def test_a_click_moves_and_a_second_one_takes() -> None:
    app = Stage()
    async with app.run_test(size=(100, 40)) as pilot:
        picker = await opened(pilot, question(Key.AGENT, own="support-bot"))
        listed = picker.query_one(PickerList)
        await pilot.click(listed, offset=(5, 1))
        assert not app.answers
        await pilot.click(listed, offset=(5, 1))
        assert app.answers == [Clause(Key.AGENT, ("code-reviewer",))]
