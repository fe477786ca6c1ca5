"""No widget lets hostile text do anything: no crash, no markup, no character that a terminal acts on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from textual import events
from textual.geometry import Offset

from config.settings import Settings
from store.events import EventDetail, EventSummary, Provenance
from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from tests.pilot.fake_service import FakeService, detail_of
from tests.pilot.hostile import MARKUP, TEXTS, random_texts, unsafe_on_screen
from tests.pilot.live_app import until
from tests.pilot.made_up_events import FROZEN_US, SHAPES, event_of
from tests.pilot.stage import Stage, screen_text, settled
from tests.pilot.states_of_health import CUT_OFF, fine, source
from tui.app import AuditailApp
from tui.glyphs import UNICODE
from tui.messages import ShowNotice
from tui.screens.add_folder import AddFolderScreen
from tui.screens.discard import DiscardScreen
from tui.screens.goto_time import GotoTimeScreen
from tui.screens.live import LiveScreen
from tui.screens.picker import PickerQuestion, PickerScreen
from tui.screens.system import SystemScreen
from tui.system_tools import SettingLine, SystemTools
from tui.widgets.detail import DetailPane
from tui.widgets.first_run import FirstRun

if TYPE_CHECKING:
    from textual.pilot import Pilot
    from textual.screen import Screen

ALL = [*TEXTS, *random_texts(10)]


def hostile_event(text: str, seq: int) -> EventSummary:
    plain = event_of(SHAPES[0], seq=seq, ts_us=FROZEN_US - seq)
    return replace(
        plain,
        event_type=text or "x",
        agent_id=text,
        user_id=text,
        tenant_id=text,
        resource_tenant_id=text + "2",
        tool=text,
        server=text,
        model=text,
        message=text[:400],
    )


def hostile_detail(text: str, seq: int) -> EventDetail:
    event = hostile_event(text, seq)
    nested = {text: [text, {text: text}], "list": [text] * 3, "deep": {"a": {"b": {text: text}}}}
    return replace(
        detail_of(event),
        event_id=text,
        host=text,
        call_id=text,
        request_id=text,
        session_id=text,
        trace_id=text,
        span_id=text,
        parent_id=text,
        message=text,
        metadata={text: text, "nested": nested, "number": 1},
        provenance=Provenance(text, text, 1, 2, text),
        partner=hostile_event(text, seq + 1000),
    )


async def test_the_detail_pane() -> None:
    pane = DetailPane()
    app = Stage(pane)
    async with app.run_test(size=(90, 60)) as pilot:
        pane.focus()
        for number, text in enumerate(ALL):
            pane.detail = hostile_detail(text, number)
            await pilot.pause()
            await pilot.press("end", "right")
            assert unsafe_on_screen(app) == []
        pane.detail = hostile_detail(MARKUP, 999)
        await pilot.pause()
        assert "[/] [/red] [bold [@click=app.quit]press me[/]" in screen_text(app)


@pytest.mark.parametrize("field", [Key.AGENT, Key.TYPE])
async def test_the_pickers(field: Key) -> None:
    service = FakeService(hostile_event(text, number) for number, text in enumerate(ALL, 1))
    window = (FROZEN_US - 1_000_000, FROZEN_US + 1)
    app = Stage()
    async with app.run_test(size=(100, 60)) as pilot:
        for own in ALL[:6]:
            what = Filter.of(Clause(field, (own, None)))
            question = PickerQuestion(field=field, what=what, own=own, window=window, anchor=Offset(5, 3))
            app.ask(PickerScreen(service, question, glyphs=UNICODE))
            await settled(pilot)
            await pilot.press("down", "space", "pagedown")
            assert unsafe_on_screen(app) == []
            await pilot.press("escape")


async def test_the_system_tab() -> None:
    app = Stage()
    async with app.run_test(size=(160, 60), notifications=True) as pilot:
        for one, other in zip(ALL[:10:2], ALL[1:10:2], strict=True):
            text = f"{one} {other}"  # a screen is costly to lay out
            service = FakeService()
            health = fine()
            bad = source(text, state="unreadable", reason=text, formats=(text,))
            entry = replace(CUT_OFF, path=text, reason=text, raw=text.encode("utf-8", "surrogatepass"))
            service.health_answer = replace(
                health,
                scanner=replace(health.scanner, watcher=text, watcher_reason=text),
                store=replace(health.store, path=text),
                sources=(bad, source("./events")),
                quarantined=1,
            )
            service.records = [replace(entry, tried_us=FROZEN_US, tried_reason=text)]
            tools = SystemTools(settings=(SettingLine(text, text, text, text), SettingLine(text, text, text)))
            app.ask(SystemScreen(service, clock=lambda: FROZEN_US, glyphs=UNICODE, tools=tools))
            await settled(pilot)
            await settled(pilot)
            app.screen.post_message(ShowNotice(text, trouble=True))
            await pilot.pause()
            assert unsafe_on_screen(app) == []
            app.ask(DiscardScreen(1, text))
            await pilot.pause()
            assert unsafe_on_screen(app) == []
            await app.pop_screen()
            await app.pop_screen()


async def test_the_page_of_an_empty_store() -> None:
    page = FirstRun()
    app = Stage(page)
    async with app.run_test(size=(100, 40)) as pilot:
        for text in ALL:
            page.watching = text
            await pilot.pause()
            assert unsafe_on_screen(app) == []


@pytest.mark.parametrize("dialog", ["folder", "time", "picker"])
async def test_what_is_pasted_into_a_dialog(dialog: str) -> None:
    question = PickerQuestion(Key.AGENT, Filter(), None, (0, FROZEN_US), Offset(5, 3))
    dialogs: dict[str, Screen[Any]] = {
        "folder": AddFolderScreen(),
        "time": GotoTimeScreen(now_us=FROZEN_US, utc=True),
        "picker": PickerScreen(FakeService(), question, glyphs=UNICODE),
    }
    app = Stage()
    async with app.run_test(size=(100, 40)) as pilot:
        app.ask(dialogs[dialog])
        await settled(pilot)
        for text in ALL[:9]:
            assert app.focused is not None
            app.focused.post_message(events.Paste(text))
            await pilot.pause()
            assert unsafe_on_screen(app) == []


async def listed(pilot: Pilot[None], live: LiveScreen) -> None:
    await until(pilot, lambda: live.events.current is not None)


class HostileCapture:
    """Watches a folder with a name to be afraid of."""

    def describe(self) -> str:
        """Return it."""
        return MARKUP + TEXTS[1]

    def add_folder(self, path: str) -> str | None:
        """Refuse in the same manner."""
        return TEXTS[2] + path


@pytest.mark.parametrize("size", [(160, 60), (80, 24)])
async def test_the_live_tab_with_list_filter_and_bars(size: tuple[int, int]) -> None:
    service = FakeService(hostile_event(text, number) for number, text in enumerate(ALL, 1))
    app = AuditailApp(service, settings=Settings(), capture=HostileCapture(), clock=lambda: FROZEN_US)
    async with app.run_test(size=size, notifications=True) as pilot:
        live = app.screen
        assert isinstance(live, LiveScreen)
        await listed(pilot, live)
        for text in ALL[:12]:
            live.set_filter(Filter.of(Clause(Key.AGENT, (text, None)), Clause(Key.USER, (text,), negated=True)))
            live.post_message(ShowNotice(text, trouble=True))
            await pilot.pause()
            assert unsafe_on_screen(app) == []
        live.set_filter(Filter())
        await listed(pilot, live)
        for _ in range(12):
            await pilot.press("up", "right")
            assert unsafe_on_screen(app) == []
        assert app.is_running


async def test_a_click_on_markup_runs_nothing() -> None:
    pane = DetailPane()
    pane.detail = replace(hostile_detail("x", 1), message="[@click=app.quit]press me[/]")
    app = Stage(pane)
    async with app.run_test(size=(90, 40)) as pilot:
        await pilot.pause()
        await pilot.click(pane, offset=(20, 2))
        await pilot.click(pane, offset=(20, 2))
        await pilot.pause()
        assert app.is_running
        assert app.return_code is None
