"""How the dialogs of saved views look: frozen clock, size and zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from store.filters.model import Filter
from store.searching import Sort
from store.views import SavedView
from tests.pilot.fake_service import FakeService
from tests.pilot.fake_views import FakeViews
from tests.pilot.stage import Stage
from tests.snapshot.test_panels import NARROW, opening
from tui.glyphs import ASCII, UNICODE, Glyphs
from tui.screens.save_view import SaveViewScreen
from tui.screens.views import ViewsScreen
from tui.shown_view import ShownView

if TYPE_CHECKING:
    from tests.snapshot.test_live import Compare

SIZE = (120, 32)
VIEWS = (
    SavedView("Refunds that nobody approved", "tool:refund* -user:* since:-7d", ("time", "agent", "tool"), "cost:desc"),
    SavedView("an old one", "agnet:support-bot status:failure"),
    SavedView("[b]everything[/b]", ""),
    SavedView(
        "what the assistant did to somebody else's customers",
        '(type:file.write OR type:file.delete) has:cross-tenant -agent:support-bot,billing-bot "exported to"',
    ),
)
LONG = ShownView(
    Filter.parsed(VIEWS[3].query + " -(user:alice tool:read_file,list_files) since:2026-01-27T00:00:00Z"),
    ("time", "agent", "owner", "summary"),
    Sort("duration"),
)


def views(glyphs: Glyphs = UNICODE) -> ViewsScreen:
    """Return the dialog with views of one's own among the shipped ones."""
    service = FakeService()
    service.views = list(VIEWS)
    return ViewsScreen(service, FakeViews(service), utc=False, glyphs=glyphs)


def saving(glyphs: Glyphs = UNICODE) -> SaveViewScreen:
    """Return the dialog about a long query, with a name that is taken."""
    service = FakeService()
    service.views = list(VIEWS)
    return SaveViewScreen(service, FakeViews(service), LONG, glyphs=glyphs)


@pytest.mark.parametrize("theme", ["auditail-dark", "auditail-light"])
def test_saved_views(snap_compare: Compare, theme: str) -> None:
    assert snap_compare(Stage(theme=theme), terminal_size=SIZE, run_before=opening(views(), "down", "down"))


def test_saved_views_narrowed(snap_compare: Compare) -> None:
    assert snap_compare(Stage(), terminal_size=SIZE, run_before=opening(views(), *"ol"))


def test_dropping_a_view(snap_compare: Compare) -> None:
    assert snap_compare(Stage(), terminal_size=SIZE, run_before=opening(views(), "down", "D"))


def test_saved_views_on_a_small_screen_in_ascii(snap_compare: Compare) -> None:
    assert snap_compare(Stage(), terminal_size=NARROW, run_before=opening(views(ASCII), "down", "down"))


@pytest.mark.parametrize("theme", ["auditail-dark", "auditail-light"])
def test_saving_a_view(snap_compare: Compare, theme: str) -> None:
    before = opening(saving(), *"an old one")
    assert snap_compare(Stage(theme=theme), terminal_size=SIZE, run_before=before)


def test_saving_a_view_on_a_small_screen_in_ascii(snap_compare: Compare) -> None:
    assert snap_compare(Stage(), terminal_size=NARROW, run_before=opening(saving(ASCII), *"all"))
