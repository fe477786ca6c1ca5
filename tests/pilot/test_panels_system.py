"""The System tab: that it says what is wrong and what to do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.pilot.fake_service import FakeService
from tests.pilot.made_up_events import FROZEN_US, made_up
from tests.pilot.stage import Stage, screen_text, settled
from tests.pilot.states_of_health import CUT_OFF, degraded, fine, without_scanner
from tui.glyphs import UNICODE
from tui.messages import ShowNotice
from tui.screens.system import SystemScreen
from tui.widgets.system_quarantine import SystemQuarantine
from tui.widgets.system_record import SystemRecord
from tui.widgets.system_sources import SystemSources

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from store.service import Health


async def shown(pilot: Pilot[None], health: Health) -> FakeService:
    assert isinstance(pilot.app, Stage)
    service = FakeService(made_up(3))
    service.health_answer = health
    pilot.app.ask(SystemScreen(service, clock=lambda: FROZEN_US, glyphs=UNICODE))
    await settled(pilot)
    return service


async def test_healthy_says_so_in_numbers() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        await shown(pilot, fine())
        text = screen_text(app)
    for told in ("5.1/s", "84 ms", "12,403,118", "every record could be read", "inotify", "pid 4242", "running"):
        assert told in text
    assert "✗" not in text


async def test_trouble_is_named_with_what_to_do() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        await shown(pilot, degraded())
        text = screen_text(app)
    assert "6 · 1 slow · 1 missing · 1 no access" in text
    assert "sysctl fs.inotify.max_user_watches=524288" in text
    assert "✗ /var/log/gateway: permission denied. Run setfacl -m u:auditail:rx /var/log/gateway" in text
    assert "no access" in text
    assert "1.9 s" in text


async def test_without_a_scanner_it_says_how_to_start_one() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        await shown(pilot, without_scanner())
        text = screen_text(app)
    assert "Nothing is being read: the scanner was last heard of 2 h ago." in text
    assert "auditail --watch PATH" in text
    assert "0/s" in text
    assert "not running" in text
    assert "nothing is watched: press + to add a folder" in text


async def test_the_bytes_of_the_chosen_record_are_shown() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        await shown(pilot, degraded())
        assert "001cb929  7b 22 74 69 6d 65 73 74" in screen_text(app)
        assert CUT_OFF.reason in screen_text(app)
        app.screen.query_one(SystemQuarantine).focus()
        await pilot.press("down")
        await pilot.pause()
        record = app.screen.query_one(SystemRecord)
        assert record.entry is not None
        assert record.entry.id == 2
        assert "00 01 02 03 04 05 06 07" in screen_text(app)


async def test_a_limited_scope_shows_counts_only() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        await shown(pilot, replace(degraded(), quarantine=()))
        assert "not shown while only some tenants may be seen" in screen_text(app)


async def test_numbers_are_kept_up_to_date_without_moving_the_cursor() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        service = await shown(pilot, degraded())
        await pilot.press("down", "down")
        service.health_answer = replace(degraded(), duplicates=987_654)
        screen = app.screen
        assert isinstance(screen, SystemScreen)
        screen.ask()
        await settled(pilot)
        assert "987,654" in screen_text(app)
        current = screen.query_one(SystemSources).current
        assert current is not None
        assert current.target == degraded().sources[2].path


async def test_every_pane_can_be_reached_by_tab() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, degraded())
        reached: list[str] = []
        for _ in range(4):
            assert app.screen.focused is not None
            reached.append(type(app.screen.focused).__name__)
            await pilot.press("tab")
        assert reached == ["SystemSources", "SystemQuarantine", "SystemRecord", "SystemStore"]


async def test_times_follow_the_zone() -> None:
    app = Stage()
    async with app.run_test(size=(160, 45)) as pilot:
        await shown(pilot, degraded())
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
        await shown(pilot, fine())
        app.screen.post_message(ShowNotice("Watching [/]\x1b]52;c;QQ==\x07"))
        await pilot.pause()
        await pilot.pause()
        assert "Watching [/]␛]52;c;QQ==␇" in screen_text(app)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 30), (200, 50)])
async def test_every_size_draws(size: tuple[int, int]) -> None:
    app = Stage()
    async with app.run_test(size=size) as pilot:
        await shown(pilot, degraded())
        assert "Sources" in screen_text(app)
