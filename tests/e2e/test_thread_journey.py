"""A journey in a real tmux: find what the agent did before the error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.cli_process import in_process
from tests.e2e.test_journeys import event, write
from tests.e2e.tmux_session import TmuxSession
from tests.scanner_runs import until
from tui.glyphs import UNICODE

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.tmux


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with a store in which many agents are busy, and one of their requests breaks."""
    busy = [event(f"agent-{n % 7}", f"all is well {n}", request_id=f"r{n}") for n in range(60)]
    story = [
        event("deployer", "please ship it", event_type="agent.message", request_id="r-ship"),
        event("deployer", "reads the plan", event_type="file.read", request_id="r-ship"),
        event("deployer", "drops the table", event_type="mcp.tool_call", tool="run_sql", request_id="r-ship"),
        event("deployer", "it broke", event_type="agent.error", status="failure", request_id="r-ship"),
    ]
    write(tmp_path, "events.jsonl", *busy[:40], *story, *busy[40:], age_s=90)
    answer = in_process("ingest", "events.jsonl", "--store", "s.db", cwd=tmp_path)
    assert answer.code == 0, answer.err
    return tmp_path


def test_what_the_agent_did_before_the_error(place: Path) -> None:
    with TmuxSession("--store", "s.db", cwd=place) as terminal:
        terminal.wait_for("following", "64 events")
        terminal.press("2")
        terminal.wait_for("sorted by time", "all is well 59")
        terminal.press("E")
        terminal.wait_for("row 44 of 64", "it broke")
        terminal.press("o")
        thread = terminal.wait_for("thread", "r-ship", "4 events", "it broke", without="all is well")
        told = ["please ship it", "reads the plan", "drops the table", "it broke"]
        places = [thread.index(text) for text in told]
        assert places == sorted(places)
        terminal.press("Up", "Enter")
        terminal.wait_for("Provenance", "run_sql", "seq 43")
        terminal.press("Escape", "Escape")
        terminal.wait_for("row 44 of 64", "all is well 59")
        terminal.press("q")
        terminal.wait_for_end()


@pytest.mark.parametrize("tab", ["1", "2"])
def test_the_bar_goes_with_the_cursor(place: Path, tab: str) -> None:
    with TmuxSession("--store", "s.db", cwd=place) as terminal:
        terminal.wait_for("following", "64 events")
        terminal.press(tab)
        terminal.wait_for("all is well 59", "sorted by time" if tab == "2" else "following")
        until(lambda: marked(terminal) == [59])
        for key, number in (("Up", 58), ("Up", 57), ("Down", 58), ("Down", 59)):
            terminal.press(key)
            until(lambda number=number: marked(terminal) == [number])


def marked(terminal: TmuxSession) -> list[int]:
    """Return the numbers in the rows that have the cursor's bar; there should be one."""
    rows = [line for line in terminal.screen().splitlines() if UNICODE.cursor in line]
    return [int(row.partition("all is well ")[2].split()[0]) for row in rows]
