"""What reaches a real terminal: the whole program runs on a pseudo-terminal over a store that holds hostile text."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Final

import pytest

from tests.e2e.cli_process import in_process
from tests.e2e.test_cli_dashboard import Terminal

if TYPE_CHECKING:
    from pathlib import Path

CLIPBOARD: Final = "\x1b]52;c;ZXZpbA==\x07"
TITLE: Final = "\x1b]0;pwned\x1b\\"
CURSOR: Final = "\x1b[6n\x1b[2J\x1b[31;5;7m"
C1: Final = "\x9b31m\x9d52;c;ZXZpbA==\x9c"
BIDI: Final = "\u202egnp\u2066\u200b\ufeff"
MARKUP: Final = "[/][@click=app.quit]press[/]"
FORBIDDEN: Final = (
    b"]52;c;ZXZpbA==\x07",
    b"\x1b]52",
    b"\x1b]0;",
    b"\x1b[6n\x1b[2J",
    b"\x1b[31;5;7m",
    b"\xc2\x9b",
    b"\xc2\x9d",
    b"\x9b31m",
    "\u202e".encode(),
    "\u2066".encode(),
    "\u200b".encode(),
    "\ufeff".encode(),
    b"\x00",
)
"""None of these is written by the dashboard itself, so each could only come from an event."""


def hostile_events() -> bytes:
    attacks = (CLIPBOARD, TITLE, CURSOR, C1, BIDI, MARKUP, "nul\x00")
    lines: list[bytes] = []
    for number, attack in enumerate(attacks):
        event = {
            "timestamp": f"2026-01-27T10:30:{number:02}Z",
            "event_type": "mcp.tool_call",
            "agent_id": f"agent{attack}",
            "user_id": f"user{attack}",
            "tenant_id": f"tenant{attack}",
            "tool": f"tool{attack}",
            "server": f"server{attack}",
            "status": "failure",
            "request_id": f"r{attack}",
            "message": f"said {attack} loudly",
            "metadata": {f"key{attack}": f"value{attack}", "more": [attack, {attack: attack}]},
        }
        lines.append(json.dumps(event).encode())
    raw = b'{"timestamp": "2026-01-27T10:31:00Z", "broken": "' + CLIPBOARD.encode() + C1.encode("latin-1") + b"\n"
    return b"\n".join(lines) + b"\n" + raw


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a store with the hostile events, one of them in quarantine."""
    name = tmp_path / "events\x1b]0;pwned\x07.jsonl"
    name.write_bytes(hostile_events())
    path = tmp_path / "s.db"
    answer = in_process("ingest", str(name), "--store", str(path), cwd=tmp_path)
    assert answer.code == 1, answer.err
    return path


def test_nothing_hostile_reaches_the_terminal(tmp_path: Path, store: Path) -> None:
    terminal = Terminal("--store", str(store), cwd=tmp_path)
    written = b""

    def press(keys: bytes, then: str) -> None:
        nonlocal written
        written += terminal.seen
        terminal.seen = b""
        os.write(terminal.master, keys)
        terminal.wait_for(then.encode())

    try:
        terminal.wait_for("agent␛]52;c".encode())
        terminal.wait_for("agent‹9b›".encode())
        press(b"\r", "Provenance")
        press(b"\t", "to the list")
        press(b"\r", "resume")
        press(b"a", "events, all time")
        press(b"\r", "agent:")
        press(b"5", "quarantine")
        press(b"?", "what the keys do")
        press(b"q", "Quarantine")
        written += terminal.seen
    finally:
        terminal.close()
    assert [attack for attack in FORBIDDEN if attack in written] == []
    assert b"agent[/][@click" in written
