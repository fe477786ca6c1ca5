"""Names and messages in the panel are only ever text, and every number stays where it can be reached."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len

from store.filters.lexer import MOST_CHARACTERS
from store.filters.model import Filter
from tests.pilot.hostile import TEXTS, random_texts, unsafe_on_screen
from tests.pilot.panel_facts import agent, called, model, nothing
from tests.pilot.stage import Stage, screen_text, settled
from tui.agent_behind import Behind
from tui.glyphs import ASCII
from tui.widgets.panel_agent import AgentPanel

HOSTILE = [*TEXTS, *random_texts(12)]


@pytest.mark.parametrize("width", [40, 80, 160])
async def test_hostile_names_are_drawn_as_text(width: int) -> None:
    panel = AgentPanel()
    panel.facts = agent()
    app = Stage(panel)
    async with app.run_test(size=(width, 60)) as pilot:
        panel.focus()
        await settled(pilot)
        for text in HOSTILE if width == 160 else TEXTS:
            panel.facts = called(text)
            panel.about = text
            await settled(pilot)
            assert unsafe_on_screen(app) == []
            for line in panel.lines:
                assert sum(cell_len(piece) for piece, _ in line.spans) <= width
            for spot in panel.spots[::9]:
                if isinstance(spot.target, Behind) and len(spot.target.query) <= MOST_CHARACTERS:
                    assert Filter.parsed(spot.target.query) == spot.target.find()
            await pilot.press("down", "right", "end")
            assert unsafe_on_screen(app) == []


async def test_hostile_names_while_nothing_is_known() -> None:
    panel = AgentPanel()
    app = Stage(panel)
    async with app.run_test(size=(80, 20)) as pilot:
        for text in HOSTILE:
            panel.about, panel.notice = text, ""
            await settled(pilot)
            assert unsafe_on_screen(app) == []
            panel.notice = text
            await settled(pilot)
            assert unsafe_on_screen(app) == []


async def test_ascii_is_only_ascii() -> None:
    panel = AgentPanel()
    panel.glyphs = ASCII
    app = Stage(panel)
    async with app.run_test(size=(160, 40)) as pilot:
        for facts in (None, agent(), model(), nothing()):
            panel.facts = facts
            await settled(pilot)
            panel.focus()
            await pilot.press("down", "left", "left")
            rows = [row.rstrip() for row in screen_text(app).splitlines()]
            assert [row for row in rows if not row.isascii()] == []


async def test_the_cursor_stays_on_its_number_when_new_facts_come() -> None:
    panel = AgentPanel()
    panel.facts = agent()
    async with Stage(panel).run_test(size=(160, 40)) as pilot:
        panel.focus()
        await settled(pilot)
        panel.chosen = ("errors",)
        total = replace(agent().total, errors=1_000_000)
        panel.facts = replace(agent(), total=total, parts=replace(agent().parts, parts=agent().parts.parts[:2]))
        await settled(pilot)
        assert panel.spot is not None
        assert panel.spot.target.name == ("errors",)
        panel.facts = model()
        await settled(pilot)
        assert panel.chosen == ()


async def test_what_is_said_where_there_is_nothing() -> None:
    panel = AgentPanel()
    app = Stage(panel)
    async with app.run_test(size=(120, 40)) as pilot:
        panel.about = "support-bot"
        await settled(pilot)
        assert "support-bot" in screen_text(app)
        assert "◌" in screen_text(app)
        panel.notice, panel.trouble = "The store did not answer.", True
        await settled(pilot)
        assert "✗ The store did not answer." in screen_text(app)
        panel.facts = nothing()
        await settled(pilot)
        for words in ("no errors in this window", "nothing was denied", "no cost in this window"):
            assert words in screen_text(app)


async def test_a_query_that_is_too_long_is_not_opened() -> None:
    panel = AgentPanel()
    long = replace(agent().messages[0], query="x" * (MOST_CHARACTERS + 1))
    panel.facts = replace(agent(), messages=(long,))
    async with Stage(panel).run_test(size=(160, 40)) as pilot:
        panel.focus()
        await settled(pilot)
        panel.chosen = ("errors", long.message)
        await pilot.press("enter")
        told = pilot.app._notifications  # pyright: ignore[reportPrivateUsage] (the toast itself comes later)
        assert [one.message for one in told] == ["This query is too long to be opened."]
