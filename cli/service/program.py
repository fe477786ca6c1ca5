"""By which command this very program can be started later, from anywhere."""

from __future__ import annotations

import os
import re
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

import cli
from cli.problems import UsageProblem

if TYPE_CHECKING:
    from cli.service.plan import Command

_PASSING: Final = "archive-v0"
"""Where `uvx` unpacks a program for one run."""

_NEVER: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters, and what stands for bytes that are no text."""


def this_program() -> tuple[Command, dict[str, str]]:
    """Return the command that starts this program, and what must be in its environment.

    That is the absolute path of the script which an installer made, as it was called: a link in `~/.local/bin` stays
    right after an upgrade. From a checkout it is this interpreter with the checkout's packages.

    Raises:
        UsageProblem: the program stands where it is deleted after a while.
    """
    script = Path(os.path.abspath(sys.argv[0]))  # noqa: PTH100 (links stay as they are)
    if _PASSING in Path(os.path.realpath(script)).parts:
        raise UsageProblem(
            "this copy of auditail is deleted after a while: install it with `uv tool install`, then do this again"
        )
    if script.name == "auditail" and os.access(script, os.X_OK) and script.is_file():
        command, environment = (str(script),), dict[str, str]()
    else:
        command, environment = (sys.executable, "-P", "-m", "cli"), _where_packages_are()
    if re.search(r"[\"'\\]", command[0]):
        raise UsageProblem(f"systemd runs no program with quotes or a backslash in its path ({command[0]}): move it")
    return command, environment


def require_writable(*texts: str) -> None:
    """Check that paths can stand in the file of a service.

    Raises:
        UsageProblem: one has a control character, or is not text at all.
    """
    for text in texts:
        if _NEVER.search(text):
            raise UsageProblem(f"the path {text!a} has characters that a service's file cannot hold: name another one")


def _where_packages_are() -> dict[str, str]:
    try:
        version("auditail")
    except PackageNotFoundError:
        return {"PYTHONPATH": str(Path(cli.__file__).resolve().parent.parent)}
    return {}
