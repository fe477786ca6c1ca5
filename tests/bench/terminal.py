"""The real program on a real pseudo-terminal, and the moment at which each byte of it arrived."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
import threading
from bisect import bisect_left
from time import monotonic
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType


class Silence(TimeoutError):  # noqa: N818 (it names what happened)
    """What was waited for did not appear in time."""


class Terminal:
    """A program on a terminal of its own. Times are seconds of `time.monotonic`; positions count bytes of output."""

    def __init__(
        self, command: Sequence[str | Path], *, columns: int, rows: int, cwd: Path, env: Mapping[str, str]
    ) -> None:
        """Start the program at once."""
        self._output = bytearray()
        self._ends: list[int] = []
        self._times: list[float] = []
        self._arrived = threading.Condition()
        self._closed = False
        self._terminal, inside = pty.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.started = monotonic()
        self._process = subprocess.Popen(
            command, stdin=inside, stdout=inside, stderr=inside, cwd=cwd, env=env, start_new_session=True
        )
        os.close(inside)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                chunk = os.read(self._terminal, 65536)
            except OSError:  # the other side is gone; Linux says so with EIO
                chunk = b""
            now = monotonic()
            with self._arrived:
                if chunk:
                    self._output += chunk
                    self._ends.append(len(self._output))
                    self._times.append(now)
                self._closed = not chunk
                self._arrived.notify_all()
            if not chunk:
                return

    @property
    def position(self) -> int:
        """How many bytes have come so far."""
        with self._arrived:
            return len(self._output)

    def output(self, since: int = 0) -> bytes:
        """Return what has come from a position on."""
        with self._arrived:
            return bytes(self._output[since:])

    def send(self, keys: bytes) -> float:
        """Press keys; return when."""
        now = monotonic()
        os.write(self._terminal, keys)
        return now

    def wait_for(self, what: bytes, *, since: int = 0, timeout_s: float = 30.0) -> float:
        """Return when the last byte of `what` arrived, looking from a position on.

        Raises:
            Silence: it did not come in time, or the program ended without it.
        """
        deadline = monotonic() + timeout_s
        searched = since
        with self._arrived:
            while (found := self._output.find(what, searched)) < 0:
                searched = max(since, len(self._output) - len(what) + 1)
                if self._closed or not self._arrived.wait(deadline - monotonic()):
                    tail = bytes(self._output[max(since, len(self._output) - 600) :])
                    raise Silence(f"{what!r} did not appear; the last that came: {tail!r}")
            return self._times[bisect_left(self._ends, found + len(what))]

    def close(self) -> None:
        """End the program, politely, then by force; all that it has said until then is read."""
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(5)  # a child of the program may hold the terminal a little longer
        os.close(self._terminal)

    def __enter__(self) -> Self:
        """Return the terminal itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """End the program."""
        self.close()
