"""A journey in a real tmux: an attack of the demo is found, read, and decided on; the decision is in the log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from tests.e2e.cli_process import in_process
from tests.e2e.tmux_session import TmuxSession

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.tmux

ATTACK: Final = "cross-tenant-attempt"
REASON: Final = "a fire drill, see INC-2041"


def test_an_attack_of_the_demo_is_read_and_decided_on(tmp_path: Path) -> None:
    with TmuxSession("demo", "--keep", "kept", cwd=tmp_path) as terminal:
        terminal.wait_for("following", "4 Alerts ▲")
        terminal.press("4")
        terminal.wait_for("state:new,open,seen", "HIGH", "Evidence")
        terminal.press("/")
        terminal.wait_for("Esc leave")
        terminal.type_text(f" rule:{ATTACK}")
        terminal.press("Enter")
        terminal.wait_for(f"rule:{ATTACK}", "refused attempt", "query_orders →", "This rule, last 30 days")
        terminal.press("o")
        terminal.wait_for("thread", "query_orders", "mallory", without="This rule, last 30 days")
        terminal.press("Escape")
        terminal.wait_for("This rule, last 30 days")
        terminal.press("d")
        terminal.wait_for("Decide on alert", "Would mark this alert as seen.")
        terminal.press("Down", "Down", "Enter")
        terminal.wait_for("◉ false positive", "say why")
        terminal.type_text(REASON)
        terminal.press("Tab", "Tab", "Left", "Left")
        terminal.wait_for("◉ 30 days", REASON, "False positive until", "Would close this alert as false")
        terminal.press("Enter")
        terminal.wait_for("1 alert false positive until", "U undoes it", without="Decide on alert")
        terminal.press("q")
        terminal.wait_for_end()
    asked = ("infra", "logs", "--type", "system.alert_decided", "--format", "json", "--store", "kept/auditail.db")
    (event,) = in_process(*asked, cwd=tmp_path).json()
    told = event["metadata"]
    assert (told["rule"], told["verdict"], told["reason"]) == (ATTACK, "false-positive", REASON)
    assert event["agent_id"] == "support-bot"
    ahead = datetime.fromisoformat(told["until"]) - datetime.now(UTC)
    assert timedelta(days=29) < ahead < timedelta(days=30)
