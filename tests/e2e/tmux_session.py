"""The program in a real tmux, for journeys: press keys, read the screen."""

from __future__ import annotations

import shlex
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tests.e2e.cli_process import command, environment

PATIENCE_S: Final = 60.0
_LOOK_EVERY_S: Final = 0.05


class TmuxSession:
    """One program on a private tmux server of a fixed size; use as a context manager."""

    def __init__(self, *arguments: str, cwd: Path, size: tuple[int, int] = (160, 45)) -> None:
        """Start `auditail ARGUMENTS` in `cwd`."""
        self._socket = str(cwd / "tmux.sock")
        width, height = size
        more = environment(TERM="tmux-256color")
        self._tmux(
            "-f", "/dev/null", "new-session", "-d", "-s", "s", "-x", str(width), "-y", str(height), "-c", str(cwd),
            shlex.join(command(*arguments)), environment=more,
        )  # fmt: skip

    def press(self, *keys: str) -> None:
        """Press keys by their tmux names (`Enter`, `Escape`, `End`, `a`, …)."""
        self._tmux("send-keys", "-t", "s", *keys)

    def type_text(self, text: str) -> None:
        """Type a text letter by letter."""
        self._tmux("send-keys", "-t", "s", "-l", "--", text)

    def screen(self) -> str:
        """Return the screen's text."""
        return self._tmux("capture-pane", "-t", "s", "-p")

    def wait_for(self, *texts: str, without: str | None = None) -> str:
        """Return the screen once it shows all texts, and not `without`."""
        until = time.monotonic() + PATIENCE_S
        while True:
            screen = self.screen()
            if all(text in screen for text in texts) and (without is None or without not in screen):
                return screen
            assert time.monotonic() < until, f"no {texts} (without {without!r}) on this screen:\n{screen}"
            time.sleep(_LOOK_EVERY_S)

    def wait_for_end(self) -> None:
        """Wait until the program has ended by itself."""
        until = time.monotonic() + PATIENCE_S
        while self._run("has-session", "-t", "s").returncode == 0:
            assert time.monotonic() < until, self.screen()
            time.sleep(_LOOK_EVERY_S)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the server and whatever still runs in it."""
        self._run("kill-server")

    def _tmux(self, *arguments: str, environment: dict[str, str] | None = None) -> str:
        done = self._run(*arguments, environment=environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _run(self, *arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        asked = ["tmux", "-S", self._socket, *arguments]
        return subprocess.run(asked, capture_output=True, text=True, check=False, env=environment)
