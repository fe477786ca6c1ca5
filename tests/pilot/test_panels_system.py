"""The System tab: that it says what is wrong and what to do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from store.alerts.targets import TargetState
from store.filters.model import Filter
from store.left_alone import PassedOver, Staying
from tests.pilot.fake_quarantine import system_shown
from tests.pilot.fake_service import FakeService
from tests.pilot.made_up_events import FROZEN_US
from tests.pilot.stage import Stage, screen_text, settled
from tests.pilot.states_of_health import CUT_OFF, RECORDS, degraded, empty, fine, without_scanner
from tui.detection_state import DetectionState
from tui.glyphs import UNICODE
from tui.header_state import HeaderState
from tui.messages import RetryFolder, ShowEvents, ShowNotice
from tui.screens.system import SystemScreen
from tui.widgets.system_quarantine import SystemQuarantine
from tui.widgets.system_record import SystemRecord
from tui.widgets.system_sources import SystemSources

if TYPE_CHECKING:
    from store.health import Health


async def test_healthy_says_so_in_numbers() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        await system_shown(pilot, fine())
        text = screen_text(app)
    for told in ("5.1/s", "84 ms", "12,403,118", "every record could be read", "inotify", "pid 4242", "running"):
        assert told in text
    assert "✗ 2" in text  # refused within the hour, and read since
    assert "2 came in 24 h" in text


async def test_trouble_is_named_with_what_to_do() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        await system_shown(pilot, degraded(), RECORDS)
        text = screen_text(app)
    assert "6 · 1 slow · 1 missing · 1 no access" in text
    assert "sysctl fs.inotify.max_user_watches=524288" in text
    assert "✗ /var/log/gateway: permission denied. Run setfacl -m u:auditail:rx /var/log/gateway" in text
    assert "no access" in text
    assert "1.9 s" in text


async def test_what_is_left_alone_is_told_below_the_sources() -> None:
    app = Stage()
    first, *others = fine().sources
    passed = (PassedOver("link", 3, "latest\x1b[2J.json"),)
    kept = (Staying("it is not deleted: lines may still be added to it", 1, "a.jsonl"),)
    async with app.run_test(size=(160, 45)) as pilot:
        told = replace(first, passed_over=passed, staying=kept)
        await system_shown(pilot, replace(fine(), sources=(told, *others)))
        text = screen_text(app)
    assert "· ./events: only plain files are read, passed over: 3 links (such as latest␛[2J.json)" in text
    assert "· ./events: a.jsonl: it is not deleted: lines may still be added to it" in text


async def test_rules_and_notifications_have_a_block() -> None:
    app = Stage()
    state = DetectionState(26, 2, targets=(TargetState("hooks.example.org", 0, 0, 0, 12, None, None),))
    async with app.run_test(size=(160, 45)) as pilot:
        await system_shown(pilot, fine(), detection=state)
        text = screen_text(app)
    assert "Rules and notifications" in text
    assert "all is well" in text
    assert "at work, 2 switched off" in text
    assert "12 told in 24 h" in text
    assert " waiting" not in text.partition("Rules and notifications")[2].partition("Settings")[0]


async def test_what_is_wrong_with_rules_and_notifications_is_told_one_by_one() -> None:
    app = Stage()
    bad = tuple(f"rules/own-{number}.yml:3: no \x1b[2Jtitle" for number in range(7))
    targets = (TargetState("page\x1b[2J", 3, 2, 1, 0, FROZEN_US, "the address answered 503"),)
    state = DetectionState(26, problems=bad, targets=targets, attention=("7 rules", "page"))
    async with app.run_test(size=(160, 60)) as pilot:
        await system_shown(pilot, fine(), detection=state)
        text = screen_text(app)
    assert "2 to be looked at" in text
    assert "✗ rules/own-4.yml:3: no ␛[2Jtitle" in text
    assert "✗ 2 more rules cannot be used: auditail rules list" in text
    assert "own-5" not in text
    assert "3 waiting, 2 tried in vain, 1 given up" in text
    assert "✗ the address answered 503" in text


async def test_where_nothing_is_known_of_rules_nothing_is_said() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        await system_shown(pilot, fine())
        assert "Rules and notifications" not in screen_text(app)


async def test_without_a_scanner_it_says_how_to_start_one() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        await system_shown(pilot, without_scanner())
        text = screen_text(app)
    assert "Nothing is being read: the scanner was last heard of 2 h ago." in text
    assert "auditail --watch PATH" in text
    assert "0/s" in text
    assert "not running" in text
    assert "nothing is watched: press + to add a folder" in text


async def test_the_bytes_of_the_chosen_record_are_shown() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        await system_shown(pilot, degraded(), RECORDS)
        assert "001cb969  35 32 3b 63 3b 41 41 41  41 07 ff fe" in screen_text(app)
        assert CUT_OFF.reason in screen_text(app)
        app.screen.query_one(SystemQuarantine).focus()
        await pilot.press("down", "down", "down")
        await settled(pilot)
        record = app.screen.query_one(SystemRecord)
        assert record.entry is not None
        assert record.entry.id == 2
        assert "80 81 82 83 84 85 86 87" in screen_text(app)


async def test_a_limited_scope_shows_counts_only() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        await system_shown(pilot, degraded())
        assert "not shown while only some tenants may be seen" in screen_text(app)


async def test_numbers_are_kept_up_to_date_without_moving_the_cursor() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        service, _ = await system_shown(pilot, degraded(), RECORDS)
        await pilot.press("down", "down")
        service.health_answer = replace(degraded(), redacted=987_654)
        screen = app.screen
        assert isinstance(screen, SystemScreen)
        screen.ask()
        await settled(pilot)
        assert "987,654" in screen_text(app)
        current = screen.query_one(SystemSources).current
        assert current is not None
        assert current.target == degraded().sources[2].path


async def test_it_says_why_rows_and_events_differ() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        await system_shown(pilot, fine())
        text = screen_text(app)
    assert "+310.1 k more rows" in text
    for number, said in (
        ("12,403,118", "as in lists and above"),
        ("310,077", "more rows: usage that grew, calls seen twice"),
        ("12,713,195", "stored, each with a number of its own"),
    ):
        assert any(number in row and said in row for row in text.splitlines())


async def test_an_empty_store_says_how_to_begin() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        await system_shown(pilot, empty())
        text = screen_text(app)
    assert "nothing is watched: press + to add a folder" in text
    assert "every record could be read" in text
    assert "✗" not in text.split("Ingest")[0]


async def test_settings_say_where_they_come_from_and_what_is_not_in_force() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        await system_shown(pilot, fine())
        text = screen_text(app)
    assert "2 made, 1 default · 1 not yet in force" in text
    assert "not in force: nothing deletes events: they are kept for ever" in text
    assert any("ingest.paths" in row and "--watch" in row for row in text.splitlines())


async def test_the_parts_of_the_store_are_measured_once() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        service, _ = await system_shown(pilot, fine())
        assert "events 61 %  text 22 %  index 12 %  rest 5 %" in screen_text(app)
        screen = app.screen
        assert isinstance(screen, SystemScreen)
        screen.on_screen_resume()
        await settled(pilot)
        assert service.questions.count("store_parts") == 1


async def test_r_on_a_source_has_it_read_again() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        await system_shown(pilot, degraded(), RECORDS)
        await pilot.press("down", "down", "down", "down", "r")
        await pilot.pause()
        asked = [message.path for message in app.posted if isinstance(message, RetryFolder)]
        assert asked == ["/mnt/usb"]


async def test_a_stream_cannot_be_read_again() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await system_shown(pilot, degraded(), RECORDS)
        await pilot.press("down", "down", "down", "r")
        await pilot.pause()
        await pilot.pause()
        assert not app.posted
        assert "A stream is read only once" in screen_text(app)


async def test_a_figure_opens_what_is_behind_it() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        await system_shown(pilot, degraded(), RECORDS)
        await pilot.press("shift+tab", "enter")
        await pilot.pause()
        assert app.posted == [ShowEvents(Filter())]
        await pilot.press("right", "right", "enter")
        assert isinstance(app.screen.focused, SystemQuarantine)


async def test_a_source_with_bad_records_leads_to_the_quarantine() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        await system_shown(pilot, degraded(), RECORDS)
        await pilot.press("down", "enter")
        assert isinstance(app.screen.focused, SystemSources)
        await pilot.press("up", "enter")
        assert isinstance(app.screen.focused, SystemQuarantine)


async def test_a_scanner_that_cannot_store_says_why() -> None:
    health = degraded()
    scanner = replace(health.scanner, trouble="the disk is full: make room, reading goes on by itself")
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        await system_shown(pilot, replace(health, scanner=scanner), RECORDS)
        assert "✗ Nothing can be stored now, and nothing is lost: the disk is full" in screen_text(app)


async def test_where_it_is_known_why_no_scanner_runs_that_is_said() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        await system_shown(pilot, without_scanner())
        screen = app.screen
        assert isinstance(screen, SystemScreen)
        screen.header = HeaderState(watching="not reading: /data/s.db is damaged: auditail restore FILE brings it back")
        await pilot.pause()
        text = screen_text(app)
    assert "✗ Nothing is being read: /data/s.db is damaged: auditail restore FILE brings it back" in text
    assert "last heard of" not in text


async def test_every_pane_can_be_reached_by_tab() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        await system_shown(pilot, degraded(), RECORDS)
        reached: list[str] = []
        for _ in range(5):
            assert app.screen.focused is not None
            reached.append(type(app.screen.focused).__name__)
            await pilot.press("tab")
        assert reached == ["SystemSources", "SystemQuarantine", "SystemRecord", "SystemStore", "SystemSettings"]


async def test_times_follow_the_zone() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        await system_shown(pilot, degraded(), RECORDS)
        assert "14:59:16" in screen_text(app)
        screen = app.screen
        assert isinstance(screen, SystemScreen)
        screen.utc = True
        await pilot.pause()
        assert "13:59:16" in screen_text(app)


class Silent(FakeService):
    """A store that does not answer."""

    def health(self) -> Health:
        """Fail."""
        raise OSError("disk I/O error")


async def test_a_store_that_does_not_answer_is_asked_again() -> None:
    service = Silent()
    app = Stage()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        screen = SystemScreen(service, clock=lambda: FROZEN_US, glyphs=UNICODE)
        app.ask(screen)
        await settled(pilot)
        assert "The store did not answer; it is asked again." in screen_text(app)
        assert "◌" in screen_text(app)


async def test_notices_are_shown_without_reading_markup() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await system_shown(pilot, fine())
        app.screen.post_message(ShowNotice("Watching [/]\x1b]52;c;QQ==\x07"))
        await pilot.pause()
        await pilot.pause()
        assert "Watching [/]␛]52;c;QQ==␇" in screen_text(app)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 30), (200, 50)])
async def test_every_size_draws(size: tuple[int, int]) -> None:
    app = Stage()
    async with app.run_test(size=size) as pilot:
        await system_shown(pilot, degraded(), RECORDS)
        assert "Sources" in screen_text(app)
