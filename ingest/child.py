"""How this package starts modules of its own as processes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import ingest
from detect.notify.command import DETECTION


def command_of(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module with this interpreter; `-P` keeps the current directory out of its path."""
    return [sys.executable, "-P", "-m", module, *arguments]


def environment(detection: str) -> dict[str, str]:
    """Return this process's environment in which, installed or not, our packages are found first.

    `detection` is what the process must know of alerts (`ingest.detecting`). It is not for a command line, which every
    user of the machine may read: there are addresses with tokens in it.
    """
    package_root = str(Path(ingest.__file__).resolve().parent.parent)
    inherited = os.environ.get("PYTHONPATH")
    found = os.pathsep.join(filter(None, (package_root, inherited)))
    return {**os.environ, "PYTHONPATH": found, DETECTION: detection}
