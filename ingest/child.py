"""How this package starts modules of its own as processes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import ingest


def command_of(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module with this interpreter; `-P` keeps the current directory out of its path."""
    return [sys.executable, "-P", "-m", module, *arguments]


def environment() -> dict[str, str]:
    """Return this process's environment in which, installed or not, our packages are found first."""
    package_root = str(Path(ingest.__file__).resolve().parent.parent)
    inherited = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (package_root, inherited)))}
