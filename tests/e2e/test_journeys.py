"""Journeys of a person at a terminal, in a real tmux, with real files and a real scanner."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.e2e.tmux_session import TmuxSession

pytestmark = pytest.mark.tmux


def write(folder: Path, name: str, *events: dict[str, Any], age_s: float = 60.0) -> None:
    """Drop a file of events as a platform does: written beside, then renamed in."""
    start = datetime.now(UTC) - timedelta(seconds=age_s)
    lines = [
        orjson.dumps({"timestamp": (start + timedelta(milliseconds=index)).isoformat(), **event})
        for index, event in enumerate(events)
    ]
    draft = folder / f"{name}.tmp"
    draft.write_bytes(b"\n".join(lines) + b"\n")
    draft.rename(folder / name)


def event(agent: str, message: str, **more: Any) -> dict[str, Any]:
    return {"event_type": "agent.message", "agent_id": agent, "status": "success", "message": message, **more}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "events"
    made.mkdir()
    return made


def test_watch_a_folder_and_filter_it_to_one_agent(folder: Path, tmp_path: Path) -> None:
    with TmuxSession("--watch", "events", "--store", "s.db", cwd=tmp_path) as terminal:
        terminal.wait_for("Nothing has arrived yet")
        write(folder, "a.jsonl", *(event("reviewer", f"diff {n} read") for n in range(5)), age_s=90)
        write(folder, "b.jsonl", *(event("librarian", f"book {n} lent") for n in range(7)), age_s=60)
        terminal.wait_for("diff 4 read", "book 6 lent", "12 events")
        terminal.press("a")
        terminal.wait_for("librarian", "reviewer", "close")
        terminal.type_text("rev")
        terminal.wait_for("do not match")
        terminal.press("Enter")
        terminal.wait_for("agent:reviewer", "diff 4 read", without="book 6 lent")
        write(folder, "c.jsonl", event("librarian", "book 99 lent"), event("reviewer", "diff 99 read"), age_s=1)
        terminal.wait_for("diff 99 read", without="book 99 lent")
        terminal.press("x")
        terminal.wait_for("diff 99 read", "book 99 lent", without="agent:reviewer")
        terminal.press("q")
        terminal.wait_for_end()


def test_pause_read_and_catch_up(folder: Path, tmp_path: Path) -> None:
    write(folder, "a.jsonl", *(event("reviewer", f"old {n}", metadata={"part": n}) for n in range(20)))
    with TmuxSession("--watch", "events", "--store", "s.db", cwd=tmp_path) as terminal:
        terminal.wait_for("following", "old 19")
        terminal.press("Space")
        terminal.wait_for("paused")
        refused = event("prowler", "may I", event_type="permission.denied", status="denied")
        write(folder, "b.jsonl", event("reviewer", "new one"), refused, age_s=1)
        terminal.wait_for("2 new", "1 denied", without="new one")
        terminal.press("Up", "Up", "Enter")
        terminal.wait_for("Metadata", "part", "Provenance", "a.jsonl", without="new one")
        terminal.press("Escape")
        terminal.wait_for("2 new", without="Provenance")
        terminal.press("End")
        terminal.wait_for("following", "new one", "may I", without="paused")
        terminal.press("q")
        terminal.wait_for_end()
