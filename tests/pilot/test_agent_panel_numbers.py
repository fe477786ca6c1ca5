"""Every number of the panel is the number of events that it opens: on a real store, in every dimension."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any, Final

import pytest
from textual.app import ComposeResult

from store.analytics.model import Dimension
from store.events import NewEvent
from store.filters.keys import Key
from store.filters.model import Filter
from store.reader import StoreReader
from tests.events import BASE_US, MINUTE, SECOND, add_source, batch, line, open_reader, open_store
from tests.pilot.stage import Stage, settled
from tui import format as fmt
from tui.agent_behind import Behind, Unfold
from tui.agent_facts import AgentFacts
from tui.agent_questions import agent_facts
from tui.widgets.panel_agent import AgentPanel
from tui.widgets.panel_sheet import Spot

DAY: Final = 24 * 60 * MINUTE
EVENTS: Final = 900
AGENTS: Final = ("support-bot", "a,b (c) *", "[/]", None)
TOOLS: Final = (("read", "fs"), ("read", "ftp"), ("say *", None), (None, None), ("x" * 90, "fs"))
SUMS: Final = ("costs", "tokens", "unusual")
"""Numbers that are sums and not counts: their events are those that add to them."""


class Ear(Stage):
    """Hears what the panel asks for."""

    def compose(self) -> ComposeResult:
        """Yield the panel."""
        yield from super().compose()
        self.heard: list[str] = []

    def on_agent_panel_open_events(self, message: AgentPanel.OpenEvents) -> None:
        """Keep it."""
        self.heard.append(message.query)


def made_up(number: int) -> Iterator[NewEvent]:
    """Yield events of nine days: settled calls of every kind, tokens, rows that only add tokens."""
    dice = random.Random(7)
    for index in range(number):
        tool, server = dice.choice(TOOLS)
        kind = dice.choice(("mcp.tool_call", "mcp.tool_call", "mcp.tool_result", "ai.response", "agent.error"))
        status = dice.choice(("success", "success", "failure", "denied", "timeout", "pending", None))
        fields: dict[str, Any] = {"event_type": kind, "status": status, "tool": tool, "server": server}
        if kind == "ai.response":
            fields = {"event_type": kind, "model": dice.choice(("opus", "new model", None)), "status": "success"}
            fields |= {"input_tokens": dice.randrange(900), "cost_microusd": dice.choice((None, 0, 1200))}
        if dice.random() < 0.7:
            fields["duration_us"] = int(10 ** dice.uniform(0, 8))
        user, tenant = dice.choice(("ann", "bob", None)), dice.choice(("acme", "globex", None))
        ts_us = BASE_US - int(dice.random() ** 2 * 9 * DAY) + dice.randrange(SECOND)
        yield line(
            f"event {index}",
            ts_us,
            agent_id=dice.choice(AGENTS),
            user_id=user,
            tenant_id=tenant,
            message=dice.choice(("it broke", "no answer after 30 s", "[/] \x1b[31m", None)),
            counts=0 if dice.random() < 0.1 else 1,
            **fields,
        )


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreReader]:
    """Yield a reader of a store with all these events."""
    folder = tmp_path_factory.mktemp("panel")
    with open_store(folder) as store:
        store.append([batch(add_source(store), *made_up(EVENTS))])
    with closing(open_reader(folder)) as opened:
        yield opened


def asked(reader: StoreReader, by: Dimension, value: str | None, days: float, what: str = "") -> AgentFacts:
    """Return the facts of the last days, whose edges lie on no whole hour."""
    end_us = BASE_US + SECOND
    start_us = end_us - int(days * DAY)
    return agent_facts(
        reader, by, value, Filter.parsed(what), start_us=start_us, end_us=end_us, now_us=end_us, utc=True
    )


def found(reader: StoreReader, query: str) -> int:
    """Return how many events the list of a query has."""
    return len(reader.newest(Filter.parsed(query), EVENTS).rows)


def written(panel: AgentPanel, spot: Spot) -> str:
    """Return what stands where a number is."""
    row, start, end = spot.boxes[0]
    return "".join(text for text, _ in panel.lines[row].spans)[start:end].strip()


QUESTIONS: Final = (
    (Dimension.AGENT, "support-bot", 1.0, ""),
    (Dimension.AGENT, "support-bot", 9.0, "tenant:acme,globex since:-3d"),
    (Dimension.AGENT, "a,b (c) *", 2.3, "-user:bob"),
    (Dimension.AGENT, None, 9.0, ""),
    (Dimension.USER, "ann", 2.0, ""),
    (Dimension.TENANT, None, 9.0, "type:mcp.* OR type:agent.*"),
    (Dimension.TENANT, "acme", 9.0, ""),
    (Dimension.TOOL, "read", 9.0, ""),
    (Dimension.TOOL, "say *", 9.0, "has:error"),
    (Dimension.SERVER, "fs", 9.0, ""),
    (Dimension.MODEL, "new model", 9.0, ""),
    (Dimension.TYPE, "agent.error", 9.0, ""),
)


DRAWN: Final = ("week", "calls", "durations")
"""Panes of many bars: after the first question one in five of them is enough."""


@pytest.mark.parametrize("index", range(len(QUESTIONS)))
async def test_each_number_is_the_count_of_the_list_that_it_opens(reader: StoreReader, index: int) -> None:
    panel = AgentPanel()
    panel.facts = asked(reader, *QUESTIONS[index])
    panel.utc = True
    async with Ear(panel).run_test(size=(160, 60)) as pilot:
        await settled(pilot)
        assert panel.spots
        for place, spot in enumerate(panel.spots):
            target = spot.target
            if isinstance(target, Unfold) or (index and target.name[0] in DRAWN and place % 5):
                continue
            count = found(reader, target.query)
            if target.events is None:
                assert target.name[0] in SUMS
                assert count
                continue
            assert count == target.events, target.name
            if target.name[0] in {"errors", "denials", "partners"} or target.name[-1] == panel.facts.measure:
                assert written(panel, spot).removesuffix(f" {panel.facts.measure} an hour") in {fmt.count(count), "·"}


async def test_enter_opens_the_number_under_the_cursor(reader: StoreReader) -> None:
    panel = AgentPanel()
    panel.facts = asked(reader, *QUESTIONS[0])
    app = Ear(panel)
    async with app.run_test(size=(160, 60)) as pilot:
        panel.focus()
        await settled(pilot)
        for key in ("down", "left", "right", "up", "end"):
            await pilot.press(key, "enter")
            assert panel.spot is not None
            assert isinstance(panel.spot.target, Behind)
            assert app.heard[-1] == panel.spot.target.query
        assert len(set(app.heard)) > 3


@pytest.mark.parametrize("width", [80, 120, 160, 200])
async def test_every_number_is_reached_with_the_arrows(reader: StoreReader, width: int) -> None:
    panel = AgentPanel()
    panel.facts = asked(reader, Dimension.AGENT, "support-bot", 9.0)
    async with Ear(panel).run_test(size=(width, 50)) as pilot:
        panel.focus()
        await settled(pilot)
        first = panel.spot
        assert first is not None
        reached, waiting = {first.target.name}, [first]
        while waiting:
            spot = waiting.pop()
            for side in ("up", "down", "left", "right"):
                beside = panel.beside(spot, side)
                if beside is not None and beside.target.name not in reached:
                    reached.add(beside.target.name)
                    waiting.append(beside)
        assert reached == {one.target.name for one in panel.spots}


async def test_the_keys_go_where_the_arrows_point(reader: StoreReader) -> None:
    panel = AgentPanel()
    panel.facts = asked(reader, Dimension.AGENT, "support-bot", 9.0)
    async with Ear(panel).run_test(size=(160, 50)) as pilot:
        panel.focus()
        await settled(pilot)
        before = [spot for spot in panel.spots if spot.target.name[0] == "parts" and spot.start > 80][1]
        panel.chosen = before.target.name
        for key in ("down", "right", "up", "left"):
            await pilot.press(key)
        after = panel.spot
        assert after is not None
        assert (after.top, after.start) == (before.top, before.start)
        await pilot.press("end")
        assert panel.spot is panel.spots[-1]
        assert panel.scroll_offset.y + panel.size.height >= panel.spots[-1].bottom
        await pilot.press("home")
        assert panel.spot is panel.spots[0]
        assert panel.scroll_offset.y == 0


async def test_a_click_opens_the_number_under_the_mouse(reader: StoreReader) -> None:
    panel = AgentPanel()
    panel.facts = asked(reader, Dimension.AGENT, "support-bot", 9.0)
    app = Ear(panel)
    async with app.run_test(size=(160, 60)) as pilot:
        await settled(pilot)
        for name in (("errors",), ("tokens",)):
            spot = next(one for one in panel.spots if one.target.name == name)
            assert isinstance(spot.target, Behind)
            await pilot.click(panel, offset=(spot.start, spot.top + 1))  # above the first row is one of padding
            assert app.heard[-1] == spot.target.query
        before = len(app.heard)
        await pilot.click(panel, offset=(0, 0))
        assert len(app.heard) == before


async def test_rows_beyond_the_first_are_unfolded(reader: StoreReader) -> None:
    facts = asked(reader, Dimension.AGENT, "support-bot", 9.0)
    names = reader.facet(Key.TOOL, Filter.parsed("agent:support-bot"), 0, 1 << 60, 9)
    assert names
    panel = AgentPanel()
    panel.facts = many_tools(facts)
    async with Ear(panel).run_test(size=(160, 60)) as pilot:
        panel.focus()
        await settled(pilot)
        before = len(panel.spots)
        panel.chosen = ("parts",)
        await pilot.press("enter")
        await settled(pilot)
        assert len(panel.spots) == before - 1 + 3 * 12
        assert panel.spot is not None  # the cursor does not vanish with the row that it was on


def many_tools(facts: AgentFacts) -> AgentFacts:
    """Return facts with twenty tools that did the same."""
    one = facts.parts.parts[0]
    parts = tuple(replace(one, names=(f"tool{index}", None)) for index in range(20))
    return replace(facts, parts=replace(facts.parts, parts=parts))
