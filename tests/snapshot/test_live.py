"""How the Live tab looks in its states: frozen clock, size and zone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import pytest
from textual.widgets import Input

from config.settings import UiSettings
from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import FakeCapture, FrozenClock, live, make_app, settled, until
from tests.pilot.made_up_events import FROZEN_US, MINUTE, SECOND, SHAPES, event_of, made_up
from tui.widgets.filter_line import FilterLine
from tui.widgets.state_line import StateLine

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import PurePath

    from textual.app import App
    from textual.pilot import Pilot

    from store.events import EventSummary


class Compare(Protocol):
    """The plugin's fixture."""

    def __call__(
        self,
        app: str | PurePath | App[None],
        *,
        terminal_size: tuple[int, int] = ...,
        run_before: Callable[[Pilot[None]], Awaitable[None] | None] | None = ...,
    ) -> bool:
        """Return whether the screen looks as it did."""
        ...


CHIPS = Filter.of(
    Clause(Key.AGENT, ("support-bot", "billing-assistant")),
    Clause(Key.TYPE, ("agent.message",), negated=True),
)


def an_hour() -> Iterator[EventSummary]:
    """Yield an hour with two hills, a burst of failures, and some trouble among the last rows."""
    seq = 0
    quiet = [shape for shape in SHAPES if shape.weight > 2]
    for event in made_up(1400, step_us=2_570_000):
        minute = (FROZEN_US - event.ts_us) // MINUTE
        shown = event if minute in (0, 17, 18, 42) or not event.trouble else None
        shape = quiet[event.seq % len(quiet)]
        for copy in range(3 if minute in (50, 51, 52, 16, 17) else 1):
            seq += 1
            ts_us = event.ts_us - (2 - copy)
            yield replace(shown or event_of(shape, seq=seq, ts_us=ts_us), id=ts_us * 4096 + seq, seq=seq, ts_us=ts_us)


@pytest.fixture
def service() -> FakeService:
    """Return a store that has an hour of events."""
    return FakeService(an_hour())


async def drawn(pilot: Pilot[None]) -> None:
    await until(pilot, lambda: all(worker.group == "tail" or worker.is_finished for worker in pilot.app.workers))
    await pilot.pause()


async def following(pilot: Pilot[None]) -> None:
    await settled(pilot)
    await drawn(pilot)


async def with_chips(pilot: Pilot[None]) -> None:
    await following(pilot)
    live(pilot).set_filter(CHIPS)
    await until(pilot, lambda: live(pilot).query_one(FilterLine).passing is not None)
    await until(pilot, lambda: live(pilot).events.current is not None)


def test_following(snap_compare: Compare, service: FakeService) -> None:
    assert snap_compare(make_app(service), terminal_size=(160, 45), run_before=following)


def test_light(snap_compare: Compare, service: FakeService) -> None:
    app = make_app(service, ui=UiSettings(utc=True, theme="auditail-light"))
    assert snap_compare(app, terminal_size=(160, 45), run_before=following)


def test_wide(snap_compare: Compare, service: FakeService) -> None:
    assert snap_compare(make_app(service), terminal_size=(200, 50), run_before=following)


def test_narrow(snap_compare: Compare, service: FakeService) -> None:
    assert snap_compare(make_app(service), terminal_size=(80, 24), run_before=following)


@pytest.mark.parametrize("size", [(160, 45), (80, 24)], ids=["wide", "narrow"])
def test_captured_only_while_open(snap_compare: Compare, service: FakeService, size: tuple[int, int]) -> None:
    service.health_answer = replace(service.health(), scanner=replace(service.health().scanner, kind="dashboard"))
    assert snap_compare(make_app(service), terminal_size=size, run_before=following)


def test_ascii(snap_compare: Compare, service: FakeService) -> None:
    app = make_app(service, ui=UiSettings(utc=True, ascii=True))
    assert snap_compare(app, terminal_size=(110, 30), run_before=following)


def test_a_stock_theme(snap_compare: Compare, service: FakeService) -> None:
    app = make_app(service, ui=UiSettings(utc=True, theme="nord"))
    assert snap_compare(app, terminal_size=(120, 30), run_before=following)


def test_empty(snap_compare: Compare) -> None:
    app = make_app(FakeService())

    async def waiting(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: live(pilot).header.mode == "waiting")
        await drawn(pilot)

    assert snap_compare(app, terminal_size=(160, 45), run_before=waiting)


def test_nothing_watched(snap_compare: Compare) -> None:
    app = make_app(FakeService(), capture=FakeCapture(""))

    async def waiting(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: live(pilot).header.mode == "waiting")
        await drawn(pilot)

    assert snap_compare(app, terminal_size=(80, 24), run_before=waiting)


def test_paused(snap_compare: Compare, service: FakeService) -> None:
    clock = FrozenClock()

    async def paused(pilot: Pilot[None]) -> None:
        await with_chips(pilot)
        await pilot.press(*["up"] * 6)
        last = service.extent().last_seq
        shapes = [shape for shape in SHAPES if shape.agent == "support-bot" and shape.event_type != "agent.message"]
        service.append(
            event_of(shapes[n % len(shapes)], seq=last + 1 + n, ts_us=FROZEN_US + n * 1000) for n in range(12)
        )
        line = live(pilot).query_one(StateLine)
        await until(pilot, lambda: line.state.arrived.events == 12)
        clock.now_us += 134 * SECOND
        live(pilot).tick()
        await drawn(pilot)

    assert snap_compare(make_app(service, clock=clock), terminal_size=(160, 45), run_before=paused)


def test_a_cell_to_filter_by(snap_compare: Compare, service: FakeService) -> None:
    async def pointing(pilot: Pilot[None]) -> None:
        await following(pilot)
        await pilot.press("up", "up", "right", "right", "right")
        await drawn(pilot)

    assert snap_compare(make_app(service), terminal_size=(120, 30), run_before=pointing)


def test_detail_open(snap_compare: Compare, service: FakeService) -> None:
    async def opened(pilot: Pilot[None]) -> None:
        await with_chips(pilot)
        await pilot.press("enter")
        pane = live(pilot).query_one("#detail")
        await until(pilot, lambda: getattr(pane, "detail", None) is not None and pane.size.width > 0)
        await drawn(pilot)

    assert snap_compare(make_app(service), terminal_size=(160, 45), run_before=opened)


def test_picker_open(snap_compare: Compare, service: FakeService) -> None:
    async def picking(pilot: Pilot[None]) -> None:
        await following(pilot)
        await pilot.press("a")
        await until(pilot, lambda: len(pilot.app.screen_stack) == 2)
        pilot.app.screen.query_one(Input).cursor_blink = False
        await until(pilot, lambda: getattr(pilot.app.screen, "_counted", False))
        await drawn(pilot)

    assert snap_compare(make_app(service), terminal_size=(160, 45), run_before=picking)
