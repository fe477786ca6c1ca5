"""Journeys with views, in a real tmux: saved and found after a restart; whittled down and taken away as a command."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from tests.e2e.cli_process import in_process
from tests.e2e.test_journeys import event, write
from tests.e2e.tmux_session import TmuxSession
from tests.scanner_runs import until

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.tmux


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with a store of thirty events of three agents."""
    agents = ("reviewer", "librarian", "o'neill")
    for number, agent in enumerate(agents):
        calls = (
            event(agent, f"call {n} of {agent}", event_type="mcp.tool_call", tool="grep", status=status)
            for n, status in enumerate(("success", "failure") * 4)
        )
        words = (event(agent, f"{agent} says {word}") for word in ("hello", "goodbye"))
        write(tmp_path, f"{number}.jsonl", *calls, *words, age_s=90)
    answer = in_process("ingest", *(f"{number}.jsonl" for number in range(3)), "--store", "s.db", cwd=tmp_path)
    assert answer.code == 0, answer.err
    return tmp_path


def test_a_view_is_saved_and_found_again_after_a_restart(place: Path) -> None:
    with TmuxSession("--store", "s.db", "--query", "agent:reviewer status:failure", cwd=place) as terminal:
        terminal.wait_for("agent:reviewer", "call 7 of reviewer", without="call 7 of librarian")
        terminal.press("2")
        terminal.wait_for("sorted by time", "call 7 of reviewer", without="call 7 of librarian")
        terminal.press("V")
        terminal.wait_for("save this view", "agent:reviewer status:failure", "the usual ones")
        terminal.type_text("what went wrong")
        terminal.press("Enter")
        terminal.wait_for('Saved as "what went wrong"', without="save this view")
        terminal.press("q")
        terminal.wait_for_end()
    with TmuxSession("--store", "s.db", cwd=place) as terminal:
        terminal.wait_for("following", "30 events", "call 7 of librarian")
        terminal.press("v")
        terminal.wait_for("what went wrong", "Failures in the last hour", "shipped")
        terminal.type_text("went")
        terminal.wait_for("what went wrong", without="shipped")
        terminal.press("Enter")
        terminal.wait_for("agent:reviewer", 'Showing "what went wrong"', "call 7 of reviewer", without="of librarian")
        terminal.press("q")
        terminal.wait_for_end()


def test_a_firehose_is_whittled_down_and_the_command_taken_away(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copies = place / "copies"
    copies.mkdir()
    monkeypatch.setenv("TMPDIR", str(copies))
    with TmuxSession("--store", "s.db", cwd=place) as terminal:
        terminal.wait_for("following", "30 events")
        terminal.press("a")
        terminal.wait_for("librarian", "o'neill", "close")
        terminal.type_text("neill")
        terminal.wait_for("do not match")
        terminal.press("Enter")
        terminal.wait_for("agent:o'neill", "goodbye", without="of librarian")
        terminal.press("Right", "Left", "F")
        terminal.wait_for("not type:agent.message", "call 7 of o'neill", without="goodbye")
        terminal.press("/")
        terminal.wait_for("leave")
        terminal.type_text("-status:success call")
        terminal.press("Enter")
        terminal.wait_for("not status:success", "call 7 of o'neill", without="call 6")
        terminal.press("Y")
        terminal.wait_for("Wrote the command to")
        until(lambda: [*copies.glob("*/command.sh")])
        terminal.press("q")
        terminal.wait_for_end()
    (file,) = copies.glob("*/command.sh")
    program, *arguments = shlex.split(file.read_text())
    assert program == "auditail"
    assert f"--store={place / 's.db'}" in arguments
    rows = in_process(*arguments, cwd=copies).out.splitlines()
    assert [row.rpartition("call")[2] for row in rows[1:]] == [f" {n} of o'neill" for n in (1, 3, 5, 7)]
    counting = [*arguments[: arguments.index("--")], "--count", *arguments[arguments.index("--") :]]
    assert in_process(*counting, cwd=copies).out == "4\n"
