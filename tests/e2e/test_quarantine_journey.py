"""A bad file arrives, is noticed, looked at, mended and read again; another record is dropped, and why is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.tmux_session import TmuxSession

pytestmark = pytest.mark.tmux


def line(message: bytes) -> bytes:
    """Return a record of now as a platform writes it."""
    now = datetime.now(UTC).isoformat().encode()
    return b'{"timestamp":"%b","event_type":"agent.message","agent_id":"reviewer","message":"%b"}\n' % (now, message)


def test_a_bad_record_is_noticed_looked_at_mended_and_read_again(tmp_path: Path) -> None:
    folder = tmp_path / "events"
    folder.mkdir()
    good, bad, mended = line(b"first line"), line(b"refund of 20 \xff"), line(b"refund of 20 E")
    file = folder / "platform.jsonl"
    file.write_bytes(good + bad)
    with TmuxSession("--watch", "events", "--store", "s.db", cwd=tmp_path) as terminal:
        terminal.wait_for("following", "first line")
        terminal.press("5")
        terminal.wait_for("1 record kept, none lost", "not UTF-8", "platform.jsonl", "line 2")
        terminal.press("Tab", "Down")
        screen = terminal.wait_for("byte", "^^")
        rows = screen.splitlines()
        pointer = next(index for index, row in enumerate(rows) if "^^" in row)
        column = rows[pointer].index("^^")
        assert rows[pointer - 1][column : column + 2] == "ff"
        with file.open("r+b") as opened:  # mended in place, as an editor that keeps the file would
            opened.seek(len(good))
            opened.write(mended)
        terminal.press("r")
        terminal.wait_for("every record could be read", without="record kept")
        terminal.press("1")
        terminal.wait_for("refund of 20 E")
        terminal.press("q")
        terminal.wait_for_end()


def test_a_record_that_is_not_needed_is_dropped_and_the_reason_stays(tmp_path: Path) -> None:
    folder = tmp_path / "events"
    folder.mkdir()
    (folder / "platform.jsonl").write_bytes(line(b"first line") + b"no JSON at all\n")
    with TmuxSession("--watch", "events", "--store", "s.db", cwd=tmp_path) as terminal:
        terminal.wait_for("following", "first line")
        terminal.press("5")
        terminal.wait_for("1 record kept, none lost", "not JSON")
        terminal.press("Tab", "D")
        terminal.wait_for("discard 1 record", "why they are not needed")
        terminal.type_text("left by a trial run")
        terminal.press("Enter")
        terminal.wait_for("every record could be read", without="record kept")
        terminal.press("1")
        terminal.wait_for("discarded from the quarantine")
        terminal.press("Enter")
        terminal.wait_for("Metadata", "left by a trial run")
        terminal.press("q")
        terminal.wait_for_end()
