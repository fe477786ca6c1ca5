"""The detail pane: what it says, where its rows lead, and that size does not matter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from store.filters.clause import Clause
from store.filters.keys import Key
from tests.pilot.fake_service import detail_of
from tests.pilot.made_up_events import FROZEN_US, SECOND, SHAPES, event_of
from tests.pilot.stage import Stage, screen_text
from tui.messages import AddClause, CloseDetail
from tui.widgets.detail import DetailPane
from tui.widgets.detail_lines import Related

if TYPE_CHECKING:
    from store.events import EventDetail
    from tui.widgets.line import Line

SIZE = (100, 50)


def denied() -> EventDetail:
    shape = next(shape for shape in SHAPES if shape.status == "denied")
    event = replace(event_of(shape, seq=7, ts_us=FROZEN_US), resource_tenant_id="globex")
    return detail_of(event)


def text_of(line: Line) -> str:
    return "".join(text for text, _ in (*line.spans, *line.right))


def row_of(pane: DetailPane, start: str) -> int:
    return next(index for index, line in enumerate(pane.lines) if text_of(line).startswith(start))


def shown(detail: EventDetail | None, **values: Any) -> tuple[Stage, DetailPane]:
    pane = DetailPane()
    pane.detail = detail
    for name, value in values.items():
        setattr(pane, name, value)
    return Stage(pane), pane


async def test_it_says_what_happened_to_whom_and_what_it_cost() -> None:
    app, _ = shown(denied(), related=Related(6, 31, None), now_us=FROZEN_US + 150 * SECOND)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        text = screen_text(app)
    assert "⊘ denied  permission.check  delete_user" in text
    assert "2026-11-22 15:02:06.204 +01:00 · 2 min ago" in text
    assert "acme touched globex" in text
    assert "req_7f31c02  6 events" in text
    assert "ses_44d0a91  31 events" in text
    assert "1,204 in  88 out  10,112 cache read" in text
    assert "$0.0081" in text
    assert "byte 1,882,441 · generation 2 · native" in text


async def test_times_follow_the_zone_that_is_asked_for() -> None:
    app, pane = shown(denied())
    async with app.run_test(size=SIZE) as pilot:
        pane.utc = True
        await pilot.pause()
        assert "2026-11-22 14:02:06.204 UTC" in screen_text(app)


async def test_an_event_on_its_way_and_one_that_is_gone_are_said_to_be_so() -> None:
    app, pane = shown(None)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert "◌ reading the event" in screen_text(app)
        pane.notice = "This event is no longer in the store."
        await pilot.pause()
        assert "✗ This event is no longer in the store." in screen_text(app)


async def test_enter_on_a_request_asks_for_its_events() -> None:
    app, pane = shown(denied(), related=Related(6, 31, None))
    async with app.run_test(size=SIZE) as pilot:
        pane.focus()
        pane.cursor = row_of(pane, "request")
        await pilot.press("enter")
        (message,) = app.posted
        assert isinstance(message, AddClause)
        assert message.clause == Clause(Key.REQUEST, ("req_7f31c02",))


async def test_enter_on_a_row_that_leads_nowhere_closes_and_so_does_escape() -> None:
    app, pane = shown(denied())
    async with app.run_test(size=SIZE) as pilot:
        pane.focus()
        pane.cursor = row_of(pane, "agent")
        await pilot.press("enter", "escape")
        assert [type(message) for message in app.posted] == [CloseDetail, CloseDetail]


async def test_a_call_shows_its_result_and_opens_it() -> None:
    call = denied()
    result = replace(call.summary, id=4711, event_type="mcp.tool_result", ts_us=FROZEN_US + 203_000, message="3 rows")
    app, pane = shown(replace(call, partner=result))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert "203 ms later" in screen_text(app)
        pane.focus()
        pane.cursor = row_of(pane, "Its result") + 1
        await pilot.press("enter")
        (message,) = app.posted
        assert isinstance(message, DetailPane.EventChosen)
        assert message.event_row_id == 4711


async def test_a_result_shows_its_call() -> None:
    result = denied()
    call = replace(result.summary, id=3, ts_us=FROZEN_US - 4 * SECOND)
    app, _ = shown(replace(result, partner=call))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert "4.0 s earlier" in screen_text(app)
        assert "Its call" in screen_text(app)


async def test_arrows_and_enter_fold_metadata() -> None:
    app, pane = shown(denied())
    async with app.run_test(size=SIZE) as pilot:
        pane.focus()
        pane.cursor = row_of(pane, "▾ policy")
        await pilot.press("left")
        assert not any("decision" in text_of(line) for line in pane.lines)
        await pilot.press("right")
        assert any("decision" in text_of(line) for line in pane.lines)
        await pilot.press("enter")
        assert not any("decision" in text_of(line) for line in pane.lines)
        assert pane.cursor == row_of(pane, "▸ policy")
        assert not app.posted


async def test_what_is_unfolded_stays_so_when_the_same_event_comes_again() -> None:
    app, pane = shown(denied())
    async with app.run_test(size=SIZE) as pilot:
        pane.focus()
        pane.cursor = row_of(pane, "▾ policy")
        await pilot.press("left")
        pane.detail = replace(denied(), host="web-2")
        await pilot.pause()
        assert pane.cursor == row_of(pane, "▸ policy")


async def test_another_event_starts_at_the_top() -> None:
    app, pane = shown(denied())
    async with app.run_test(size=(100, 12)) as pilot:
        pane.focus()
        await pilot.pause()
        await pilot.press("end")
        await pilot.pause()
        assert pane.scroll_offset.y > 0
        other = denied()
        pane.detail = replace(other, summary=replace(other.summary, id=99))
        await pilot.pause()
        assert pane.scroll_offset.y == 0
        assert pane.cursor == 0


async def test_a_megabyte_of_metadata_gives_only_as_many_rows_as_are_looked_at() -> None:
    huge = {"rows": list(range(100_000)), "text": "word " * 200_000, "keys": {f"k{i}": i for i in range(5000)}}
    app, pane = shown(replace(denied(), metadata=huge))
    async with app.run_test(size=SIZE) as pilot:
        pane.focus()
        pane.cursor = row_of(pane, "▸ rows")
        await pilot.press("right")
        assert len(pane.lines) < 160
        pane.cursor = next(i for i, line in enumerate(pane.lines) if "99,900 more" in text_of(line))
        await pilot.press("enter")
        assert any("99,500 more" in text_of(line) for line in pane.lines)
        pane.cursor = row_of(pane, "▸ text")
        await pilot.press("enter")
        assert any("more of 1,000,000 characters" in text_of(line) for line in pane.lines)


async def test_a_long_message_is_cut_and_shown_whole_on_enter() -> None:
    app, pane = shown(replace(denied(), message="alpha beta " * 100 + "omega"))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert not any("omega" in text_of(line) for line in pane.lines)
        pane.focus()
        pane.cursor = row_of(pane, "1,105 characters")
        await pilot.press("enter")
        assert any("omega" in text_of(line) for line in pane.lines)


async def test_long_values_are_wrapped_not_cut() -> None:
    long = "a" * 120
    app, pane = shown(replace(denied(), host=long, session_id="s" * 90))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert sum(text_of(line).count("a" * 30) for line in pane.lines) >= 3
        assert sum(text_of(line).count("s") for line in pane.lines[:30]) >= 90


async def test_a_click_folds_at_once_and_other_rows_need_two() -> None:
    app, pane = shown(denied(), related=Related(6, 31, None))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.click(pane, offset=(4, row_of(pane, "▾ policy") + 1))
        assert any(text_of(line).startswith("▸ policy") for line in pane.lines)
        at = (4, row_of(pane, "request") + 1)
        await pilot.click(pane, offset=at)
        assert not app.posted
        await pilot.click(pane, offset=at)
        assert [type(message) for message in app.posted] == [AddClause]
