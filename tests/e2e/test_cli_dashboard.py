"""The dashboard as a process on a real pseudo-terminal: it opens, captures, and leaves nothing behind."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Final

import pytest

from tests.e2e.cli_process import auditail, command, environment, in_process
from tests.scanner_runs import PATIENCE_S, until

if TYPE_CHECKING:
    from pathlib import Path

EVENT = b'{"timestamp":"2026-01-27T10:30:00Z","event_type":"mcp.tool_call","agent_id":"zx-81"}\n'
_CLOSED: Final = -1


class Terminal:
    """A program on a pseudo-terminal of 120 by 40."""

    def __init__(self, *arguments: str, cwd: Path) -> None:
        """Start it."""
        self.master, self.slave = pty.openpty()
        self.seen = b""
        more = environment(COLUMNS="120", LINES="40")
        self.process = subprocess.Popen(
            command(*arguments),
            cwd=cwd,
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            env=more,
            start_new_session=True,
        )

    @property
    def is_full(self) -> bool:
        """Whether what nobody has read yet fills all there is between the program and its reader."""
        return not select.select([], [self.slave], [], 0)[1]

    def wait_for(self, text: bytes) -> None:
        """Read until the text has been written."""
        give_up = time.monotonic() + PATIENCE_S
        while text not in self.seen:
            assert time.monotonic() < give_up, self.seen[-2000:]
            if select.select([self.master], [], [], 0.2)[0]:
                self.seen += os.read(self.master, 65536)

    def end(self) -> int:
        """Drain what is written until the end; return the exit code."""
        give_up = time.monotonic() + PATIENCE_S
        while self.process.poll() is None and time.monotonic() < give_up:
            if select.select([self.master], [], [], 0.05)[0]:
                self.seen += os.read(self.master, 65536)
        return self.process.wait(timeout=PATIENCE_S)

    def close(self) -> None:
        """Make sure that it is gone."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.hang_up()

    def hang_up(self) -> None:
        """Let the terminal vanish. It is not the program's controlling one, so the system sends no signal."""
        for descriptor in {self.slave, self.master} - {_CLOSED}:
            os.close(descriptor)
        self.slave = self.master = _CLOSED


def processes_naming(text: str) -> list[str]:
    listed = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if text in line]


@pytest.mark.parametrize("end", ["q", "SIGHUP"])
def test_a_watched_folder_is_captured_and_leaving_ends_the_scanner(tmp_path: Path, end: str) -> None:
    (tmp_path / "events").mkdir()
    (tmp_path / "events/e.jsonl").write_bytes(EVENT)
    store = tmp_path / "s.db"
    terminal = Terminal("--watch", "events", "--store", str(store), cwd=tmp_path)
    try:
        terminal.wait_for(b"zx-81")
        if end == "q":
            os.write(terminal.master, b"q")
        else:
            terminal.process.send_signal(getattr(signal, end))
        assert terminal.end() == 0
    finally:
        terminal.close()
    assert b"Traceback" not in terminal.seen
    until(lambda: processes_naming(str(store)) == [])
    assert len(in_process("logs", "--store", str(store), "--format", "json", cwd=tmp_path).json()) == 1


def test_a_screen_that_nobody_reads_any_more_does_not_keep_it_alive(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    terminal = Terminal("demo", "--rate", "300", "--keep", str(kept), cwd=tmp_path)
    try:
        terminal.wait_for(b"following")
        until(lambda: terminal.is_full)
        time.sleep(2)  # what is drawn meanwhile fills the program's own queue, too
        os.killpg(terminal.process.pid, signal.SIGHUP)
        terminal.process.wait(timeout=PATIENCE_S)
        until(lambda: processes_naming(str(kept)) == [])
    finally:
        terminal.close()


def test_a_terminal_that_goes_without_a_signal_ends_it(tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    (tmp_path / "events").mkdir()
    terminal = Terminal("--store", str(store), "--watch", "events", cwd=tmp_path)
    try:
        terminal.wait_for(b"events")
        until(lambda: store.with_name("s.db.scanner.lock").exists())
        terminal.hang_up()
        terminal.process.wait(timeout=PATIENCE_S)
        until(lambda: processes_naming(str(store)) == [])
    finally:
        terminal.close()


def test_the_demo_shows_events_and_keeps_what_it_is_told_to(tmp_path: Path, home: Path) -> None:
    terminal = Terminal("demo", "--keep", "kept", "--rate", "50", cwd=tmp_path)
    try:
        terminal.wait_for(b"support-bot")
        os.write(terminal.master, b"q")
        assert terminal.end() == 0
    finally:
        terminal.close()
    kept = tmp_path / "kept/auditail.db"
    until(lambda: processes_naming(str(tmp_path)) == [])
    assert in_process("logs", "--store", str(kept), "--limit", "1", "--format", "jsonl", cwd=tmp_path).out
    assert not (home / ".local/share").exists()


def test_a_folder_that_is_not_there_is_named_before_anything_opens(tmp_path: Path) -> None:
    terminal = Terminal("--watch", "nowhere", cwd=tmp_path)
    try:
        assert terminal.end() == 2
        terminal.wait_for(b"auditail: there is no nowhere: create it, or correct the path")
    finally:
        terminal.close()


def test_headless_only_writes_files(tmp_path: Path, home: Path) -> None:
    answer = auditail(
        "demo", "--headless", "--events", "500", "--out", "out", "--span", "2d", "--seed", "3", cwd=tmp_path
    )
    assert answer.code == 0, answer.err
    assert sum(path.read_bytes().count(b"\n") for path in (tmp_path / "out").iterdir()) == 500
    assert not (home / ".local").exists()
    again = in_process("demo", "--headless", "--events", "500", "--out", "out", "--span", "2d", cwd=tmp_path)
    assert again.code == 2
    assert "exists already" in again.complaint()
