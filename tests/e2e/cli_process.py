"""The program as a real process, for tests: its own home, no terminal, text in and out."""

from __future__ import annotations

import contextlib
import ctypes
import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from cli.main import run as run_command

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).resolve().parent.parent.parent
TIMEOUT_S: Final = 60
_PR_CAPBSET_DROP: Final = 24
_CAP_DAC_OVERRIDE: Final = 1
_CAP_DAC_READ_SEARCH: Final = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """How a process ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Return standard output as JSON."""
        return orjson.loads(self.out)

    def complaint(self) -> str:
        """Return standard error, which must be exactly one line and no traceback."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("auditail: "), self.err
        return lines[0]


def environment(**more: str) -> dict[str, str]:
    """Return the test's environment (its home is the fixture's) with the checkout importable from anywhere."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "", **more}


def command(*arguments: str) -> list[str]:
    """Return the argument list that runs the program."""
    return [sys.executable, "-m", "cli", *arguments]


def auditail(*arguments: str, cwd: Path, given: bytes = b"", mere_mortal: bool = False, **more: str) -> Answer:
    """Run the program to its end in `cwd`, `given` on its standard input.

    The modes of files bind a `mere_mortal` even where the tests are run by root.
    """
    return run(command(*arguments), cwd=cwd, given=given, mere_mortal=mere_mortal, **more)


def in_process(*arguments: str, cwd: Path) -> Answer:
    """Run the program in this process: the same words and exit code, without the cost of a start.

    For what a test only prepares or looks up, and for errors that do not concern the process itself.
    """
    out, err = io.BytesIO(), io.BytesIO()
    with (
        contextlib.chdir(cwd),
        contextlib.redirect_stdout(io.TextIOWrapper(out, encoding="utf-8", write_through=True)),
        contextlib.redirect_stderr(io.TextIOWrapper(err, encoding="utf-8", write_through=True)),
    ):
        code = run_command(arguments)
        return Answer(code, out.getvalue().decode(), err.getvalue().decode())


def run(arguments: Sequence[str], *, cwd: Path, given: bytes = b"", mere_mortal: bool = False, **more: str) -> Answer:
    """Run any command to its end in the test's environment."""
    done = subprocess.run(
        list(arguments),
        cwd=cwd,
        input=given,
        capture_output=True,
        timeout=TIMEOUT_S,
        check=False,
        env=environment(**more),
        preexec_fn=_drop_root_powers if mere_mortal else None,
    )
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


def _drop_root_powers() -> None:
    """Give up root's power to read everything (Linux); others never had it."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
            libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
