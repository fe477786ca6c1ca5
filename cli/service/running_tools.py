"""Giving commands to the system's manager of services, and reading its answers."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cli.service.plan import Command

_PATIENCE_S: Final = 90


class ToolFailedError(Exception):
    """A command could not be run or has failed; the text is one line that says which and why."""


def run(command: Command) -> str:
    """Run a command to its end and return what it printed.

    Raises:
        ToolFailedError: it is not there, failed, or did not end.
    """
    shown = " ".join(command)
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=_PATIENCE_S,
            check=False,
        )  # fmt: skip
    except OSError as error:
        raise ToolFailedError(f"{command[0]} cannot be run: {error.strerror or error}") from error
    except subprocess.TimeoutExpired as error:
        raise ToolFailedError(f"`{shown}` did not end within {_PATIENCE_S} seconds") from error
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).split()) or f"exit code {done.returncode}"
        raise ToolFailedError(f"`{shown}` failed: {said}")
    return done.stdout
