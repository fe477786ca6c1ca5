"""Hostile text in a view's name, its query or an error about it does nothing but be shown."""

from __future__ import annotations

import pytest

from store.filters.clause import Clause, literal
from store.filters.keys import Key
from store.filters.model import Filter
from store.views import SavedView
from tests.pilot.fake_service import FakeService
from tests.pilot.fake_views import FakeViews
from tests.pilot.hostile import TEXTS, random_texts, unsafe_on_screen
from tests.pilot.stage import Stage, settled
from tui.glyphs import UNICODE
from tui.screens.save_view import SaveViewScreen
from tui.screens.views import ViewsScreen
from tui.shown_view import ShownView

ALL = [*TEXTS, *random_texts(10)]


@pytest.mark.parametrize("text", ALL, ids=range(len(ALL)))
async def test_views(text: str) -> None:
    service = FakeService()
    what = Filter.of(Clause(Key.AGENT, (literal(text),)))
    service.views = [SavedView(text, what.text), SavedView(f"broken {text}", f"agnet:{text}")]
    actions = FakeViews(service)
    actions.broken = text
    app = Stage()
    async with app.run_test(size=(100, 30)) as pilot:
        app.ask(ViewsScreen(service, actions, utc=False, glyphs=UNICODE))
        await settled(pilot)
        for keys in (("D",), ("enter",), ("down", "D"), ("escape", "up")):
            await pilot.press(*keys)
            await settled(pilot)
            assert unsafe_on_screen(app) == []
        await pilot.press("escape")
        app.ask(SaveViewScreen(service, actions, ShownView(what), glyphs=UNICODE))
        await settled(pilot)
        await pilot.press("x", "enter")
        await settled(pilot)
        assert unsafe_on_screen(app) == []
