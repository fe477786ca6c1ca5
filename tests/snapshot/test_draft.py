"""How the dialog looks in which a filter becomes a rule: frozen clock, size and id."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

import pytest

from detect.rule_shelf import RuleShelf
from store.filters.model import Filter
from tests.pilot.fake_service import FakeService
from tests.pilot.live_app import FrozenClock
from tests.pilot.made_up_events import FROZEN_US, made_up
from tests.pilot.stage import Stage
from tests.snapshot.test_panels import NARROW, opening
from tui.glyphs import ASCII, UNICODE, Glyphs
from tui.screens.draft import DraftScreen

if TYPE_CHECKING:
    from tests.snapshot.test_live import Compare

SIZE: Final = (120, 32)
RULE_ID: Final = UUID("0e7c1a52-6a3b-4a0e-9d2e-0d8d0c6f1a01")
LONG: Final = (
    '(type:file.write OR type:file.delete) has:cross-tenant -agent:support-bot,billing-bot "exported to" since:-7d'
    ' -(user:alice tool:read_file,list_files) meta.policy.decision:deny,"needs a person\'s word"'
)


def drafting(query: str, glyphs: Glyphs = UNICODE) -> DraftScreen:
    """Return the dialog about a filter over some hundred events."""
    shelf = RuleShelf(Path("/nowhere"))
    clock = FrozenClock(FROZEN_US)
    return DraftScreen(FakeService(made_up(400)), Filter.parsed(query), shelf, RULE_ID, clock=clock, glyphs=glyphs)


@pytest.mark.parametrize("theme", ["auditail-dark", "auditail-light"])
def test_a_draft(snap_compare: Compare, theme: str) -> None:
    opened = opening(drafting("type:mcp.tool_call status:failure"))
    assert snap_compare(Stage(theme=theme), terminal_size=SIZE, run_before=opened)


def test_what_was_found_has_the_focus(snap_compare: Compare) -> None:
    opened = opening(drafting("type:mcp.tool_call status:failure"), "tab", "right", "tab")
    assert snap_compare(Stage(), terminal_size=SIZE, run_before=opened)


def test_narrow(snap_compare: Compare) -> None:
    opened = opening(drafting("status:denied since:-1h"))
    assert snap_compare(Stage(), terminal_size=NARROW, run_before=opened)


def test_a_long_filter_in_ascii(snap_compare: Compare) -> None:
    opened = opening(drafting(LONG, ASCII))
    assert snap_compare(Stage(), terminal_size=SIZE, run_before=opened)
