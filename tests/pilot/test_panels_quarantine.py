"""The quarantine in the System tab: browse, look at bytes, retry, discard with a reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.widgets import Input

from tests.pilot.fake_quarantine import set_records, system_shown
from tests.pilot.made_up_events import FROZEN_US, SECOND
from tests.pilot.stage import Stage, screen_text, settled
from tests.pilot.states_of_health import CUT_OFF, NOT_UTF8, RECORDS, degraded
from tui.screens.discard import DiscardScreen
from tui.screens.system import SystemScreen
from tui.widgets.system_quarantine import AllRecords, SystemQuarantine
from tui.widgets.system_record import SystemRecord

if TYPE_CHECKING:
    from typing import Any

    from textual.pilot import Pilot

MANY = [replace(NOT_UTF8, id=number, at_us=FROZEN_US - number * SECOND) for number in range(1, 301)]


def quarantine(app: Stage) -> SystemQuarantine:
    return app.screen_stack[1].query_one(SystemQuarantine)


async def asked_again(pilot: Pilot[Any]) -> None:
    screen = pilot.app.screen
    assert isinstance(screen, SystemScreen)
    screen.ask()
    await settled(pilot)


async def test_few_records_are_all_in_sight_below_their_reasons() -> None:
    app = Stage()
    async with app.run_test(size=(160, 60)) as pilot:
        await system_shown(pilot, degraded(), RECORDS)
        text = screen_text(app)
    assert "▾ not UTF-8" in text
    assert "▾ nested deeper than 64 levels" in text
    assert any("platform-14.jsonl" in row and "line 40,118" in row for row in text.splitlines())


async def test_many_records_are_counted_until_their_reason_is_unfolded() -> None:
    app = Stage()
    async with app.run_test(size=(160, 60)) as pilot:
        service, _ = await system_shown(pilot, replace(degraded(), quarantined=300), MANY)
        assert "▸ not UTF-8" in screen_text(app)
        assert "quarantine_rows" not in service.questions
        await pilot.press("tab", "right")
        await settled(pilot)
        assert "quarantine_rows" in service.questions
        assert "▾ not UTF-8" in screen_text(app)
        await pilot.press("down", "left")
        await settled(pilot)
        assert "▸ not UTF-8" in screen_text(app)


async def test_the_fault_is_marked_and_pointed_to() -> None:
    app = Stage()
    async with app.run_test(size=(160, 60)) as pilot:
        await system_shown(pilot, degraded(), RECORDS)
        rows = screen_text(app).splitlines()
    at = next(index for index, row in enumerate(rows) if "41 07 ff fe" in row)
    column = rows[at].index("ff fe")
    assert rows[at + 1][column : column + 2] == "^^"


async def test_enter_shows_every_byte_and_escape_goes_back() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        await system_shown(pilot, degraded(), RECORDS)
        await pilot.press("tab", "down", "down", "enter")
        await settled(pilot)
        assert app.screen.maximized is app.screen.query_one(SystemRecord)
        assert "001cb929  7b 22 74 69 6d 65 73 74" in screen_text(app)
        await pilot.press("escape")
        await settled(pilot)
        assert app.screen.maximized is None


async def test_r_retries_what_is_under_the_cursor() -> None:
    app = Stage()
    async with app.run_test(size=(160, 60), notifications=True) as pilot:
        _, actions = await system_shown(pilot, degraded(), RECORDS)
        await pilot.press("tab", "down", "down", "r")
        await settled(pilot)
        await settled(pilot)
        assert actions.retried == [CUT_OFF.id]
        text = screen_text(app)
        assert "1 record will be read again." in text
        assert "◌ to be tried" in text
        await pilot.press("up", "r")
        await settled(pilot)
        assert actions.retried[1:] == [NOT_UTF8.id, CUT_OFF.id]
        await pilot.press("up", "r")
        await settled(pilot)
        assert isinstance(quarantine(app).target, AllRecords)
        assert actions.retried[3:] == [1, 2, 3]


async def test_discarding_needs_a_reason() -> None:
    app = Stage()
    async with app.run_test(size=(160, 60), notifications=True) as pilot:
        _, actions = await system_shown(pilot, degraded(), RECORDS)
        await pilot.press("tab", "down", "D")
        await pilot.pause()
        assert isinstance(app.screen, DiscardScreen)
        assert "discard 2 records" in screen_text(app)
        await pilot.press("enter")
        await pilot.pause()
        assert "Say why: the reason is recorded." in screen_text(app)
        assert actions.discarded == []
        app.screen.query_one(Input).value = "a test file"
        await pilot.press("enter")
        await settled(pilot)
        await settled(pilot)
        assert actions.discarded == [([2, 3], "a test file")]
        text = screen_text(app)
        assert "2 records discarded, and the reason recorded." in text
        assert "platform-14.jsonl" not in text


async def test_leaving_the_dialog_discards_nothing() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        _, actions = await system_shown(pilot, degraded(), RECORDS)
        await pilot.press("tab", "D", "x", "escape")
        await settled(pilot)
        assert isinstance(app.screen, SystemScreen)
        assert actions.discarded == []


async def test_a_store_that_cannot_be_written_says_so() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        _, actions = await system_shown(pilot, degraded(), RECORDS)
        actions.broken = "the disk is full: make room and try again"
        await pilot.press("tab", "r")
        await settled(pilot)
        await settled(pilot)
        assert "the disk is full: make room and try again" in screen_text(app)


async def test_outside_the_quarantine_there_is_nothing_to_discard() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        _, actions = await system_shown(pilot, degraded(), RECORDS)
        await pilot.press("D")
        await settled(pilot)
        assert isinstance(app.screen, SystemScreen)
        assert "Choose a record or a reason in the quarantine first" in screen_text(app)
        assert actions.discarded == []


async def test_the_cursor_stays_on_its_record_when_others_arrive() -> None:
    app = Stage()
    async with app.run_test(size=(160, 60)) as pilot:
        service, _ = await system_shown(pilot, degraded(), RECORDS)
        await pilot.press("tab", "down", "down", "down")
        await settled(pilot)
        newer = replace(CUT_OFF, id=9, at_us=FROZEN_US, path="/data/events/newer.jsonl")
        set_records(service, [*RECORDS, newer])
        await asked_again(pilot)
        assert "newer.jsonl" in screen_text(app)
        assert quarantine(app).highlighted == NOT_UTF8.id
        record = app.screen.query_one(SystemRecord)
        assert record.entry is not None
        assert record.entry.id == NOT_UTF8.id


async def test_the_last_record_goes_and_nothing_is_left_to_see() -> None:
    app = Stage()
    async with app.run_test(size=(160, 60)) as pilot:
        service, _ = await system_shown(pilot, degraded(), RECORDS)
        set_records(service, [])
        await asked_again(pilot)
        await settled(pilot)
        assert "every record could be read" in screen_text(app)
        assert app.screen.query_one(SystemRecord).entry is None


async def test_a_failed_retry_is_told_with_its_reason() -> None:
    tried = replace(CUT_OFF, tried_us=FROZEN_US - 90 * SECOND, tried_reason="not UTF-8 at byte 75 of the record")
    app = Stage()
    async with app.run_test(size=(160, 60)) as pilot:
        await system_shown(pilot, replace(degraded(), quarantined=1), [tried])
        await pilot.press("tab", "down")
        await settled(pilot)
        text = screen_text(app)
    assert "✗ tried 90 s ago" in text
    assert "tried again 90 s ago: not UTF-8 at byte 75 of the record" in text


async def test_hostile_paths_and_reasons_stay_text() -> None:
    hostile = replace(CUT_OFF, path="/data/[/]\x1b]52;c;QQ==\x07.jsonl", reason="not JSON [@click=app.quit]\x1b[2J")
    app = Stage()
    async with app.run_test(size=(160, 60)) as pilot:
        await system_shown(pilot, replace(degraded(), quarantined=1), [hostile])
        await pilot.press("tab", "D")
        await pilot.pause()
        text = screen_text(app)
    assert "\x1b" not in text
    assert "[/]␛]52;c;QQ==␇.jsonl" in text
