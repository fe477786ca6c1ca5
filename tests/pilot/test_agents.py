"""The Agents tab: its numbers, what is behind them, and what its keys do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from store.analytics.model import Dimension
from store.events import ERROR
from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from tests.pilot.agents_app import HOUR_US, Opened, agents, answered, line, looking, rested, rows, two_days
from tests.pilot.fake_amounts import UNPRICED, cost_of, figures_of, tokens_of
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import until
from tests.pilot.made_up_events import FROZEN_US, SHAPES, event_of
from tests.pilot.search_app import counted, passing, search
from tui.screens.agents_questions import DIMENSIONS
from tui.search_window import moments
from tui.widgets.agents_bars import AgentsByLine, AgentsFilterLine
from tui.widgets.panel_agent import AgentPanel

if TYPE_CHECKING:
    from store.events import EventSummary
    from tui.agents_rows import AgentRow

FEW = frozenset({"p50", "p95", "p99"})
CALL = next(shape for shape in SHAPES if shape.event_type == "mcp.tool_call" and shape.status == "success")


@pytest.fixture
def service() -> FakeService:
    """Return a store with two days of events."""
    return FakeService(two_days())


def number_of(row: AgentRow, column: str) -> int:
    """Return the number in a cell, as a sum over the events behind it."""
    figures = row.figures
    found = {
        "calls": figures.calls, "events": figures.events, "activity": figures.events, "errors": figures.failures,
        "denied": figures.denials, "tokens": figures.tokens, "input": figures.input_tokens,
        "output": figures.output_tokens, "cache read": figures.cache_read_tokens,
        "cache write": figures.cache_write_tokens, "cost": figures.cost_microusd,
        "change": row.before.calls if row.before else 0, "event change": row.before.events if row.before else 0,
    }  # fmt: skip
    if column in FEW:
        return 0 if row.durations is None else row.durations.calls
    return found[column]


def number_behind(events: list[EventSummary], column: str) -> int:
    """Return the same number, from the list that was opened."""
    sums = [figures_of(event) for event in events]
    kinds = {"input": "input_tokens", "output": "output_tokens", "cache read": "cache_read_tokens"}
    kinds["cache write"] = "cache_write_tokens"
    if column == "tokens":
        return sum(map(tokens_of, events))
    if column == "cost":
        return sum(cost_of(event) or 0 for event in events)
    return sum(getattr(one, kinds[column]) for one in sums) if column in kinds else len(events)


@pytest.mark.parametrize("by", DIMENSIONS)
async def test_every_number_is_what_the_list_behind_it_has(
    service: FakeService, by: Dimension, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with looking(service, size=(200, 50)) as pilot:
        screen, opened = agents(pilot), Opened(agents(pilot), monkeypatch)
        screen.tell_by(by)
        await answered(pilot)
        columns = [column.name for column in screen.table.columns[1:] if column.name != "last"]
        walked = 0
        for row in (*screen.table.shown.rows, screen.table.shown.total):
            assert row is not None
            for column in columns:
                screen.table.cell = column
                screen.table.action_open()
                await pilot.pause()
                assert number_behind(service.matching(opened.last), column) == number_of(row, column), (row, column)
                walked += 1
            await pilot.press("down")
        assert walked >= len(columns) * 3


async def test_enter_opens_search_and_three_comes_back_to_the_filter_that_was(service: FakeService) -> None:
    async with looking(service) as pilot:
        agents(pilot).set_filter(Filter.of(Clause(Key.TENANT, ("acme",))))
        await answered(pilot)
        row = agents(pilot).table.current
        assert row is not None
        await pilot.press("right", "enter")
        await counted(pilot)
        assert passing(pilot) == row.figures.calls > 0
        assert search(pilot).what.text.startswith(f"tenant:acme agent:{row.value} type:mcp.tool_call since:")
        await pilot.press("3")
        await answered(pilot)
        assert agents(pilot).what.text == "tenant:acme"
        await pilot.press("2")
        assert search(pilot).what.text == "tenant:acme"


async def test_another_filter_in_search_comes_along(service: FakeService) -> None:
    async with looking(service) as pilot:
        await pilot.press("enter")
        await counted(pilot)
        search(pilot).set_filter(Filter.of(Clause(Key.USER, ("ci",))))
        await counted(pilot)
        await pilot.press("3")
        await answered(pilot)
        assert agents(pilot).what.text == "user:ci"
        assert set(rows(pilot)) == {"code-reviewer"}


async def test_last_seen_opens_all_there_ever_was(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    async with looking(service) as pilot:
        opened, row = Opened(agents(pilot), monkeypatch), agents(pilot).table.current
        assert row is not None
        agents(pilot).table.cell = "last"
        await pilot.press("enter")
        found = service.matching(opened.last)
        assert found[-1].ts_us == row.last_us
        assert moments(opened.last, FROZEN_US) == (None, None)


async def test_events_without_an_agent_have_a_row(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    async with looking(service) as pilot:
        opened = Opened(agents(pilot), monkeypatch)
        await pilot.press("end")
        at = list(rows(pilot)).index(None)
        agents(pilot).table.view.move(at - agents(pilot).table.view.cursor)
        await pilot.press("enter")
        assert "-agent:*" in opened.last.text
        assert len(service.matching(opened.last)) == rows(pilot)[None].figures.events > 0
        assert "(no agent)" in line(pilot, at + 1)


async def test_the_totals_are_a_row_like_others(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    async with looking(service) as pilot:
        opened = Opened(agents(pilot), monkeypatch)
        await pilot.press("end", "down")
        assert agents(pilot).table.on_total
        await pilot.press("enter")
        window = agents(pilot).window
        assert window is not None
        within = [one for one in two_days() if window.start_us <= one.ts_us < window.end_us]
        assert len(service.matching(opened.last)) == len(within)
        await pilot.press("up")
        assert agents(pilot).table.current is not None


async def test_b_goes_through_the_dimensions(service: FakeService) -> None:
    async with looking(service) as pilot:
        by = agents(pilot).query_one(AgentsByLine)
        counts = dict(by.values)
        for dimension in (*DIMENSIONS[1:], DIMENSIONS[0]):
            await pilot.press("b")
            await answered(pilot)
            assert agents(pilot).by is dimension
            named = [row for row in rows(pilot).values() if row.value is not None and not row.silent]
            assert len(named) == counts[dimension] > 0
        assert "models" in by.render_line(0).text


async def test_a_dimension_is_chosen_with_the_mouse(service: FakeService) -> None:
    async with looking(service) as pilot:
        text = agents(pilot).query_one(AgentsByLine).render_line(0).text
        await pilot.click(AgentsByLine, offset=(text.index("tools") + 1, 0))
        await answered(pilot)
        assert agents(pilot).by is Dimension.TOOL
        assert "get_diff" in rows(pilot)


async def test_models_are_told_by_events_and_tokens(service: FakeService) -> None:
    async with looking(service) as pilot:
        agents(pilot).tell_by(Dimension.MODEL)
        await answered(pilot)
        assert agents(pilot).order.column == "events"
        found = rows(pilot)[UNPRICED]
        assert found.figures.tokens > 0
        row = list(rows(pilot)).index(UNPRICED) + 1
        assert "not known" in line(pilot, row)
        assert "≥ $" in line(pilot, len(rows(pilot)) + 1)


async def test_the_cursor_stays_on_its_value_and_rows_on_their_places(service: FakeService) -> None:
    async with looking(service) as pilot:
        await pilot.press("down", "down")
        before, order = agents(pilot).table.current, list(rows(pilot))
        assert before is not None
        busiest = replace(CALL, agent=order[-2], user="new")
        seq = service.last_seq()
        service.append(event_of(busiest, seq=seq + n, ts_us=FROZEN_US - n) for n in range(1, 400))
        agents(pilot).tick()
        await until(pilot, lambda: rows(pilot)[order[-2]].figures.calls > 390)
        after = agents(pilot).table.current
        assert after is not None
        assert after.value == before.value
        assert list(rows(pilot)) == order
        await pilot.press("s", "enter")
        assert next(iter(rows(pilot))) == order[-2]
        assert agents(pilot).table.current == rows(pilot)[before.value]


async def test_a_new_value_comes_below(service: FakeService) -> None:
    async with looking(service) as pilot:
        order = list(rows(pilot))
        seq = service.last_seq()
        new = replace(CALL, agent="aaa-new")
        service.append(event_of(new, seq=seq + n, ts_us=FROZEN_US - n) for n in range(1, 900))
        agents(pilot).tick()
        await until(pilot, lambda: "aaa-new" in rows(pilot))
        assert list(rows(pilot)) == [*order, "aaa-new"]
        await pilot.press("2", "3")
        await until(pilot, lambda: next(iter(rows(pilot))) == "aaa-new")


async def test_a_stale_answer_is_dropped(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.pilot.quiet.ENDLESS", ("tail", "table", "facts"))
    service.analytics.in_parts = True
    async with looking(service, wait=False) as pilot:
        await answered(pilot)
        service.analytics.gate.clear()
        screen = agents(pilot)
        screen.ask()
        await until(pilot, lambda: screen.query_one(AgentsFilterLine).reading is not None)
        service.analytics.in_parts = False
        screen.tell_by(Dimension.TOOL)
        service.analytics.gate.set()
        await answered(pilot)
        assert "get_diff" in rows(pilot)
        assert "code-reviewer" not in rows(pilot)


async def test_escape_stops_a_count_and_r_goes_on(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.pilot.quiet.ENDLESS", ("tail", "table", "facts"))
    async with looking(service) as pilot:
        screen, filters = agents(pilot), agents(pilot).query_one(AgentsFilterLine)
        everything = screen.table.shown.total
        service.analytics.in_parts = True
        service.analytics.gate.clear()
        screen.ask()
        await until(pilot, lambda: filters.reading is not None)
        assert "counting, back to 2026-11-2" in filters.render_line(0).text
        await pilot.press("escape")
        await until(pilot, lambda: screen.is_answered)
        assert "stopped: only events since" in filters.render_line(0).text
        assert screen.table.shown.total is not None
        assert everything is not None
        assert screen.table.shown.total.before is None
        assert everything.before is not None
        service.analytics.in_parts = False
        await pilot.press("r")
        await answered(pilot)
        assert screen.table.shown.total.figures == everything.figures
        assert filters.reading is None


async def test_a_store_that_does_not_answer_is_asked_again(service: FakeService) -> None:
    service.analytics.failing = True
    async with looking(service) as pilot:
        assert "The store did not answer" in line(pilot, 1)
        service.analytics.failing = False
        await pilot.press("r")
        await answered(pilot)
        assert rows(pilot)


async def test_nothing_at_all() -> None:
    async with looking(FakeService()) as pilot:
        assert "There are no events yet" in line(pilot, 1)
        await pilot.press("enter", "right", "f", "down", "end", "s", "escape", "b")
        await answered(pilot)
        assert pilot.app.is_running


async def test_sorting_by_a_heading_and_by_the_dialog(service: FakeService) -> None:
    async with looking(service) as pilot:
        screen = agents(pilot)
        errors = next(column for column in screen.table.columns if column.name == "errors")
        await pilot.click(type(screen.table), offset=(errors.x + 5, 1))
        rates = [row.figures.failure_rate for row in rows(pilot).values()]
        known = [rate for rate in rates if rate is not None]
        assert known == sorted(known, reverse=True)
        assert rates[: len(known)] == known
        assert "↓ errors" in line(pilot, 0)
        await pilot.press("s", "tab", "enter")
        assert [row.figures.failure_rate for row in rows(pilot).values()][: len(known)] == known[::-1]
        assert "↑ errors" in line(pilot, 0)
        await pilot.press("s", "home", "enter")
        named = [value for value in rows(pilot) if value is not None]
        assert named == sorted(named)


async def test_f_keeps_the_row_and_shift_f_leaves_it_out(service: FakeService) -> None:
    async with looking(service) as pilot:
        row = agents(pilot).table.current
        assert row is not None
        await pilot.press("F")
        await answered(pilot)
        assert row.value not in rows(pilot)
        kept = agents(pilot).table.current
        assert kept is not None
        await pilot.press("x", "f")
        await answered(pilot)
        assert set(rows(pilot)) == {kept.value}
        await pilot.press("X")
        await answered(pilot)
        assert len(rows(pilot)) > 3


async def test_the_filter_is_typed_and_picked_here_too(service: FakeService) -> None:
    async with looking(service) as pilot:
        await pilot.press("slash", *"user:ci", "enter")
        await answered(pilot)
        assert set(rows(pilot)) == {"code-reviewer"}
        assert agents(pilot).table.has_focus
        await pilot.press("X", "a", *"support", "enter")
        await answered(pilot)
        assert agents(pilot).what.text == "agent:support-bot"
        await pilot.press("1")
        await pilot.press("3")
        assert agents(pilot).what.text == "agent:support-bot"


async def test_the_panel_is_about_the_row_the_cursor_rests_on(service: FakeService) -> None:
    async with looking(service) as pilot:
        await rested(pilot)
        panel = agents(pilot).query_one(AgentPanel)
        await pilot.press("down")
        await rested(pilot)
        row = agents(pilot).table.current
        assert row is not None
        assert panel.facts is not None
        assert (panel.facts.value, panel.facts.place) == (row.value, (2, len(rows(pilot))))
        assert panel.facts.total.calls == row.figures.calls
        await pilot.press("tab", "enter")
        await counted(pilot)
        assert search(pilot).what.text.startswith(f"agent:{row.value}")


async def test_failures_above_its_own_history_are_red() -> None:
    quiet = [event_of(CALL, seq=n, ts_us=FROZEN_US - 30 * HOUR_US - n * 60_000_000) for n in range(1, 2000)]
    failing = replace(CALL, status="failure")
    noisy = [event_of(failing, seq=3000 + n, ts_us=FROZEN_US - n * 60_000_000) for n in range(1, 40)]
    fine = [event_of(CALL, seq=5000 + n, ts_us=FROZEN_US - n * 61_000_000) for n in range(1, 200)]
    service = FakeService([*quiet, *noisy, *fine])
    async with looking(service) as pilot:
        row = rows(pilot)[CALL.agent]
        assert sum(bool(event.trouble & ERROR) for event in noisy) == row.figures.failures
        assert row.failures_alarm == "error"
        assert "✗ " in line(pilot, 1)
